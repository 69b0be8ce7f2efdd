namespace OracleNode.Configuration;

/// <summary>Premium feed: which sources quote the token's own markets, and deviations from the rules; units and bounds are those of <see cref="Guards.PremiumSettings"/>.</summary>
public sealed class PremiumOptions
{
    /// <summary>Names of the sources that may speak of the token's own markets. At least as many upstreams as MinMarkets.</summary>
    public List<string> Sources { get; set; } = [];

    public TimeSpan? QuoteFreshness { get; set; }
    public int? MaxSpreadBps { get; set; }

    /// <summary>What must be bid for and offered near the best price at least, e.g. 1000; 0 asks for nothing, empty for the default.</summary>
    public string MinDepth { get; set; } = "";

    public int? MinMarkets { get; set; }
    public int? WantedMarkets { get; set; }
    public int? OutlierLimitBps { get; set; }

    /// <summary>At or below it nothing is published, e.g. 0.001; empty for the default.</summary>
    public string MinRatio { get; set; } = "";

    /// <summary>At or above it nothing is published, e.g. 1000; empty for the default.</summary>
    public string MaxRatio { get; set; } = "";

    public TimeSpan? AverageWindow { get; set; }
    public TimeSpan? MinLearning { get; set; }
    public TimeSpan? MaxAge { get; set; }
}

/// <summary>Currency feed: which sources read the currency, and deviations from the rules; units and bounds are those of <see cref="Guards.CurrencySettings"/>.</summary>
public sealed class CurrencyOptions
{
    /// <summary>Names of the sources that may speak of the currency. At least as many upstreams as MinUpstreams.</summary>
    public List<string> Sources { get; set; } = [];

    public TimeSpan? Freshness { get; set; }
    public int? MinUpstreams { get; set; }
    public int? WantedUpstreams { get; set; }
    public int? OutlierLimitBps { get; set; }
    public int? PegLimitBps { get; set; }

    /// <summary>At or below it nothing is published, e.g. 0.001; empty for the default.</summary>
    public string MinPrice { get; set; } = "";

    /// <summary>At or above it nothing is published, e.g. 1000; empty for the default.</summary>
    public string MaxPrice { get; set; } = "";

    public TimeSpan? AverageWindow { get; set; }
    public TimeSpan? MaxAge { get; set; }
}

/// <summary>Indicative feed: which premiums move it, and deviations from the rules; units and bounds are those of <see cref="Guards.IndicationSettings"/>.</summary>
public sealed class IndicationOptions
{
    /// <summary>Names of the premium feeds of the share's tokens. At least one; their sources have at least as many upstreams as MinMarkets.</summary>
    public List<string> Premiums { get; set; } = [];

    public int? MinMarkets { get; set; }
    public int? OutlierLimitBps { get; set; }
    public int? WeightBps { get; set; }
    public TimeSpan? DriftWindow { get; set; }
    public int? MaxFallBps { get; set; }
    public int? MaxRiseBps { get; set; }
    public int? ConfidenceFloorBps { get; set; }
    public int? ConfidencePerHourBps { get; set; }
    public TimeSpan? MaxAge { get; set; }
}
