using System.Globalization;
using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Verification;

/// <summary>Verifies what a chain holds of a feed, or an envelope on its own, and reports it.</summary>
internal static class RecordVerification
{
    /// <summary>Records shown of an envelope; a larger one is verified all the same.</summary>
    private const int RecordsShown = 100;

    /// <summary>The record that a chain holds, against the transaction that brought it.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="name">Its name, or its id where it has none.</param>
    /// <param name="chain">The chain's name.</param>
    /// <param name="deployment">The deployment it must be of.</param>
    /// <param name="unit">What its numbers are of (<see cref="FeedUnitWords"/>); null where only the id is known.</param>
    public static VerificationReport OfChain(ChainEvidence evidence, FeedId feed, string name, string chain, ulong deployment, string? unit = null)
    {
        var facts = new List<(string, string)>
        {
            ("chain", $"{chain}, asked at {evidence.Endpoint}"), ("registry", evidence.Place), ("chainTime", RecordWords.Millis(evidence.ChainTime.ToUnixTimeMilliseconds())), ("feed", feed.ToString()),
        };
        if (unit is not null) facts.Add(("unit", unit));
        var checks = new List<Check>
        {
            new("registry", evidence.Deployment == deployment, evidence.Deployment == deployment ? $"of deployment {deployment:x16}" : $"of deployment {evidence.Deployment:x16}, the configuration names {deployment:x16}"),
        };
        var records = new List<ReportedRecord>();
        if (evidence.Stored is not { Record: { } stored } held)
        {
            checks.Add(new Check("stored record", false, evidence.StoredProblem ?? evidence.TransactionProblem ?? "none"));
            return new VerificationReport($"{name} on {chain}", facts, records, checks);
        }

        facts.Add(("address", held.Address));
        facts.Add(("paused", held.Paused || evidence.AllPaused ? "YES: stopped on chain by guardian or owner" : "no"));
        checks.Add(new Check("stored record", true, $"sequence {held.Sequence}"));
        checks.Add(new Check("transaction", evidence.Transaction is not null, evidence.Transaction is { } t ? $"{t.Id} in {t.Where}" : evidence.TransactionProblem ?? "not found"));

        var differing = RecordFields.None;
        FeedRecord? signed = null;
        if (evidence.Transaction is { } transaction && evidence.Keys is { } keys && EnvelopeVerification.Verify(transaction.Envelope, deployment, keys, checks) is { } envelope)
        {
            checks.Add(new Check("sequence", envelope.Header.Sequence == held.Sequence, envelope.Header.Sequence == held.Sequence ? $"{held.Sequence}, stored and signed" : $"stored {held.Sequence}, signed {envelope.Header.Sequence}"));
            signed = envelope.Records.Where(r => r.FeedTag == feed.Tag).Select(r => (FeedRecord?)r).FirstOrDefault();
            if (signed is { } ours) differing = RecordDifference.Between(stored, ours, held.Stored);
            checks.Add(new Check("stored as signed", signed is not null && differing == RecordFields.None, EqualityWords(stored, signed, differing, held)));
            AddProof(facts, envelope, feed.Tag);
        }
        else
        {
            AddSequence(facts, held.Sequence);
        }

        records.Add(Report($"{name}: the record that {chain} holds", stored, held.Sequence, evidence.ChainTime, held.Stored, signed, differing));
        return new VerificationReport($"{name} on {chain}", facts, records, checks);
    }

    /// <summary>An envelope without any chain.</summary>
    /// <param name="now">To count ages to.</param>
    /// <param name="names">Names of feeds that are known, with their units, by tag.</param>
    public static VerificationReport OfBatch(string subject, byte[] bytes, ulong? deployment, SignerKeys keys, Instant now, IReadOnlyDictionary<ulong, string> names)
    {
        var facts = new List<(string, string)>();
        var checks = new List<Check>();
        var records = new List<ReportedRecord>();
        if (EnvelopeVerification.Verify(bytes, deployment, keys, checks) is { } envelope)
        {
            var header = envelope.Header;
            facts.Add(("deployment", deployment is null ? $"{header.Deployment:x16}, not compared: name one with --deployment" : $"{header.Deployment:x16}"));
            AddProof(facts, envelope, envelope.Records.Count == 1 ? envelope.Records[0].FeedTag : null);
            foreach (var record in envelope.Records.Take(RecordsShown))
            {
                records.Add(Report(names.TryGetValue(record.FeedTag, out var name) ? name : $"feed tag {record.FeedTag:x16}", record, header.Sequence, now, RecordFields.All, null, RecordFields.None));
            }

            if (envelope.Records.Count > RecordsShown) facts.Add(("records", $"{envelope.Records.Count}, of which the first {RecordsShown} are shown"));
        }

        return new VerificationReport(subject, facts, records, checks);
    }

