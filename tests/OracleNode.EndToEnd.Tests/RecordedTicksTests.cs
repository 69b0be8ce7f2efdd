using NodaTime;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.MarketData;
using OracleNode.Readers;

namespace OracleNode;

/// <summary>Real ticks through the open: what landed on the chains against the national best bid and offer, computed from the files alone.</summary>
public sealed class RecordedTicksTests(RecordedSystem system) : IClassFixture<RecordedSystem>
{
    private const long Cent = Price.One / 100;

    private static readonly LocalTime Open = new(9, 30);
    private static readonly LocalTime Until = new(9, 32);

    [Fact]
    public async Task Prices_ThroughTheOpenOfARealDay_AreTheMidOfTheirMomentOnEveryChain()
    {
        RecordedSystem.SkipWhereAbsent();
        var landed = await CollectAsync();
        var open = MarketTimeline.At(system.Devnet.Timeline.Date, Open).ToUnixTimeMilliseconds();
        foreach (var symbol in RecordedSystem.Symbols)
        {
            var nbbo = new RecordedNbbo(RecordedSystem.PathOf(symbol));
            foreach (var chain in system.Readers)
            {
                var records = landed[(chain.Name, symbol)];
                var fresh = records.Where(r => r.IsFresh).ToList();
                var what = $"{chain.Name}, {symbol}: {fresh.Count} fresh of {records.Count}, {fresh.Select(r => r.Price).Distinct().Count()} prices";

                // Enough to mean something: before and after the open, and more than one price.
                Assert.True(fresh.Count(r => r.AttestedAtMillis < open && r.Session == (int)MarketSession.PreMarket) >= 2, what);
                Assert.True(fresh.Count(r => r.AttestedAtMillis >= open && r.Session == (int)MarketSession.Regular) >= 5, what);
                Assert.True(fresh.Select(r => r.Price).Distinct().Count() >= 4, what);
                Assert.True(fresh.Count(r => r.Upstreams == 3) >= 5, what);
                // A span in which the mid hardly moved pins the price down.
                Assert.True(fresh.Count(r => r.Upstreams == 3 && WidthBps(nbbo, r) <= 10) >= 3, what);
                Assert.All(records, r => Assert.Equal(r.AttestedAtMillis >= open, r.Session == (int)MarketSession.Regular));
                foreach (var record in fresh) RequireMidOfItsMoment($"{chain.Name}, {symbol}", nbbo, record);
            }
        }
    }

    /// <summary>
    /// Every vote of a record is of a moment between observedAt and the attestation. Two of three upstreams tell the NBBO, so the median
    /// of three lies between two mids of that span: it may be off by what rounding makes of half a cent, and by nothing else. With two
    /// upstreams one word may be a print, which lies about as far from the mid as the confidence says; and a print is of whole cents.
    /// </summary>
    private static void RequireMidOfItsMoment(string what, RecordedNbbo nbbo, PublishedRecord record)
    {
        var (low, high) = nbbo.TwiceMids(record.ObservedAtMillis, record.AttestedAtMillis);
        var tolerance = record.Upstreams == 3 ? 1 : record.Confidence + Cent;
        Assert.True(
            2 * (record.Price + tolerance) >= low && 2 * (record.Price - tolerance) <= high,
            $"{what}: {record.Price} is more than {tolerance} outside {low / 2.0} to {high / 2.0}, the mids between observedAt and attestation: {record}");

        // The confidence reaches the market, and is no excuse: 50 bps is far above any spread of these two.
        Assert.True(2 * (record.Price + record.Confidence) >= low && 2 * (record.Price - record.Confidence) <= high, $"{what}: {record}");
        Assert.InRange(record.Confidence, Cent / 2, record.Price / 200);
        Assert.True(record.Bid <= record.Price && record.Price <= record.Ask, $"{what}: {record}");
    }

    private static long WidthBps(RecordedNbbo nbbo, PublishedRecord record)
    {
        var (low, high) = nbbo.TwiceMids(record.ObservedAtMillis, record.AttestedAtMillis);
        return (high - low) * 10_000 / low;
    }

    private async Task<Dictionary<(string Chain, string Symbol), List<PublishedRecord>>> CollectAsync()
    {
        var over = MarketTimeline.At(system.Devnet.Timeline.Date, Until);
        var landed = new Dictionary<(string, string), List<PublishedRecord>>();
        foreach (var key in system.Readers.SelectMany(c => RecordedSystem.Symbols.Select(s => (c.Name, s)))) landed[key] = [];
        await system.WhileAsync("the open is over", () => system.Devnet.Clock.Now > over, async () =>
        {
            foreach (var chain in system.Readers)
            {
                foreach (var symbol in RecordedSystem.Symbols)
                {
                    var known = landed[(chain.Name, symbol)];
                    if (await chain.ReadAsync(system.IdOf(symbol)) is not { } record || (known.Count > 0 && known[^1].Sequence == record.Sequence)) continue;
                    if (known.Count > 0)
                    {
                        Assert.True(record.Sequence > known[^1].Sequence, $"{chain.Name}, {symbol}: the sequence went back");
                        Assert.True(record.ObservedAtMillis >= known[^1].ObservedAtMillis, $"{chain.Name}, {symbol}: observedAt went back");
                    }

                    known.Add(record);
                }
            }
        });
        return landed;
    }
}
