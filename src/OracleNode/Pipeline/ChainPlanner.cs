using NodaTime;
using OracleNode.Publishing;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>Decides for one chain which feeds are worth a transaction now, against what that chain holds.</summary>
internal sealed class ChainPlanner
{
    private readonly PublishSettings[] _settings;
    private readonly ChainFeedState[] _states;
    private readonly PublishInput[] _inputs;
    private readonly PublishDecision[] _decisions;
    private ulong _aheadSequence;

    /// <param name="chain">What the chain holds.</param>
    /// <param name="settings">One per feed, in feed order.</param>
    public ChainPlanner(IChainView chain, IReadOnlyList<PublishSettings> settings)
    {
        Chain = chain;
        _settings = [.. settings];
        _states = new ChainFeedState[_settings.Length];
        _inputs = new PublishInput[_settings.Length];
        _decisions = new PublishDecision[_settings.Length];
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
        State = Chain.Read(_states);
        var ahead = 0ul;
        for (var i = 0; i < _states.Length; i++)
        {
            if (_states[i].Landed is not { } landed) continue;
            if (!IsCredible(i, now)) ahead = Math.Max(ahead, landed.Sequence);
            else if (landed.Sequence > HighestSequence) HighestSequence = landed.Sequence;
        }

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
        _states[feed].Landed is not { } landed
        || (!BatchSequence.IsAhead(landed.Sequence, now)
            && (landed.Record is not { } record || record.ObservedAtUnixMillis <= (long)(landed.Sequence / BatchSequence.Slots)));

    /// <summary>Why the chain, as it was read, should get a record now, whether or not one is on its way or it can be reached.</summary>
    public PublishReason Owed(int feed, FeedSlot slot, Instant now) =>
        PublishPolicy.Decide(InputOf(feed, slot, now) with { InFlight = false }, now).Reason;

    /// <summary>
    /// Marks in <paramref name="included"/> what this chain needs. A feed that waits to be submitted is included again when
    /// anything else is due, since the new batch takes the waiting one's place.
    /// </summary>
    /// <returns>Feeds due for their own sake; 0 when the chain needs nothing or cannot take anything.</returns>
    public int Plan(ReadOnlySpan<FeedSlot> slots, Instant now, Span<bool> included)
    {
        if (!State.Connected) return 0;
        for (var i = 0; i < slots.Length; i++) _inputs[i] = InputOf(i, slots[i], now);

        var due = PublishPolicy.PlanBatch(_inputs, now, _decisions);
        if (due == 0) return 0;

        for (var i = 0; i < slots.Length; i++)
        {
            if (_decisions[i].Publish || (_states[i].Waits && slots[i].Candidate is not null)) included[i] = true;
        }

        return due;
    }

    private PublishInput InputOf(int feed, FeedSlot slot, Instant now)
    {
        var landed = _states[feed].Landed;
        return new PublishInput
        {
            // What the chain has from the future, it would not replace with anything of now.
            Candidate = IsCredible(feed, now) ? slot.Candidate : null,
            Landed = landed?.Record is { } record ? new LandedRecord(record, landed.Sequence) : null,
            InFlight = _states[feed].InFlight is not null || _states[feed].Rests,
            Settings = _settings[feed],
            StateSince = slot.StateSince,
        };
    }
}
