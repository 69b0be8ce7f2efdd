using OracleNode.Market;

namespace OracleNode.Configuration;

/// <summary>A published price.</summary>
public sealed class FeedOptions
{
    /// <summary>Short unique name, e.g. TSLA or TSLAx. 1 to 32 letters, digits, dots and dashes.</summary>
    public string Name { get; set; } = "";

    /// <summary>Share feed: ticker of the instrument. Empty for a token feed.</summary>
    public string Instrument { get; set; } = "";

    /// <summary>Token feed: name of the share feed its price is made from. Empty for a share feed.</summary>
    public string Underlying { get; set; } = "";

    /// <summary>Quote currency.</summary>
    public string Quote { get; set; } = "USD";

    /// <summary>What one unit buys: UnderlyingShare for a share feed, RawToken, UiToken or WrapperShare for a token feed.</summary>
    public FeedUnit Unit { get; set; }

    /// <summary>Token feed: the token as a CAIP-19 asset, e.g. solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:MINT.</summary>
    public string Token { get; set; } = "";

    /// <summary>Which defaults the rules start from.</summary>
    public PricingProfile Profile { get; set; } = PricingProfile.Stock;

    /// <summary>Deviations from the profile's rules.</summary>
    public PricingOptions Pricing { get; set; } = new();
}

/// <summary>Named defaults of the pricing rules.</summary>
public enum PricingProfile
{
    Unknown = 0,
    Stock,
    Etf,
}

/// <summary>Deviations from a profile, per session; what is left out stays as the profile has it.</summary>
public sealed class PricingOptions
{
    public SessionPricingOptions PreMarket { get; set; } = new();
    public SessionPricingOptions Regular { get; set; } = new();
    public SessionPricingOptions PostMarket { get; set; } = new();
    public SessionPricingOptions Overnight { get; set; } = new();

    /// <summary>Time constant of the moving average.</summary>
    public TimeSpan? EmaWindow { get; set; }

    /// <summary>How long a record may be relied on while the market is closed.</summary>
    public TimeSpan? ClosedMaxAge { get; set; }
}

/// <summary>The rules of one session; units and bounds are those of <see cref="Pricing.SessionPricing"/>.</summary>
public sealed class SessionPricingOptions
{
    public TimeSpan? QuoteFreshness { get; set; }
    public TimeSpan? TradeFreshness { get; set; }
    public int? SpreadCapBps { get; set; }
    public int? OutlierFloorBps { get; set; }
    public int? OutlierFloorTicks { get; set; }
    public int? OutlierCeilingBps { get; set; }
    public int? TwoUpstreamToleranceBps { get; set; }
    public int? ConfidenceCapBps { get; set; }
    public int? JumpLimitBps { get; set; }
    public TimeSpan? JumpConfirmation { get; set; }
    public int? EvidenceTierBps { get; set; }

    /// <summary><see cref="Pricing.SessionPricing.AverageEvidenceTierBps"/>.</summary>
    public int? EmaEvidenceTierBps { get; set; }

    public int? Quorum { get; set; }
    public int? WantedUpstreams { get; set; }
    public TimeSpan? MaxAge { get; set; }

    /// <summary>Names of the sources that may vote in this session; left out: those of the profile.</summary>
    public List<string>? Sources { get; set; }
}
