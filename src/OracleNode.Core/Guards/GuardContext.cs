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

    /// <summary>Something else than time speaks for the measured price.</summary>
    public bool HasEvidence
    {
        get
        {
            var limit = Pricing.JumpLimitBps;
            return IsNear(Inputs.ConfirmedPrice, limit) || IsCorporateActionPrice || Auctions.Evidence(Measured.Price, ObservedAt, Now, limit);
        }
    }

    /// <summary>The measured price is the one that a known corporate action makes of the one before.</summary>
    public bool IsCorporateActionPrice => IsNear(Inputs.CorporateActionPrice, Pricing.JumpLimitBps);

    private bool IsNear(Price expected, int limitBps) =>
        !expected.IsNone && !Bps.Exceeds(long.Abs(Measured.Price - expected.E8), expected.E8, limitBps);
}
