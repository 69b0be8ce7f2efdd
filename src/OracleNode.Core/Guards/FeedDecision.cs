using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// What a feed says at one tick, and why. One instance per feed, overwritten by the next tick: read it before, or copy what you need.
/// </summary>
public sealed class FeedDecision
{
    internal FeedDecision(Ballot? evidence) => Evidence = evidence;

    /// <summary>Where the inputs are; a token's is its underlying's.</summary>
    internal Ballot? Evidence { get; set; }

    /// <summary>Where the inputs are when there is no ballot of shares.</summary>
    internal InputVerdict[]? Words { get; set; }

    /// <summary>True for a token whose balances carry the multiplier already: its price is the share's, whatever <see cref="Multiplier"/> is.</summary>
    public bool IsPricedByTheShare { get; internal set; }

    /// <summary>True for a price that starts from another one (an indication): <see cref="ActivationAt"/> is the time of <see cref="Underlying"/>.</summary>
    public bool HasBasis { get; internal set; }

    /// <summary>When it was decided.</summary>
    public Instant DecidedAt { get; internal set; }

    public FeedState State { get; internal set; }

    /// <summary>The state of the tick before; at the first the restored one, or Unknown.</summary>
    public FeedState PreviousState { get; internal set; }

    /// <summary>The rule that decided.</summary>
    public DecisionReason Reason { get; internal set; }

    public HoldReasons HoldReasons { get; internal set; }
    public MarketSession Session { get; internal set; }
    public ClosedReason ClosedReason { get; internal set; }

    /// <summary>The halt while the listing market or at least two upstreams say so, in whatever state.</summary>
    public HaltReason HaltReason { get; internal set; }

    /// <summary>When the session changes; null when the calendar does not know.</summary>
    public Instant? NextChangeAt { get; internal set; }

    /// <summary>How long after its attestation a record of this decision may be relied on.</summary>
    public Duration MaxAge { get; internal set; }

    /// <summary>False until there was a good price once: then nothing may be published.</summary>
    public bool HasPrice => !Price.IsNone;

    /// <summary>True when the price was measured at this tick (Live, Degraded); otherwise it is the last good one.</summary>
    public bool IsFresh => State is FeedState.Live or FeedState.Degraded;

    /// <summary>The price, or the last good one.</summary>
    public Price Price { get; internal set; }

    /// <summary>Confidence of <see cref="Price"/> in 1e-8 units.</summary>
    public long ConfidenceE8 { get; internal set; }

    /// <summary>Pooled bid of <see cref="Price"/>; none when only prints voted.</summary>
    public Price Bid { get; internal set; }

    /// <summary>Pooled ask of <see cref="Price"/>; none when only prints voted.</summary>
    public Price Ask { get; internal set; }

    /// <summary>Moving average over Live time; none until there is a price.</summary>
    public Price Ema { get; internal set; }

    /// <summary>
    /// The oldest observation that contributed to <see cref="Price"/>, in whole milliseconds, rounded down. Never moves back, never lies ahead of
    /// <see cref="DecidedAt"/> of the tick that set it; never newer than the oldest contribution (it may be older, by at most
    /// <see cref="PricingSettings.CatchUp"/> behind now, while a late upstream is waited for).
    /// </summary>
    public Instant ObservedAt { get; internal set; }

    /// <summary>Sources whose word stands behind the price now: 0 while it is only the last good one.</summary>
    public int SourcesUsed { get; internal set; }

    /// <summary>Sources whose word was refused at this tick.</summary>
    public int SourcesRejected { get; internal set; }

    /// <summary>Distinct upstreams that stand behind the price now: 0 while it is only the last good one.</summary>
    public int Upstreams { get; internal set; }

    /// <summary>How many upstreams the feed can lose before it holds.</summary>
    public RedundancyLevel Redundancy { get; internal set; }

    /// <summary>Sources whose words are recorded without a vote, because they were wrong too often.</summary>
    public int QuarantinedSources { get; internal set; }

    /// <summary>The last official close; none when it is not known.</summary>
    public Price OfficialClose { get; internal set; }

    /// <summary>What the votes said at this tick, whether or not it was published; none when there were none. None for a token.</summary>
    public Price Measured { get; internal set; }

    /// <summary>How far <see cref="Measured"/> is from the last good price, in bps of it, towards zero; 0 when either is missing.</summary>
    public int MeasuredMoveBps { get; internal set; }

    /// <summary>For a token: the multiplier of <see cref="Price"/>; none for a share.</summary>
    public Multiplier Multiplier { get; internal set; }

    /// <summary>For a token: the staged multiplier; none when nothing is staged.</summary>
    public Multiplier NextMultiplier { get; internal set; }

    /// <summary>
    /// For a token: when the staged multiplier applies. When nothing is staged: since when the multiplier is of after its last large step, for
    /// <see cref="TokenSettings.StepSaidFor"/>; null when there was none.
    /// </summary>
    public Instant? ActivationAt { get; internal set; }

    /// <summary>For a token: the share price that <see cref="Price"/> was made from; none for a share.</summary>
    public Price Underlying { get; internal set; }

    /// <summary>For a reserve ratio: the newest amounts that are known, whether or not their ratio is published; null for any other feed.</summary>
    public ReserveAmounts? Reserve { get; internal set; }

    /// <summary>For a share: the corporate action that its price has taken last. None for what is made from a share.</summary>
    public AcceptedAction LastAction { get; internal set; }

    /// <summary>Every source's part in this decision. A token's are those of its underlying.</summary>
    public ReadOnlySpan<InputVerdict> Inputs => Evidence is null ? Words : Evidence.Verdicts;
}
