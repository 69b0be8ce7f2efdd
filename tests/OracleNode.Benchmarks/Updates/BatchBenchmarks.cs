using BenchmarkDotNet.Attributes;
using OracleNode.Pipeline;
using OracleNode.Market;
using OracleNode.Signing;
using OracleNode.Updates;

namespace OracleNode.Updates;

/// <summary>From 1,000 records to one signed batch, on one core.</summary>
public class BatchBenchmarks : IDisposable
{
    private const int Records = 1_000;
    private const ulong Sequence = 1_717_421_400_000UL << 4;

    private readonly TemporarySigner _signer = new();
    private readonly List<(FeedId, FeedRecord)> _records = [];
    private readonly byte[][] _encoded;
    private readonly byte[] _scratch = new byte[RecordCodec.TokenLength];
    private readonly byte[] _hash = new byte[Keccak256.Length];
    private readonly byte[] _message;

    public BatchBenchmarks()
    {
        for (var i = 0; i < Records; i++)
        {
            var id = FeedIdentity.Compute($"figi:BBG{i:D9}@XNAS", "USD", FeedUnit.UnderlyingShare, Price.Decimals);
            _records.Add((id, Record(id, i)));
        }

        _encoded = [.. _records.Select(r =>
        {
            var bytes = new byte[RecordCodec.LengthOf(r.Item2)];
            RecordCodec.TryEncode(r.Item2, bytes);
            return bytes;
        })];
        _message = UnsignedBatch.Create(1, 1, Sequence, _records).Message();
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
        var unsigned = UnsignedBatch.Create(1, 1, Sequence, _records);
        var signature = SignNow(unsigned.Message());
        return unsigned.WithSignatures(new BatchSignature(0, _signer.Signer.PublicKey.ToArray(), signature));
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

    private static FeedRecord Record(FeedId id, int i)
    {
        var price = 10_000_000_000 + (i * 1_000_000L);
        return new FeedRecord
        {
            FeedTag = id.Tag,
            Price = Price.FromE8(price),
            ConfidenceE8 = 2_000_000,
            Bid = Price.FromE8(price - 1_000_000),
            Ask = Price.FromE8(price + 1_000_000),
            Ema = Price.FromE8(price - 5_000_000),
            Session = MarketSession.Regular,
            State = FeedState.Live,
            SourcesUsed = 7,
            Upstreams = 7,
            ObservedAtUnixMillis = 1_717_421_399_950,
            NextChangeAtUnixSeconds = 1_717_444_800,
            MaxAgeSeconds = 300,
        };
    }
}
