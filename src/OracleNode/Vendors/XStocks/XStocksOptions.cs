namespace OracleNode.Vendors.XStocks;

/// <summary>The public API of the issuer of the xStocks. It has no key.</summary>
public sealed class XStocksOptions
{
    /// <summary>Whether it is asked for coming corporate actions.</summary>
    public bool CorporateActions { get; set; }

    /// <summary>Its address; empty for the issuer's own.</summary>
    public string Url { get; set; } = "";

    /// <summary>Its tokens that stand for configured instruments, e.g. TSLAx for TSLA.</summary>
    public List<SymbolOptions> Symbols { get; set; } = [];

    /// <summary>How often it is asked, a fifth to either side. 1 s to 1 day.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an answer may take. 100 ms to 1 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    internal Uri? Address => Uri.TryCreate(Url.Length == 0 ? "https://api.xstocks.fi/api/v2" : Url, UriKind.Absolute, out var url) ? url : null;

    /// <summary>Every error, with key, value and what would be right.</summary>
    /// <param name="instruments">Names of the configured instruments.</param>
    public IEnumerable<string> Validate(string key, IReadOnlySet<string> instruments)
    {
        if (!CorporateActions) yield break;
        if (Address is not { } url || !(url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)))
            yield return $"{key}:Url = '{Url}': must begin with https:// (http:// only on this machine), because anybody on the way could announce a split.";
        if (Symbols.Count == 0) yield return $"{key}:Symbols is empty: name at least one token and its instrument.";
        for (var i = 0; i < Symbols.Count; i++)
        {
            if (!instruments.Contains(Symbols[i].Instrument)) yield return $"{key}:Symbols:{i}:Instrument = '{Symbols[i].Instrument}': no such instrument is configured.";
            if (!SymbolTable.IsWritable(Symbols[i].Symbol) || Symbols.FindIndex(s => s.Symbol == Symbols[i].Symbol) != i)
                yield return $"{key}:Symbols:{i}:Symbol = '{Symbols[i].Symbol}': must be the token's symbol, such as TSLAx, and occur once.";
        }

        if (Period < TimeSpan.FromSeconds(1) || Period > TimeSpan.FromDays(1)) yield return $"{key}:Period = '{Period}': must be 00:00:01 to 1.00:00:00.";
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(1)) yield return $"{key}:Timeout = '{Timeout}': must be 00:00:00.1 to 00:01:00.";
    }
}
