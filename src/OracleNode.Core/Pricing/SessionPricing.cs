using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>The rules of pricing and of the first guards in one session of one feed. Bps are 1/10,000.</summary>
public sealed record SessionPricing
{
    /// <summary>No limit in bps may be above this.</summary>
    public const int MaxBps = 10_000;

    /// <summary>No age may be above this.</summary>
    public static Duration MaxDuration { get; } = Duration.FromDays(7);

    /// <summary>How old, by event time, a quote may be and still vote.</summary>
    public required Duration QuoteFreshness { get; init; }

    /// <summary>How old, by event time, a trade may be and still vote (where its upstream has no quote that votes).</summary>
    public required Duration TradeFreshness { get; init; }

    /// <summary>A quote whose spread is above this part of its mid does not vote. 1 to 10,000.</summary>
    public required int SpreadCapBps { get; init; }

    /// <summary>A vote this near to the median is never an outlier. 0 to 10,000.</summary>
    public required int OutlierFloorBps { get; init; }

    /// <summary>Nor is one this many price increments near (0.01; 0.0001 below one dollar). 0 to 100.</summary>
    public int OutlierFloorTicks { get; init; } = 2;

    /// <summary>However wide the votes lie, one farther than this from the median is an outlier, unless within the floor. 1 to 10,000.</summary>
    public int OutlierCeilingBps { get; init; } = 100;

    /// <summary>
    /// A print farther than this outside of what the other upstreams quote does not stand behind a price, where those who quote are at least two and more
    /// than half of the voters. 1 to 10,000.
    /// </summary>
    public int PrintBoundBps { get; init; } = 100;

    /// <summary>A quote that repeats its value under new stamps for this long, while all others have moved away, does not stand behind a price. At least one second.</summary>
    public Duration FrozenAfter { get; init; } = Duration.FromMinutes(5);

    /// <summary>Two upstreams (or the two middle ones of an even number) farther apart than this disagree: the feed holds. 1 to 10,000.</summary>
    public required int TwoUpstreamToleranceBps { get; init; }

    /// <summary>The feed holds while the confidence is above this part of the price. 1 to 10,000.</summary>
    public required int ConfidenceCapBps { get; init; }

    /// <summary>A price farther than this from the last accepted one is a jump and needs confirmation. 1 to 10,000.</summary>
    public required int JumpLimitBps { get; init; }

    /// <summary>A price farther than this from the last official close, where it is known, needs confirmation too. 1 to 10,000.</summary>
    public int CloseJumpLimitBps { get; init; } = 1_500;

    /// <summary>A price farther than this from the moving average needs confirmation too. 1 to 10,000.</summary>
    public int AverageJumpLimitBps { get; init; } = 1_500;

    /// <summary>How long each upstream of the quorum must have stood beyond the jump limit.</summary>
    public required Duration JumpConfirmation { get; init; }

    /// <summary>A jump above this is never confirmed by time alone. At least <see cref="JumpLimitBps"/>, at most 1,000,000.</summary>
    public required int EvidenceTierBps { get; init; }

    /// <summary>
    /// What a price may move in small steps: one farther than this from the moving average (which starts anew where evidence spoke for a price) is never confirmed by
    /// time alone either. At 10,000 that is what more than doubles, and no fall. At least <see cref="AverageJumpLimitBps"/>, at most 1,000,000.
    /// </summary>
    public int AverageEvidenceTierBps { get; init; } = 10_000;

    /// <summary>
    /// For this long after the session has opened only two-sided quotes of the quorum, given since then, open the feed; afterwards any quorum does. Zero asks
    /// for no quotes.
    /// </summary>
    public Duration OpeningGuard { get; init; } = Duration.FromSeconds(30);

    /// <summary>Distinct upstreams without which there is no price. 1 to 255.</summary>
    public required int Quorum { get; init; }

    /// <summary>Distinct upstreams below which the feed is Degraded. At least <see cref="Quorum"/>, at most 255.</summary>
    public required int WantedUpstreams { get; init; }

    /// <summary>True where the session is Degraded however many upstreams there are.</summary>
    public bool AlwaysDegraded { get; init; }

    /// <summary>The sources that may vote in this session; null allows every source, an empty list none.</summary>
    public IReadOnlyList<SourceId>? AllowedSources { get; init; }

    /// <summary>How long after its attestation a record of this session may be relied on. Whole seconds, at least one.</summary>
    public required Duration MaxAge { get; init; }

    /// <summary>How far a vote may lie from this price and be no outlier whatever the others say; 1e-8 units.</summary>
    internal long OutlierFloor(long price) => long.Max(Bps.OfRoundUp(price, OutlierFloorBps), OutlierFloorTicks * PriceIncrement.Of(price));

    /// <summary>Checks every bound.</summary>
    /// <param name="session">Name of the session, for the message.</param>
    /// <param name="problems">Takes every value that is outside its range, with member, value and range.</param>
    internal void Check(string session, ICollection<string> problems)
    {
        Bounds.Note(problems, session, nameof(QuoteFreshness), QuoteFreshness, Duration.FromMilliseconds(1), MaxDuration);
        Bounds.Note(problems, session, nameof(TradeFreshness), TradeFreshness, Duration.FromMilliseconds(1), MaxDuration);
        Bounds.Note(problems, session, nameof(SpreadCapBps), SpreadCapBps, 1, MaxBps);
        Bounds.Note(problems, session, nameof(OutlierFloorBps), OutlierFloorBps, 0, MaxBps);
        Bounds.Note(problems, session, nameof(OutlierFloorTicks), OutlierFloorTicks, 0, 100);
        Bounds.Note(problems, session, nameof(OutlierCeilingBps), OutlierCeilingBps, 1, MaxBps);
        Bounds.Note(problems, session, nameof(PrintBoundBps), PrintBoundBps, 1, MaxBps);
        Bounds.Note(problems, session, nameof(FrozenAfter), FrozenAfter, Duration.FromSeconds(1), MaxDuration);
        Bounds.Note(problems, session, nameof(TwoUpstreamToleranceBps), TwoUpstreamToleranceBps, 1, MaxBps);
        Bounds.Note(problems, session, nameof(ConfidenceCapBps), ConfidenceCapBps, 1, MaxBps);
        Bounds.Note(problems, session, nameof(JumpLimitBps), JumpLimitBps, 1, MaxBps);
        Bounds.Note(problems, session, nameof(CloseJumpLimitBps), CloseJumpLimitBps, 1, MaxBps);
        Bounds.Note(problems, session, nameof(AverageJumpLimitBps), AverageJumpLimitBps, 1, MaxBps);
        Bounds.Note(problems, session, nameof(OpeningGuard), OpeningGuard, Duration.Zero, Duration.FromHours(1));
        Bounds.Note(problems, session, nameof(JumpConfirmation), JumpConfirmation, Duration.Zero, MaxDuration);
        Bounds.Note(problems, session, nameof(EvidenceTierBps), EvidenceTierBps, JumpLimitBps, 100 * MaxBps);
        Bounds.Note(problems, session, nameof(AverageEvidenceTierBps), AverageEvidenceTierBps, AverageJumpLimitBps, 100 * MaxBps);
        Bounds.Note(problems, session, nameof(Quorum), Quorum, 1, 255);
        Bounds.Note(problems, session, nameof(WantedUpstreams), WantedUpstreams, Quorum, 255);
        Bounds.Note(problems, session, nameof(MaxAge), MaxAge, Duration.FromSeconds(1), MaxDuration);
    }
}
