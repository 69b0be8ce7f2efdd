namespace OracleNode.MarketData;

/// <summary>A ticker and the tape it is reported on.</summary>
internal sealed record MarketSymbol(string Name, Tape Tape)
{
    private static readonly HashSet<string> NasdaqListed =
        ["AAPL", "AMZN", "COIN", "GOOG", "GOOGL", "HOOD", "META", "MSFT", "MSTR", "NVDA", "QQQ", "TSLA"];

    private static readonly HashSet<string> ArcaListed = ["DIA", "GLD", "IWM", "SPY"];

    /// <summary>The symbol on the tape of its listing market; a ticker that is not known here counts as listed on NYSE.</summary>
    public static MarketSymbol Of(string name) =>
        new(name, NasdaqListed.Contains(name) ? Tape.C : ArcaListed.Contains(name) ? Tape.B : Tape.A);

    /// <summary>SIP letter of the listing market, where the auctions print.</summary>
    public char PrimaryVenue => Tape switch { Tape.A => 'N', Tape.B => 'P', _ => 'Q' };

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The consolidated tape a symbol is reported on: A is NYSE, B the other CTA markets, C Nasdaq (UTP).</summary>
internal enum Tape : byte
{
    A = 1,
    B = 2,
    C = 3,
}
