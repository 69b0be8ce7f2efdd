using OracleNode.Market;

namespace OracleNode.Configuration;

/// <summary>A published price.</summary>
public sealed class FeedOptions
{
    /// <summary>Short unique name, e.g. TSLA or TSLAx. 1 to 32 letters, digits, dots and dashes.</summary>
    public string Name { get; set; } = "";

    /// <summary>Share feed: ticker of the instrument. Empty for a token feed.</summary>
    public string Instrument { get; set; } = "";

    /// <summary>Token feed: name of the share feed its price is made from. Ratio and wrapper feed: name of the token feed. Empty for a share feed.</summary>
    public string Underlying { get; set; } = "";

    /// <summary>Quote currency: USD; for a token's price in another currency that one, Underlying then naming the token's feed in USD.</summary>
    public string Quote { get; set; } = "USD";

    /// <summary>What one unit buys: UnderlyingShare for a share feed, RawToken for a token feed, WrapperShare for a wrapper's; ReserveRatio for what covers a token.</summary>
    public FeedUnit Unit { get; set; }

    /// <summary>
    /// Token feed: the token as a CAIP-19 asset, e.g. solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:MINT. Wrapper feed: the wrapper, e.g. eip155:42161/erc20:0x....
    /// </summary>
    public string Token { get; set; } = "";

    /// <summary>Which defaults the rules start from.</summary>
    public PricingProfile Profile { get; set; } = PricingProfile.Stock;

    /// <summary>Deviations from the profile's rules.</summary>
    public PricingOptions Pricing { get; set; } = new();

    /// <summary>Share feed: other share feeds that it should move like. At most 3.</summary>
    public List<RelatedOptions> Related { get; set; } = [];

    /// <summary>Token feed: deviations from the rules by which a token follows its share.</summary>
    public TokenLimitsOptions TokenLimits { get; set; } = new();

    /// <summary>Currency feed: the currency, e.g. USDC.</summary>
    public string Currency { get; set; } = "";

    /// <summary>Premium feed (Underlying names the token feed): its markets and rules.</summary>
    public PremiumOptions Premium { get; set; } = new();

    /// <summary>Currency feed: its sources and rules.</summary>
    public CurrencyOptions CurrencyRules { get; set; } = new();

    /// <summary>Indicative feed (Underlying names the share feed): its premiums and rules.</summary>
    public IndicationOptions Indication { get; set; } = new();

    /// <summary>Wrapper feed: the rules of its rate.</summary>
    public WrapperFeedOptions Wrapper { get; set; } = new();

    /// <summary>Ratio feed: deviations from its rules.</summary>
    public ReserveFeedOptions Reserve { get; set; } = new();
}

/// <summary>Another share's feed that this one should move like; units and bounds are those of <see cref="Guards.RelatedFeed"/>.</summary>
public sealed class RelatedOptions
{
    /// <summary>Name of the other share's feed.</summary>
    public string Feed { get; set; } = "";

    /// <summary>How far apart the moves may lie. 1 to 10,000.</summary>
    public int ToleranceBps { get; set; }

    /// <summary>How much of the other's move this one should make, e.g. 300 or -100. -1,000 to 1,000, not 0.</summary>
    public int MovePercent { get; set; } = 100;
}

/// <summary>Deviations from the rules of a token's price; units and bounds are those of <see cref="Guards.TokenSettings"/>.</summary>
public sealed class TokenLimitsOptions
{
    public TimeSpan? MultiplierMaxAge { get; set; }
    public int? MultiplierStepBps { get; set; }
    public int? ContinuityBps { get; set; }
    public TimeSpan? ActivationLead { get; set; }
    public TimeSpan? StepSaidFor { get; set; }
    public int? SmallStepsPerDayBps { get; set; }
    public int? SmallStepsBps { get; set; }
    public TimeSpan? SmallStepsWindow { get; set; }
    public int? MinReserveRatioBps { get; set; }
    public int? DegradeReserveRatioBps { get; set; }
    public TimeSpan? ReserveMaxAge { get; set; }
    public int? MaxPegDeviationBps { get; set; }

    /// <summary>Currency whose peg is judged, e.g. USDC; empty for none.</summary>
    public string PegCurrency { get; set; } = "";
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

    /// <summary>A price at or below it is never published, e.g. 0.50; empty for no bound.</summary>
    public string MinPrice { get; set; } = "";

    /// <summary>A price at or above it is never published; empty for no bound.</summary>
    public string MaxPrice { get; set; } = "";

    /// <summary>How long after a resume only two-sided quotes of the quorum reopen the feed; afterwards any quorum does where the reopening print is known.</summary>
    public TimeSpan? ResumeGuard { get; set; }

    /// <summary>How far the first price after a start may lie from the one on chain. 1 to 10,000.</summary>
    public int? ActivationLimitBps { get; set; }

    /// <summary>A price on chain older than this tells nothing of the configuration.</summary>
    public TimeSpan? ActivationMaxAge { get; set; }

    /// <summary>When a source that is wrong loses its vote.</summary>
    public BreakerOptions Breaker { get; set; } = new();
}

/// <summary>When a source that is wrong loses its vote, and how it gets it back; bounds are those of <see cref="Pricing.BreakerSettings"/>.</summary>
public sealed class BreakerOptions
{
    public int? Strikes { get; set; }
    public TimeSpan? Window { get; set; }
    public TimeSpan? MinSpan { get; set; }
    public int? GoodWords { get; set; }
    public TimeSpan? Probation { get; set; }
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
    public int? CloseJumpLimitBps { get; set; }

    /// <summary><see cref="Pricing.SessionPricing.AverageJumpLimitBps"/>.</summary>
    public int? EmaJumpLimitBps { get; set; }

    public int? PrintBoundBps { get; set; }
    public TimeSpan? FrozenAfter { get; set; }
    public TimeSpan? OpeningGuard { get; set; }
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
