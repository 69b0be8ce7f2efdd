using System.Numerics;
using FsCheck;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Publishing;

public class PublishPolicyProperties
{
    [Property(MaxTest = 3000)]
    public void Decide_AnyTwoPrices_AgreesWithBigIntegers(DoNotSize<long> any, byte shift, DoNotSize<int> move, DoNotSize<int> anyBps)
    {
        var landed = Math.Max(1, (any.Item & long.MaxValue) >> (shift % 40));
        var bps = 1 + (int)((uint)(anyBps.Item & int.MaxValue) % 5000);

        // Within twice the deviation to either side, so that both answers come up.
        var candidate = landed + (BigInteger)landed * bps * move.Item / int.MaxValue / 5000;
        if (candidate < 1 || candidate > long.MaxValue) return;

        var cadence = new PublishCadence(bps, Duration.FromDays(1));
        var input = new PublishInput
        {
            Candidate = Record((long)candidate),
            Landed = new LandedRecord(Record(landed), 16_000),
            InFlight = false,
            Settings = new PublishSettings([cadence, cadence, cadence, cadence, cadence, cadence]),
        };

        var moved = BigInteger.Abs(candidate - landed) * 10_000 >= (BigInteger)landed * bps;
        Assert.Equal(
            moved ? PublishReason.Deviation : PublishReason.Unchanged,
            PublishPolicy.Decide(in input, Instant.FromUnixTimeMilliseconds(1000)).Reason);
    }

    private static FeedRecord Record(long e8) => new()
    {
        FeedTag = 1,
        Price = Price.FromE8(e8),
        ConfidenceE8 = 0,
        Session = MarketSession.Regular,
        State = FeedState.Live,
        ObservedAtUnixMillis = 1,
        MaxAgeSeconds = 60,
    };
}
