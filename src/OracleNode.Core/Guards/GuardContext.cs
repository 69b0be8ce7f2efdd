using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>Everything a guard may look at, at one tick. One instance per feed, refilled at each tick; the guards change nothing in it.</summary>
internal sealed class GuardContext(PricingSettings settings, Ballot ballot, HaltWatch halts, JumpRule jumps, AuctionPrints auctions)
{
    public PricingSettings Settings { get; } = settings;
    public Ballot Ballot { get; } = ballot;
    public HaltWatch Halts { get; } = halts;
    public JumpRule Jumps { get; } = jumps;
    public AuctionPrints Auctions { get; } = auctions;

    public GuardInputs Inputs;

    /// <summary>What the rules over several feeds have against this one.</summary>
    public CrossFinding Finding;
    public OperatorLatch Latch;
    public Instant Now { get; set; }
    public SessionInfo Session;

    /// <summary>The session's rules; null out of session. The guards that judge votes or a price run with rules only.</summary>
    public SessionPricing? Rules { get; set; }

    /// <summary>What the votes say; only once there is a quorum.</summary>
    public PriceMeasurement Measured;

    /// <summary>Last published <c>observedAt</c>; null when nothing was ever published.</summary>
    public Instant? ObservedAt { get; set; }

    public JumpReferences References;

    /// <summary>The corporate action that the last price is from before of; none otherwise. <see cref="References"/> are then what it makes of them.</summary>
    public PendingAction Action;

    /// <summary>
    /// A corporate action that is known and may not explain a price, since only one kind of witness tells of it or its date is another, and that would make the
    /// measured price of the last one; none otherwise.
    /// </summary>
    public PendingAction Suspected;

    /// <summary>When the trade date began; null where nobody says. Splits come between two trade dates.</summary>
    public Instant? TradeDateFrom { get; set; }

    /// <summary>The last published price as it was published, 1e-8 units.</summary>
    public long Before { get; set; }

    /// <summary>Absolute bounds of the moment, 1e-8 units; 0 for none.</summary>
    public long MinPriceE8 { get; set; }

    /// <summary>See <see cref="MinPriceE8"/>.</summary>
    public long MaxPriceE8 { get; set; }

    /// <summary>When the session opened, while it never yet had a quorum; null otherwise.</summary>
    public Instant? OpeningSince { get; set; }

    /// <summary>When the session opened in sight of this node; null when it was found open.</summary>
    public Instant? OpenedAt { get; set; }

    /// <summary>The price on chain at the start until a first one was published; none otherwise.</summary>
    public Price OnChain { get; set; }

    /// <summary>The rules of a guard that runs in a session only.</summary>
    public SessionPricing Pricing => Rules!;

    /// <summary>Upstreams that may vote in this session, whether or not they do.</summary>
    public int PossibleUpstreams { get; set; }

    /// <summary>False where the sources configured for this session could never make a quorum: then it is held, not reopening.</summary>
    public bool IsQuorumPossible => PossibleUpstreams >= Pricing.Quorum;

    public ReadOnlySpan<Vote> Votes => Ballot.Votes;

    /// <summary>The opening print of this session was seen, or the session was found open.</summary>
    public bool HasOpened => OpenedAt is not { } opened || Auctions.OpenedAt >= opened;

    /// <summary>An auction's print from after the last halt is known by more than one vendor's word.</summary>
    public bool HasReopened => Halts.ResumedAt is { } resumed && Auctions.TryConfirm(resumed, Measured.Price, Pricing.TwoUpstreamToleranceBps, out _);

    /// <summary>Something else than time speaks for the measured price.</summary>
    public bool HasEvidence
    {
        get
        {
            var limit = Pricing.JumpLimitBps;
            return IsConfirmed || IsActionPrice || (!MayBeSplit && Auctions.Evidence(Measured.Price, ObservedAt, Now, limit));
        }
    }

    /// <summary>
    /// The move from the last published price may be a split, of which an auction tells nothing: it would have the same print. One that is known of and not proven, or one
    /// that nobody told of: a move from an earlier trade date that is near a usual ratio.
    /// </summary>
    public bool MayBeSplit => Suspected.IsDue || (ObservedAt < TradeDateFrom && SplitRatios.IsNear(Measured.Price, Before));

    /// <summary>The measured price is the one that an operator confirms.</summary>
    public bool IsConfirmed => IsNear(Inputs.ConfirmedPrice, Pricing.JumpLimitBps);

    /// <summary>The measured price is the one that a proven corporate action makes of the one before.</summary>
    public bool IsActionPrice => Action.IsProven && Action.Explains(Measured.Price, Before);

    /// <summary>The action moves the price by no more than a market may on its own: the rules for jumps judge what is left of the move.</summary>
    public bool IsActionOrdinary => Action.IsProven && Action.IsPriced && Action.StepOf(Before) is { IsNone: false } step && !step.IsBeyond(PendingAction.OrdinaryStepBps);

    private bool IsNear(Price expected, int limitBps) =>
        !expected.IsNone && !Bps.Exceeds(long.Abs(Measured.Price - expected.E8), expected.E8, limitBps);
}
