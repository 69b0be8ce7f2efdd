using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// Markets in which a second is worth more than two upstreams may differ by, told by three that speak once a second, each with its own phase and delay: 60 to 110 bps a
/// second up and down, one tick per word.
/// </summary>
public class FastMarketTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void HonestSources_HoweverFast_AreNeverQuarantined(int seed) => Assert.All(Run(seed, liesBps: 0), q => Assert.Equal(0, q));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Liar_InAFastMarket_IsQuarantined(int seed)
    {
        var quarantined = Run(seed, liesBps: 400);
        Assert.Contains(1, quarantined);
        Assert.DoesNotContain(2, quarantined);
    }

    /// <summary>How many sources are in quarantine after each word; the first of them lies by so much.</summary>
    private static List<int> Run(int seed, int liesBps)
    {
        var random = new Random(seed);
        var feed = new FoldHarness();
        var phase = Array.ConvertAll(new int[3], _ => random.Next(2) == 0 ? 0 : random.Next(1000) / 1000.0);
        var delay = Array.ConvertAll(new int[3], _ => random.Next(5, 250) / 1000.0);
        var (drift, leg) = (random.Next(60, 111) / 10_000.0, random.Next(5, 15));
        var words = new List<(double At, double Received, int Source)>();
        for (var second = 1; second <= 90; second++)
            for (var source = 0; source < 3; source++)
                words.Add((second + phase[source], second + phase[source] + delay[source], source));

        var quarantined = new List<int>();
        foreach (var (at, received, source) in words.OrderBy(w => w.Received))
        {
            var into = at % (2 * leg);
            var mid = 10_000 * Math.Exp(drift * (into < leg ? into : (2 * leg) - into)) * (source == 0 ? 1 + (liesBps / 10_000.0) : 1);
            quarantined.Add(feed.Quote(source, mid - 1, mid + 1, at, received: received).Tick(received).QuarantinedSources);
        }

        return quarantined;
    }
}