    private static string EqualityWords(in FeedRecord stored, in FeedRecord? signed, RecordFields differing, Chains.OnChainFeed held)
    {
        if (signed is not { } ours) return "the batch carries no record of the feed";
        if (differing != RecordFields.None) return string.Join("; ", Differences(stored, ours, differing, held.Sequence));
        return held.Stored == RecordFields.All ? "every field" : $"every field that this chain stores; it does not store {RecordFields.All & ~held.Stored}";
    }

    private static IEnumerable<string> Differences(FeedRecord stored, FeedRecord signed, RecordFields differing, ulong sequence)
    {
        var ours = RecordWords.Describe(signed, (long)(sequence >> 4), null).ToDictionary(l => l.Field, l => l.Value);
        var theirs = RecordWords.Describe(stored, (long)(sequence >> 4), null).ToDictionary(l => l.Field, l => (l.Name, l.Value));
        foreach (var field in Enum.GetValues<RecordFields>().Where(f => f != RecordFields.None && (differing & f) == f && ulong.IsPow2((ulong)f)))
        {
            var (name, value) = theirs.GetValueOrDefault(field, (field.ToString(), "none"));
            yield return $"{name}: stored {value}, signed {ours.GetValueOrDefault(field, "none")}";
        }
    }

    private static ReportedRecord Report(string title, in FeedRecord record, ulong sequence, Instant now, RecordFields stored, FeedRecord? signed, RecordFields differing)
    {
        var attested = (long)(sequence >> 4);
        var ours = signed is { } s ? RecordWords.Describe(s, attested, null).ToDictionary(l => l.Field, l => l.Value) : [];
        return new ReportedRecord(
            $"{title}, attested {RecordWords.Millis(attested)}{RecordWords.Age(attested, now)}",
            [.. RecordWords.Describe(record, attested, now, stored).Select(l => (l.Name, l.Value, (differing & l.Field) != 0 ? $"DIFFERS: signed was {ours.GetValueOrDefault(l.Field, "none")}" : l.Meaning))]);
    }

    private static void AddSequence(List<(string, string)> facts, ulong sequence)
    {
        facts.Add(("sequence", string.Create(CultureInfo.InvariantCulture, $"{sequence}: attested {RecordWords.Millis((long)(sequence >> 4))} by the node with slot {sequence % BatchSequence.Slots}")));
    }

    /// <summary>All that a person needs to compute it by hand.</summary>
    private static void AddProof(List<(string, string)> facts, DecodedEnvelope envelope, ulong? tag)
    {
        AddSequence(facts, envelope.Header.Sequence);
        facts.Add(("epoch", envelope.Header.Epoch.ToString(CultureInfo.InvariantCulture)));
        for (var i = 0; tag is not null && i < envelope.Records.Count; i++)
        {
            if (envelope.Records[i].FeedTag != tag) continue;
            var encoded = new byte[RecordCodec.LengthOf(envelope.Records[i])];
            RecordCodec.TryEncode(envelope.Records[i], encoded);
            var leaf = new byte[Hash32.Length];
            MerkleTree.HashLeaf(encoded, leaf);
            facts.Add(("recordBytes", "0x" + Convert.ToHexStringLower(encoded)));
            facts.Add(("leaf", $"{new Hash32(leaf)}, record {envelope.First + i} of {envelope.Header.Count}"));
            break;
        }

        facts.Add(("path", envelope.Path.Count == 0 ? "none: the whole batch" : string.Join(" ", envelope.Path)));
        facts.Add(("recordsRoot", envelope.Header.RecordsRoot.ToString()));
        facts.Add(("evidenceRoot", envelope.Header.EvidenceRoot == default ? "none" : envelope.Header.EvidenceRoot.ToString()));
        facts.Add(("signedMessage", "0x" + Convert.ToHexStringLower(EnvelopeVerification.MessageOf(envelope.Header))));
    }
}
