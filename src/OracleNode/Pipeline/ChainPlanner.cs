using NodaTime;
using OracleNode.Chains;
using OracleNode.Publishing;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>Decides for one chain which feeds are worth a transaction now, against what that chain holds.</summary>
internal sealed class ChainPlanner
{
    private static readonly FeedRecord?[] Nothing = [null];

    private readonly PublishSettings[] _settings;
    private readonly ChainFeedState[] _states;
    private readonly PublishDecision[] _decisions;
    private readonly PublishRest[] _rests;
    private readonly Basis[] _bases;
    private ulong _aheadSequence;
    private ulong _highestLanded;
    private bool _isAnyMisdated, _isAllCredible;

    /// <param name="chain">What the chain holds.</param>
    /// <param name="settings">One per feed, in feed order.</param>
    public ChainPlanner(IChainView chain, IReadOnlyList<PublishSettings> settings)
    {
        Chain = chain;
        _settings = [.. settings];
        _states = new ChainFeedState[_settings.Length];
        _decisions = new PublishDecision[_settings.Length];
        _rests = new PublishRest[_settings.Length];
        _bases = new Basis[_settings.Length];
    }

    public IChainView Chain { get; }

    /// <summary>The chain as it was at the last <see cref="Refresh"/>.</summary>
    public ChainState State { get; private set; }

    /// <summary>What it held then, in feed order.</summary>
    public ReadOnlySpan<ChainFeedState> Feeds => _states;

    /// <summary>How closely the chain follows each feed, in feed order.</summary>
    public ReadOnlySpan<PublishSettings> Settings => _settings;

    /// <summary>The last decisions, in feed order.</summary>
    public ReadOnlySpan<PublishDecision> Decisions => _decisions;

    /// <summary>Highest sequence the chain holds, of those that can be true now.</summary>
    public ulong HighestSequence { get; private set; }

    /// <summary>What the chain holds cannot be true now; null when all of it can. Said once per finding.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the worker's state.</summary>
    public void Refresh(Instant now)
    {
        var version = State.Version;
        State = Chain.Read(_states, version);
        if (State.Version != version) TakeNews();

        // When the highest is not ahead, none is.
        var wasAllCredible = _isAllCredible;
        _isAllCredible = !_isAnyMisdated && !BatchSequence.IsAhead(_highestLanded, now);
        if (!_isAllCredible || !wasAllCredible) Array.Clear(_bases);
        var ahead = 0ul;
        if (_isAllCredible) HighestSequence = Math.Max(HighestSequence, _highestLanded);
        else ahead = HighestAhead(now);

        if (ahead == _aheadSequence) return;
        _aheadSequence = ahead;
        Problem = ahead == 0
            ? null
            : $"holds sequence {ahead}, attested at {ahead / BatchSequence.Slots} Unix ms, which cannot be at market time {now} (or a record observed after its attestation): this clock is behind, another node's is ahead, or the endpoint lies";
    }

    /// <summary>
    /// Can what the chain holds for a feed be true now? Nothing from the future is believed: one lying endpoint must not
    /// push the sequence of every chain, and a clock that went back must be noticed.
    /// </summary>
    public bool IsCredible(int feed, Instant now) =>
        _states[feed].Landed is not { } landed || (!BatchSequence.IsAhead(landed.Sequence, now) && !IsMisdated(landed));

    /// <summary>Why the chain, as it was read, should get a record now, whether or not one is on its way or it can be reached.</summary>
    public PublishReason Owed(int feed, FeedSlot slot, Instant now) =>
        PublishPolicy.Decide(ViewOf(feed, slot, now, inFlight: false), now).Reason;

    /// <summary>
    /// Marks in <paramref name="included"/> what this chain needs. A feed that waits to be submitted is included again when
    /// anything else is due, since the new batch takes the waiting one's place.
    /// </summary>
    /// <returns>Feeds due for their own sake; 0 when the chain needs nothing or cannot take anything.</returns>
    public int Plan(ReadOnlySpan<FeedSlot> slots, Instant now, Span<bool> included)
    {
        if (!State.Connected) return 0;
        for (var i = 0; i < slots.Length; i++)
        {
            // Nothing has changed while the slot's record and what the chain has of it are as they were.
            ref var basis = ref _bases[i];
            if (basis.IsTaken && basis.Revision == slots[i].Revision) continue;
            _rests[i] = default;
            basis = new Basis(IsTaken: true, slots[i].Revision, _states[i].Landed, IsBlocked(i));
        }

        var due = PublishPolicy.PlanBatch(new Views(this, slots, now), now, _decisions, _rests);
        if (due == 0) return 0;

        for (var i = 0; i < slots.Length; i++)
        {
            if (_decisions[i].Publish || (_states[i].Waits && slots[i].Candidate is not null)) included[i] = true;
        }

        return due;
    }

    private PublishView ViewOf(int feed, FeedSlot slot, Instant now, bool inFlight)
    {
        // What the chain has from the future, it would not replace with anything of now.
        ref readonly var candidate = ref slot.CandidateInPlace;
        var hasCandidate = candidate.HasValue && IsCredible(feed, now);
        ref readonly var landed = ref (_states[feed].Landed is { } held ? ref held.RecordInPlace : ref Nothing[0]);
        return new PublishView(
            hasCandidate, in Nullable.GetValueRefOrDefaultRef(in candidate), landed.HasValue, in Nullable.GetValueRefOrDefaultRef(in landed),
            _states[feed].Landed?.Sequence ?? 0, inFlight, _settings[feed], slot.StateSince);
    }

    private bool IsBlocked(int feed) => _states[feed].InFlight || _states[feed].Rests;

    /// <summary>Something of the chain has changed: of which feeds.</summary>
    private void TakeNews()
    {
        (_highestLanded, _isAnyMisdated) = (0, false);
        for (var i = 0; i < _states.Length; i++)
        {
            var landed = _states[i].Landed;
            if (!ReferenceEquals(landed, _bases[i].Landed) || IsBlocked(i) != _bases[i].IsBlocked) _bases[i] = default;
            if (landed is null) continue;
            _highestLanded = Math.Max(_highestLanded, landed.Sequence);
            _isAnyMisdated |= IsMisdated(landed);
        }
    }

    private ulong HighestAhead(Instant now)
    {
        var ahead = 0ul;
        for (var i = 0; i < _states.Length; i++)
        {
            if (_states[i].Landed is not { } landed) continue;
            if (!IsCredible(i, now)) ahead = Math.Max(ahead, landed.Sequence);
            else if (landed.Sequence > HighestSequence) HighestSequence = landed.Sequence;
        }

        return ahead;
    }

    /// <summary>Observed after it was attested.</summary>
    private static bool IsMisdated(OnChainFeed landed) => landed.RecordInPlace.HasValue
        && Nullable.GetValueRefOrDefaultRef(in landed.RecordInPlace).ObservedAtUnixMillis > (long)(landed.Sequence / BatchSequence.Slots);

    /// <summary>What a decision was made from.</summary>
    private readonly record struct Basis(bool IsTaken, ulong Revision, OnChainFeed? Landed, bool IsBlocked);

    /// <summary>All feeds as they are now.</summary>
    private readonly ref struct Views(ChainPlanner planner, ReadOnlySpan<FeedSlot> slots, Instant now) : IPublishFeeds
    {
        private readonly ReadOnlySpan<FeedSlot> _slots = slots;

        public int Count => _slots.Length;

        public PublishView this[int feed] => planner.ViewOf(feed, _slots[feed], now, planner.IsBlocked(feed));
    }
}
