using System.Text.Json;
using NSec.Cryptography;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Updates;

namespace OracleNode.Archive;

/// <summary>
/// Where one published record came from, taken from the archive alone, and whether what the archive holds is what was signed: both Merkle roots
/// are computed anew, and the signature is checked.
/// </summary>
internal sealed record Explanation
{
    public required Feed Feed { get; init; }

    public required BatchHeader Header { get; init; }

    public required FeedRecord Record { get; init; }

    public required FeedEvidence Evidence { get; init; }

    /// <summary>By <see cref="SourceId"/>: names of the sources, from the archived configuration; numbers where it is missing.</summary>
    public required IReadOnlyList<string> SourceNames { get; init; }

    /// <summary>By <see cref="SourceId"/>: names of their upstreams.</summary>
    public required IReadOnlyList<string> UpstreamNames { get; init; }

    /// <summary>Version of the calendar; null when the archive does not know it.</summary>
    public required string? CalendarVersion { get; init; }

    /// <summary>The root over the archived records is the signed one.</summary>
    public required bool RecordsMatch { get; init; }

    /// <summary>The root over the archived evidence is the signed one.</summary>
    public required bool EvidenceMatches { get; init; }

    /// <summary>The signature over the header is good for the archived public key.</summary>
    public required bool SignatureIsGood { get; init; }

    /// <summary>The archived configuration has the hash that the evidence names.</summary>
    public required bool SettingsMatch { get; init; }

    public required string PublicKey { get; init; }

    public bool IsProven => RecordsMatch && EvidenceMatches && SignatureIsGood;

    /// <summary>The inputs that voted.</summary>
    public IEnumerable<InputVerdict> Votes => Evidence.Inputs.Where(i => i.Reason is InputReason.Used or InputReason.Outlier or InputReason.NotPublished);

    /// <summary>Median of the votes, rounded down; none when nothing voted.</summary>
    public Price Median
    {
        get
        {
            var values = Votes.Select(v => v.Value.E8).Order().ToArray();
            if (values.Length == 0) return default;
            var (low, high) = (values[(values.Length - 1) / 2], values[values.Length / 2]);
            Price.TryFromE8(low + ((high - low) / 2), out var median);
            return median;
        }
    }

    /// <summary>Takes one record of a batch apart.</summary>
    /// <exception cref="InvalidDataException">The archive holds bytes that are no record or no evidence.</exception>
    public static Explanation Of(ArchiveFile archive, Feed feed, ArchivedBatch batch)
    {
        var (name, id) = (feed.Name, FeedIdentity.Compute(feed));
        var place = batch.Records.Select((r, i) => (r.Feed, i)).First(p => p.Feed == id).i;
        var held = batch.Records[place];
        if (RecordCodec.TryDecode(held.Record, out var record) != RecordError.None) throw new InvalidDataException($"The record of {name} in batch {batch.Header.Sequence} is damaged.");
        if (!EvidenceCodec.TryDecode(held.Evidence, out var evidence)) throw new InvalidDataException($"The evidence of {name} in batch {batch.Header.Sequence} is damaged.");
        var settings = archive.ReadSettings(evidence.Settings);
        var sources = settings is null ? [] : Sources(settings);
        return new Explanation
        {
            Feed = feed,
            Header = batch.Header,
            Record = record,
            Evidence = evidence,
            SourceNames = [.. sources.Select(s => s.Name)],
            UpstreamNames = [.. sources.Select(s => s.Upstream)],
            CalendarVersion = archive.ReadCalendar(evidence.Calendar),
            RecordsMatch = MerkleTree.Build([.. batch.Records.Select(r => r.Record)]).Root == batch.Header.RecordsRoot,
            EvidenceMatches = EvidenceCodec.RootOf([.. batch.Records.Select(r => r.Evidence)]) == batch.Header.EvidenceRoot,
            SignatureIsGood = Verifies(batch),
            SettingsMatch = settings is not null && HashOf(settings) == evidence.Settings,
            PublicKey = "0x" + Convert.ToHexStringLower(batch.PublicKey),
        };
    }

    private static bool Verifies(ArchivedBatch batch)
    {
        Span<byte> message = stackalloc byte[BatchMessage.Length];
        BatchMessage.Write(batch.Header, message);
        return NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, batch.PublicKey, KeyBlobFormat.RawPublicKey, out var key)
            && SignatureAlgorithm.Ed25519.Verify(key!, message, batch.Signature);
    }

    private static Hash32 HashOf(byte[] json)
    {
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak256.Hash(json, hash);
        return new Hash32(hash);
    }

    private static List<(string Name, string Upstream)> Sources(byte[] settings)
    {
        try
        {
            using var json = JsonDocument.Parse(settings);
            return [.. json.RootElement.GetProperty("Sources").EnumerateArray().Select(s => (s.GetProperty("Name").GetString()!, s.GetProperty("UpstreamName").GetString()!))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Damaged: the check of its hash says so, and the sources go by their numbers.
            return [];
        }
    }
}
