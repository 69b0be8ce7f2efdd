using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>
/// A chain that lands every batch at once and stores it by the registries' rules: a record is taken only with a newer sequence, an
/// observation that is not older, and none from after its attestation; a new round is opened only when the observation advances.
/// </summary>
internal sealed class SimulatedChain : IChainView
{
    private readonly OnChainFeed[] _held;
    private readonly long[] _updates;
    private long _version = 1;

    public SimulatedChain(string name, ChainKind kind, IReadOnlyList<FeedId> feeds)
    {
        Name = name;
        Kind = kind;
        _held = [.. feeds.Select(id => new OnChainFeed(id, "simulated", 0, null))];
        _updates = new long[_held.Length];
    }

    public string Name { get; }

    public ChainKind Kind { get; }

    public Task FirstAttempt => Task.CompletedTask;

    public ChainState Read(Span<ChainFeedState> feeds, long known = 0)
    {
        if (known != _version)
            for (var i = 0; i < _held.Length; i++) feeds[i] = new ChainFeedState(_held[i], InFlight: false, Waits: false, _updates[i], Rests: false);
        return new ChainState(Connected: true, Problem: null, 0, 0, null, _version);
    }

    /// <summary>What it holds from before the run, or from another node.</summary>
    public void Hold(int feed, in FeedRecord record, ulong sequence)
    {
        _version++;
        _held[feed] = _held[feed] with { Sequence = sequence, Record = record };
    }

    /// <summary>Stores a record, or skips it as the registries would.</summary>
    public StoreOutcome Store(int feed, in FeedRecord record, ulong sequence)
    {
        var held = _held[feed];
        if (sequence <= held.Sequence) return StoreOutcome.NotNewer;
        if (record.ObservedAtUnixMillis > (long)(sequence / BatchSequence.Slots)) return StoreOutcome.ObservedAfterAttestation;
        if (held.Record is { } before && record.ObservedAtUnixMillis < before.ObservedAtUnixMillis) return StoreOutcome.OlderObservation;
        var isRound = held.Record is not { } last || record.ObservedAtUnixMillis > last.ObservedAtUnixMillis;
        _updates[feed]++;
        Hold(feed, record, sequence);
        return isRound ? StoreOutcome.Round : StoreOutcome.Attestation;
    }
}

/// <summary>What a chain made of a record.</summary>
internal enum StoreOutcome : byte
{
    None = 0,
    /// <summary>Stored; the observation advanced, so readers see a new round.</summary>
    Round,
    /// <summary>Stored; the same observation, attested again.</summary>
    Attestation,
    /// <summary>Skipped: the chain has as new a sequence.</summary>
    NotNewer,
    /// <summary>Skipped: the chain has a newer observation.</summary>
    OlderObservation,
    /// <summary>Skipped: observed after it was attested.</summary>
    ObservedAfterAttestation,
}
