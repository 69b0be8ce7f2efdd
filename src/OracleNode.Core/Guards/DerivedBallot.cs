using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>What every feed that is made from few words of markets has to keep to.</summary>
public static class DerivedLimits
{
    /// <summary>Most sources of one feed.</summary>
    public const int MaxSources = 32;
}

/// <summary>One upstream's word on a derived number, in 1e-8 units.</summary>
internal struct DerivedVote
{
    /// <summary>Place of the source among the feed's.</summary>
    public int Slot;
    public UpstreamId Upstream;
    public long Value;
    public long Low;
    public long High;

    /// <summary>The oldest thing that the word was made from.</summary>
    public Instant At;

    /// <summary>Lies within the outlier limit of the median.</summary>
    public bool IsAccepted;
}

/// <summary>What the votes of one moment say. All in 1e-8 units.</summary>
/// <param name="Value">Median of all votes, rounded down; 0 when there are none.</param>
/// <param name="Low">Median of their lower ends, rounded down.</param>
/// <param name="High">Median of their upper ends, rounded up.</param>
/// <param name="ConfidenceE8">
/// Half-width that reaches the farthest end of every accepted vote, every word that another of the same upstream stands before, and every median that is left when
/// one vote is not there.
/// </param>
/// <param name="Accepted">Votes within the outlier limit.</param>
/// <param name="MiddlesDisagree">Their number is even and the two middle ones are farther apart than the outlier limit.</param>
/// <param name="Oldest">The oldest that contributed.</param>
internal readonly record struct DerivedMeasurement(long Value, long Low, long High, long ConfidenceE8, int Accepted, bool MiddlesDisagree, Instant Oldest);

/// <summary>
/// One vote per upstream, a verdict for every source, and their median: for feeds that are made from few words of markets that have no session of their own.
/// One instance per feed, refilled at each tick: nothing is allocated. Not more than <see cref="MaxSources"/> sources.
/// </summary>
internal sealed class DerivedBallot
{
    /// <summary>Most sources of one feed.</summary>
    public const int MaxSources = DerivedLimits.MaxSources;

    private readonly Source[] _sources;
    private readonly InputVerdict[] _verdicts;
    private readonly DerivedVote[] _votes;
    private readonly long[] _sorted;
    private readonly long[] _scratch;
    private long _widest;

    public DerivedBallot(IReadOnlyList<Source> sources)
    {
        if (sources.Count is 0 or > MaxSources) throw new ArgumentException($"{sources.Count} sources; a feed of this kind has 1 to {MaxSources}.", nameof(sources));
        _sources = [.. sources];
        _verdicts = new InputVerdict[_sources.Length];
        _votes = new DerivedVote[_sources.Length];
        _sorted = new long[_sources.Length];
        _scratch = new long[_sources.Length];
        Begin();
    }

    /// <summary>Every source's verdict, in their order.</summary>
    public InputVerdict[] Verdicts => _verdicts;

    /// <summary>The votes, one per upstream that has one.</summary>
    public ReadOnlySpan<DerivedVote> Votes => _votes.AsSpan(0, Count);

    /// <summary>Number of votes.</summary>
    public int Count { get; private set; }

    /// <summary>An upstream has no vote only because its word is older than what was published.</summary>
    public bool HasLaggard { get; private set; }

    /// <summary>Something was said, and all of it is stale.</summary>
    public bool AllStale { get; private set; }

    /// <summary>No vote, and somebody quotes too wide or too thin.</summary>
    public bool AnyTooWide { get; private set; }

    /// <summary>Sources whose word was refused.</summary>
    public int RejectedCount { get; private set; }

    /// <summary>The place of a source that the feed knows with that upstream; -1 for any other.</summary>
    public int SlotOf(SourceId source, UpstreamId upstream)
    {
        for (var i = 0; i < _sources.Length; i++)
            if (_sources[i].Id == source)
                return _sources[i].Upstream == upstream ? i : -1;
        return -1;
    }

    /// <summary>Empties it.</summary>
    public void Begin()
    {
        (Count, _widest) = (0, 0);
        for (var i = 0; i < _sources.Length; i++)
            _verdicts[i] = new InputVerdict(_sources[i].Id, _sources[i].Upstream, InputReason.NoData, ObservationKind.None, default, default, default, NodaConstants.UnixEpoch);
    }

    /// <summary>A word that does not vote.</summary>
    public void Refuse(int slot, InputReason reason, in InputVerdict said) => _verdicts[slot] = said with { Source = _sources[slot].Id, Upstream = _sources[slot].Upstream, Reason = reason };

