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

    /// <summary>What is remembered from one plan to the next changes no decision, however inputs and time move, and backwards too.</summary>
    [Property(MaxTest = 300)]
    public void PlanBatch_RememberingWhatStands_DecidesAsWithout(int seed)
    {
        const int Feeds = 8;
        var random = new Random(seed);
        PublishCadence[] cadences = [.. Enumerable.Range(0, (int)MarketSession.Closed + 1).Select(i => new PublishCadence(10 + i, Duration.FromMilliseconds(1_000.25 + (77 * i)), Duration.FromMilliseconds(1_500.5)))];
        var settings = new PublishSettings(cadences);
        var inputs = new PublishInput[Feeds];
        var (rests, decisions, plain) = (new PublishRest[Feeds], new PublishDecision[Feeds], new PublishDecision[Feeds]);
        var now = 1_000_000L;
        for (var step = 0; step < 300; step++)
        {
            now += random.Next(30) switch { 0 => -random.Next(300), 1 => random.Next(2_000), _ => random.Next(60) };
            for (var i = 0; i < Feeds; i++)
            {
                if (step > 0 && random.Next(6) != 0) continue;
                inputs[i] = Any(random, settings, now);
                rests[i] = default;
            }

            var at = Instant.FromUnixTimeMilliseconds(now) + Duration.FromNanoseconds(random.Next(1_000_000));
            Assert.Equal(PublishPolicy.PlanBatch(inputs, at, plain), PublishPolicy.PlanBatch(inputs, at, decisions, rests));
            Assert.Equal(plain, decisions);
        }
    }

    [Fact]
    public void PlanBatch_RestsOfAnotherLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => PublishPolicy.PlanBatch(new PublishInput[2], default, new PublishDecision[2], new PublishRest[1]));

    private static PublishInput Any(Random random, PublishSettings settings, long now)
    {
        var state = random.Next(5) switch { 0 => FeedState.Degraded, 1 => FeedState.Held, _ => FeedState.Live };
        var landed = Record(10_000_000) with { State = random.Next(4) == 0 ? FeedState.Degraded : state };
        return new PublishInput
        {
            Candidate = random.Next(10) == 0 ? null : Record(10_000_000 + random.Next(-12_000, 12_000)) with { State = state },
            Landed = random.Next(10) == 0 ? null : new LandedRecord(landed, (ulong)(now - random.Next(-200, 1_500)) * BatchSequence.Slots),
            InFlight = random.Next(10) == 0,
            Settings = settings,
            StateSince = Instant.FromUnixTimeMilliseconds(now - random.Next(4_000)),
        };
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
