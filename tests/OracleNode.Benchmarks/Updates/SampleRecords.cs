using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>Records of shares as they look in regular hours.</summary>
internal static class SampleRecords
{
    public const long AttestedAtUnixMillis = 1_717_421_400_000;

    public const ulong Sequence = (ulong)AttestedAtUnixMillis << 4;

    public static (FeedId Id, FeedRecord Record) Create(int i)
    {
        var id = FeedIdentity.Compute($"figi:BBG{i:D9}@XNAS", "USD", FeedUnit.UnderlyingShare, Price.Decimals);
        var price = 10_000_000_000 + (i * 1_000_000L);
        return (id, new FeedRecord
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
            ObservedAtUnixMillis = AttestedAtUnixMillis - 50,
            NextChangeAtUnixSeconds = 1_717_444_800,
            MaxAgeSeconds = 300,
        });
    }
}