    /// <summary>A word that votes, unless a newer one of the same upstream does.</summary>
    /// <param name="slot">The source.</param>
    /// <param name="vote">The vote; its source and upstream are filled in.</param>
    /// <param name="said">What is shown of it.</param>
    public void Take(int slot, DerivedVote vote, in InputVerdict said)
    {
        (vote.Slot, vote.Upstream) = (slot, _sources[slot].Upstream);
        Refuse(slot, InputReason.NotPublished, said);
        for (var i = 0; i < Count; i++)
        {
            if (_votes[i].Upstream != vote.Upstream) continue;
            _widest = long.Max(_widest, long.Abs(_votes[i].Value - vote.Value));
            if (_votes[i].At >= vote.At)
            {
                _verdicts[slot] = _verdicts[slot] with { Reason = InputReason.Superseded };
                return;
            }

            ref var before = ref _verdicts[_votes[i].Slot];
            before = before with { Reason = InputReason.Superseded };
            _votes[i] = vote;
            return;
        }

        _votes[Count++] = vote;
    }

    /// <summary>Counts what was refused, once all words are in.</summary>
    public void Close()
    {
        (RejectedCount, HasLaggard, AnyTooWide) = (0, false, false);
        var (said, stale) = (0, 0);
        foreach (ref readonly var verdict in _verdicts.AsSpan())
        {
            if (verdict.Reason == InputReason.NoData) continue;
            said++;
            if (verdict.Reason == InputReason.Stale) stale++;
            if (verdict.IsRejected) RejectedCount++;
            AnyTooWide |= verdict.Reason is InputReason.SpreadTooWide or InputReason.StubQuote;
            HasLaggard |= verdict.Reason == InputReason.OlderThanPublished && !HasVote(verdict.Upstream);
        }

        AllStale = said > 0 && stale == said;
    }

    /// <summary>The median of the votes and how far it can be wrong.</summary>
    /// <param name="outlierLimitBps">Farther from the median a vote does not stand behind it.</param>
    public DerivedMeasurement Measure(int outlierLimitBps)
    {
        if (Count == 0) return default;
        var votes = _votes.AsSpan(0, Count);
        var sorted = _sorted.AsSpan(0, Count);
        for (var i = 0; i < sorted.Length; i++) sorted[i] = votes[i].Low;
        SmallSort.Ascending(sorted);
        var low = Median.RoundDown(sorted);
        for (var i = 0; i < sorted.Length; i++) sorted[i] = votes[i].High;
        SmallSort.Ascending(sorted);
        var high = Median.RoundUp(sorted);
        for (var i = 0; i < sorted.Length; i++) sorted[i] = votes[i].Value;
        SmallSort.Ascending(sorted);
        var value = Median.RoundDown(sorted);
        var width = long.Max(_widest, LeaveOneOut(sorted, value, outlierLimitBps));
        var (accepted, oldest) = (0, Instant.MaxValue);
        foreach (ref var vote in votes)
        {
            oldest = Instant.Min(oldest, vote.At);
            vote.IsAccepted = Bps.SideBeyond(vote.Value, value, outlierLimitBps) == 0;
            if (!vote.IsAccepted) continue;
            accepted++;
            width = long.Max(width, long.Max(value - vote.Low, vote.High - value));
        }

        var disagree = Count % 2 == 0 && Bps.Exceeds(sorted[Count / 2] - sorted[(Count / 2) - 1], value, outlierLimitBps);
        return new DerivedMeasurement(value, low, high, width, accepted, disagree, oldest);
    }

    /// <summary>Marks what became of the votes.</summary>
    public void Conclude(bool published)
    {
        foreach (ref readonly var vote in Votes)
        {
            ref var verdict = ref _verdicts[vote.Slot];
            if (!vote.IsAccepted) RejectedCount++;
            verdict = verdict with { Reason = !vote.IsAccepted ? InputReason.Outlier : published ? InputReason.Used : InputReason.NotPublished };
        }
    }

    private bool HasVote(UpstreamId upstream)
    {
        foreach (ref readonly var vote in Votes)
            if (vote.Upstream == upstream)
                return true;
        return false;
    }

    private long LeaveOneOut(ReadOnlySpan<long> sorted, long value, int outlierLimitBps)
    {
        if (sorted.Length == 1) return 0;
        var width = 0L;
        var rest = _scratch.AsSpan(0, sorted.Length - 1);
        for (var left = 0; left < sorted.Length; left++)
        {
            sorted[..left].CopyTo(rest);
            sorted[(left + 1)..].CopyTo(rest[left..]);
            var (below, above) = (rest[(rest.Length - 1) / 2], rest[rest.Length / 2]);

            // Two that contradict each other publish nothing, so they shift nothing.
            var median = Median.Midpoint(below, above);
            if (!Bps.Exceeds(above - below, median, outlierLimitBps)) width = long.Max(width, long.Abs(median - value));
        }

        return width;
    }
}
