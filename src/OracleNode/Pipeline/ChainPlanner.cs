using NodaTime;
using OracleNode.Publishing;

namespace OracleNode.Pipeline;

/// <summary>Decides for one chain which feeds are worth a transaction now, against what that chain holds.</summary>
internal sealed class ChainPlanner
{
    private readonly PublishSettings[] _settings;
    private readonly ChainFeedState[] _states;
    private readonly PublishInput[] _inputs;
    private readonly PublishDecision[] _decisions;

    /// <param name="settings">One per feed, in feed order.</param>
    public ChainPlanner(ChainWorker worker, IReadOnlyList<PublishSettings> settings)
    {
        Worker = worker;
        _settings = [.. settings];
        _states = new ChainFeedState[_settings.Length];
        _inputs = new PublishInput[_settings.Length];
        _decisions = new PublishDecision[_settings.Length];
    }

    public ChainWorker Worker { get; }

    /// <summary>The chain as it was at the last <see cref="Refresh"/>.</summary>
    public ChainState State { get; private set; }

    /// <summary>What it held then, in feed order.</summary>
    public ReadOnlySpan<ChainFeedState> Feeds => _states;

    /// <summary>The last decisions, in feed order.</summary>
    public ReadOnlySpan<PublishDecision> Decisions => _decisions;

    /// <summary>Highest sequence the chain holds.</summary>
    public ulong HighestSequence { get; private set; }

    /// <summary>Reads the worker's state.</summary>
    public void Refresh()
    {
        State = Worker.Read(_states);
        foreach (ref readonly var feed in _states.AsSpan())
        {
            if (feed.Landed is { } landed && landed.Sequence > HighestSequence) HighestSequence = landed.Sequence;
        }
    }

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
            var landed = _states[i].Landed;
            _inputs[i] = new PublishInput
            {
                Candidate = slots[i].Candidate,
                Landed = landed?.Record is { } record ? new LandedRecord(record, landed.Sequence) : null,
                InFlight = _states[i].InFlight is not null,
                Settings = _settings[i],
            };
        }

        var due = PublishPolicy.PlanBatch(_inputs, now, _decisions);
        if (due == 0) return 0;

        for (var i = 0; i < slots.Length; i++)
        {
            if (_decisions[i].Publish || (_states[i].Waits && slots[i].Candidate is not null)) included[i] = true;
        }

        return due;
    }
}
