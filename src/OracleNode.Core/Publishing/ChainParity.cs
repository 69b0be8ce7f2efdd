using NodaTime;
using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>What one chain holds of a feed, and how closely it is to follow.</summary>
public readonly record struct ParityReading
{
    /// <summary>False before the chain was read for the first time.</summary>
    public required bool WasRead { get; init; }

    /// <summary>What it holds; null when nothing was ever stored.</summary>
    public required LandedRecord? Landed { get; init; }

    /// <summary>The fields that the chain stores of this feed.</summary>
    public required RecordFields Stored { get; init; }

    /// <summary>The chain's own cadence for the feed.</summary>
    public required PublishSettings Settings { get; init; }
}

/// <summary>One chain against the others and against what was signed.</summary>
/// <param name="Content">Where its record comes from.</param>
/// <param name="Fields">In which fields it differs, for a record that does.</param>
/// <param name="Slot">Slot of the node that signed it; -1 when the chain holds nothing.</param>
/// <param name="Behind">How much earlier it was attested than the newest record known; zero for the newest itself.</param>
/// <param name="Due">Why the newest record should be on this chain by the chain's own cadence; a reason not to publish when it need not.</param>
public readonly record struct ParityMeasurement(ParityContent Content, RecordFields Fields, int Slot, Duration Behind, PublishReason Due)
{
    /// <summary>True when the chain holds what no honest node of this deployment can have signed.</summary>
    public bool Differs => Content >= ParityContent.NotAsSigned;

    /// <summary>True when the chain's own cadence asks for something newer than it holds.</summary>
    public bool IsDue => new PublishDecision(Due).Publish;
}

/// <summary>Do all chains say the same of a feed? Pure: measures; <see cref="ParityWatch"/> judges over time.</summary>
public static class ChainParity
{
    /// <summary>Measures every chain. Allocates nothing.</summary>
    /// <param name="chains">One reading per chain.</param>
    /// <param name="signed">What this node signed for the feed.</param>
    /// <param name="firstSigned">First sequence this node signed of anything since its start; null when it signed nothing yet.</param>
    /// <param name="nodeSlot">Slot of this node, 0 to 15.</param>
    /// <param name="now">Market time.</param>
    /// <param name="results">Receives one per chain.</param>
    public static void Measure(ReadOnlySpan<ParityReading> chains, SignedRecords signed, ulong? firstSigned, int nodeSlot, Instant now, Span<ParityMeasurement> results)
    {
        ArgumentNullException.ThrowIfNull(signed);
        if (results.Length != chains.Length) throw new ArgumentException($"{results.Length} results for {chains.Length} chains; there is one for each.", nameof(results));

        var newest = NewestOf(chains, signed, now);
        for (var i = 0; i < chains.Length; i++)
        {
            var (content, fields) = ContentOf(chains, i, signed, firstSigned, nodeSlot, now);
            var landed = chains[i].Landed;
            results[i] = new ParityMeasurement(
                content, fields, landed is { } held ? (int)(held.Sequence % BatchSequence.Slots) : -1, Behind(landed, newest), DueOn(chains[i], newest, now));
        }
    }

    /// <summary>The record with the highest sequence that can be true now, of those signed here and those on any chain.</summary>
    private static LandedRecord? NewestOf(ReadOnlySpan<ParityReading> chains, SignedRecords signed, Instant now)
    {
        var newest = signed.Latest;
        foreach (ref readonly var chain in chains)
        {
            if (chain.Landed is not { } landed || BatchSequence.IsAhead(landed.Sequence, now)) continue;
            if (newest is not { } known || landed.Sequence > known.Sequence) newest = landed;
        }

        return newest;
    }

    private static (ParityContent, RecordFields) ContentOf(ReadOnlySpan<ParityReading> chains, int at, SignedRecords signed, ulong? firstSigned, int nodeSlot, Instant now)
    {
        ref readonly var chain = ref chains[at];
        if (!chain.WasRead) return (ParityContent.NotRead, RecordFields.None);
        if (chain.Landed is not { } landed) return (ParityContent.Empty, RecordFields.None);

        if (signed.TryFind(landed.Sequence, out var ours))
        {
            var fields = RecordDifference.Between(landed.Record, ours, chain.Stored);
            return (fields == RecordFields.None ? ParityContent.AsSigned : ParityContent.NotAsSigned, fields);
        }

        // Nobody but this node signs with its slot, from its first batch on.
        var isOwn = landed.Sequence % BatchSequence.Slots == (ulong)nodeSlot;
        if (isOwn && landed.Sequence >= firstSigned && signed.Remembers(landed.Sequence)) return (ParityContent.NeverSigned, RecordFields.None);
        if (BatchSequence.IsAhead(landed.Sequence, now)) return (ParityContent.AttestedAhead, RecordFields.None);

        for (var i = 0; i < chains.Length; i++)
        {
            if (i == at || chains[i].Landed is not { } other || other.Sequence != landed.Sequence) continue;
            var fields = RecordDifference.Between(landed.Record, other.Record, chain.Stored & chains[i].Stored);
            if (fields != RecordFields.None) return (ParityContent.NotAsElsewhere, fields);
        }

        return (isOwn ? ParityContent.NotContradicted : ParityContent.OtherNode, RecordFields.None);
    }

    private static Duration Behind(LandedRecord? landed, LandedRecord? newest) =>
        landed is { } held && newest is { } known && known.AttestedAtUnixMillis > held.AttestedAtUnixMillis
            ? Duration.FromMilliseconds(known.AttestedAtUnixMillis - held.AttestedAtUnixMillis)
            : Duration.Zero;

    /// <summary>A chain that holds the newest there is owes nothing, however old that is.</summary>
    private static PublishReason DueOn(in ParityReading chain, LandedRecord? newest, Instant now)
    {
        if (!chain.WasRead || newest is not { } known) return PublishReason.NoCandidate;
        if (chain.Landed is { } landed && landed.Sequence >= known.Sequence) return PublishReason.Unchanged;
        return PublishPolicy.Decide(new PublishInput { Candidate = known.Record, Landed = chain.Landed, InFlight = false, Settings = chain.Settings }, now).Reason;
    }
}
