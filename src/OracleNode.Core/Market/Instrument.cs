using NodaTime;

namespace OracleNode.Market;

/// <summary>
/// A listed security, identified by FIGI and listing market. A ticker is only an alias that is valid for a time.
/// </summary>
/// <param name="Figi">Share-class FIGI, 12 characters.</param>
/// <param name="Isin">ISIN, or null.</param>
/// <param name="ListingMic">ISO 10383 code of the listing market (XNAS, XNYS, ARCX).</param>
/// <param name="Tickers">Aliases with validity.</param>
public sealed record Instrument(string Figi, string? Isin, string ListingMic, IReadOnlyList<TickerAlias> Tickers)
{
    /// <summary>The identity that goes into feed ids: <c>figi:FIGI@MIC</c>.</summary>
    public string Identity => $"figi:{Figi}@{ListingMic}";
}

/// <summary>A ticker and the dates (New York) on which it names the instrument; null bounds are open.</summary>
public sealed record TickerAlias(string Ticker, LocalDate? ValidFrom, LocalDate? ValidTo);
