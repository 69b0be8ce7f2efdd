namespace OracleNode.Configuration;

/// <summary>A listed security: identified by FIGI and listing market, its ticker is an alias.</summary>
public sealed class InstrumentOptions
{
    /// <summary>Ticker that the vendors use today.</summary>
    public string Ticker { get; set; } = "";

    /// <summary>Composite or share-class FIGI, 12 characters.</summary>
    public string Figi { get; set; } = "";

    /// <summary>ISIN, 12 characters, or empty.</summary>
    public string Isin { get; set; } = "";

    /// <summary>ISO 10383 code of the listing market, e.g. XNAS.</summary>
    public string ListingMic { get; set; } = "";

    /// <summary>Tier of the limit-up limit-down plan: 1 (S&amp;P 500, Russell 1000, exchange-traded products), 2 (other NMS stocks), 0 for no computed band.</summary>
    public int LuldTier { get; set; }

    /// <summary>Leverage of a leveraged or inverse exchange-traded product in per cent (200 for twice), by which the plan widens its band; 100 for any other. 100 to 500.</summary>
    public int LuldLeveragePercent { get; set; } = 100;

    /// <summary>First New York date on which the ticker names the instrument (yyyy-MM-dd); empty for open.</summary>
    public string TickerValidFrom { get; set; } = "";

    /// <summary>Last such date; empty for open.</summary>
    public string TickerValidTo { get; set; } = "";

    /// <summary>Further tickers that name it, or named it, with their dates. At most 7.</summary>
    public List<TickerOptions> Tickers { get; set; } = [];
}

/// <summary>A ticker and the New York trade dates on which it names the instrument.</summary>
public sealed class TickerOptions
{
    /// <summary>As the vendors write it.</summary>
    public string Ticker { get; set; } = "";

    /// <summary>First date (yyyy-MM-dd); empty for open.</summary>
    public string ValidFrom { get; set; } = "";

    /// <summary>Last date; empty for open.</summary>
    public string ValidTo { get; set; } = "";
}
