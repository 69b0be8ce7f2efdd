using BenchmarkDotNet.Attributes;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Pricing;
using OracleNode.Signing;
using OracleNode.Updates;

namespace OracleNode.Updates;

/// <summary>From 1,000 records to one signed batch, on one core.</summary>
public class BatchBenchmarks : IDisposable
{
    private const int Records = 1_000;

    private readonly TemporarySigner _signer = new();
    private readonly List<(FeedId, FeedRecord)> _records = [];
    private readonly byte[][] _encoded;
    private readonly byte[] _scratch = new byte[RecordCodec.TokenLength];
    private readonly byte[] _hash = new byte[Keccak256.Length];
    private readonly byte[] _message;
    private readonly FeedDecision _decision;

    public BatchBenchmarks()
    {
        for (var i = 0; i < Records; i++) _records.Add(SampleRecords.Create(i));

        _encoded = [.. _records.Select(r =>
        {
            var bytes = new byte[RecordCodec.LengthOf(r.Item2)];
            RecordCodec.TryEncode(r.Item2, bytes);
            return bytes;
        })];
        _message = UnsignedBatch.Create(1, 1, SampleRecords.Sequence, _records).Message();
        _decision = Decide();
    }

    /// <summary>A feed that three sources quote.</summary>
    private static FeedDecision Decide()
    {
        Source[] sources = [.. Enumerable.Range(0, 3).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"))];
        var now = Instant.FromUnixTimeMilliseconds(SampleRecords.AttestedAtUnixMillis);
        var fold = new FeedFold(PricingSettings.Stock, sources);
        foreach (var source in sources)
        {
            fold.Apply(new Observation
            {
                Kind = ObservationKind.Quote,
                Source = source.Id,
                Upstream = source.Upstream,
                Instrument = default,
                EventTime = now,
                ReceiveTime = now,
                Bid = Price.FromE8(9_999_000_000),
                Ask = Price.FromE8(10_001_000_000),
            });
        }

        return fold.Tick(now, new SessionInfo(MarketSession.Regular, ClosedReason.None, now + Duration.FromHours(1)));
    }

    public void Dispose()
    {
        _signer.Dispose();
        GC.SuppressFinalize(this);
    }

    [GlobalCleanup]
    public void Cleanup() => Dispose();

    [Benchmark, Measures("Encode, Merkle, sign 1,000 records", Units = Records, MinUnitsPerSecond = 500_000)]
    public SignedBatch Sign()
    {
        var unsigned = UnsignedBatch.Create(1, 1, SampleRecords.Sequence, _records);
        var signature = SignNow(unsigned.Message());
        return unsigned.WithSignatures(new BatchSignature(0, _signer.Signer.PublicKey.ToArray(), signature));
    }

    [Benchmark, Measures("Evidence of 1,000 records of 3 sources: encode, hash, root", Units = Records)]
    public Hash32 Evidence()
    {
        var evidence = new byte[Records][];
        for (var i = 0; i < evidence.Length; i++) evidence[i] = EvidenceCodec.Encode((ulong)i, _decision, null, default, _hash);
        return EvidenceCodec.RootOf(evidence);
    }

    [Benchmark, Measures("of it, encoding", Units = Records, MaxAllocated = 0)]
    public int Encode()
    {
        var length = 0;
        foreach (var (_, record) in _records)
        {
            if (RecordCodec.TryEncode(record, _scratch) == RecordError.None) length += RecordCodec.LengthOf(record);
        }

        return length;
    }

    [Benchmark, Measures("of it, Merkle tree", Units = Records)]
    public Hash32 Merkle() => MerkleTree.Build(_encoded).Root;

    [Benchmark, Measures("of it, one Ed25519 signature, verified")]
    public byte[] SignMessage() => SignNow(_message);

    [Benchmark, Measures("keccak256 of one record (65 bytes)", MaxAllocated = 0)]
    public byte[] Keccak()
    {
        Keccak256.Hash(_encoded[0], _hash);
        return _hash;
    }

    private byte[] SignNow(byte[] message)
    {
        var signing = _signer.Signer.SignAsync(message, CancellationToken.None);
        return signing.IsCompletedSuccessfully ? signing.Result : throw new InvalidOperationException("A key file signs without waiting.");
    }
}
