using System.Globalization;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Updates;
using static OracleNode.Guards.DerivedHarness;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>What holds whatever is said of tokens' own markets.</summary>
public class DerivedFeedProperties
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24)];

    /// <summary>Two markets folds see the same shares and multipliers; one of them hears of the tokens' markets as well. Shares and tokens decide the same, to the last number.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void TokenMarkets_WhateverTheySay_NeverReachAShareOrAToken(int seed)
    {
        var random = new Random(seed);
        var (with, without) = (new DerivedHarness(), new DerivedHarness());
        var mid = 10_000.0;
        var at = random.Next(2) == 0 ? 1.0 : FridayClose - 300;
        for (var round = 0; round < 400; round++)
        {
            at += random.Next(1, 20);
            mid *= 1 + ((random.NextDouble() - 0.5) / 500);
            if (random.Next(3) > 0) Both(h => h.Quote(mid, at));
            if (random.Next(20) == 0) Both(h => h.Multiplier(1 + (seed % 3), at));
            for (var said = random.Next(4); said > 0; said--) with.Trade(random.Next(4), mid * Math.Pow(10, (random.NextDouble() * 4) - 2), at - random.Next(30), q => Spoil(q, random), received: at);
            if (random.Next(5) == 0) with.Peg(random.Next(2), random.NextDouble() * 2, at);
            Both(h => h.Tick(at));
            for (var feed = ShareFeed; feed <= TokenFeed; feed++) Assert.Equal(TextOf(without.Market.DecisionOf(feed)!), TextOf(with.Market.DecisionOf(feed)!));
        }

        void Both(Action<DerivedHarness> act)
        {
            act(with);
            act(without);
        }
    }

    /// <summary>Times never go back, never lie ahead; a ratio is inside its bounds, an indication inside its cap; every record can be signed; every hold has a flag.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void DerivedFeeds_WhateverIsSaid_AreHonest(int seed)
    {
        var random = new Random(seed);
        var it = new DerivedHarness().Multiplier(1, FridayClose - 4_000);
        it.Watch(10_000, 10_100, FridayClose - 3_000, FridayClose - 400, markets: 4);
        var last = new Instant[6];
        var at = FridayClose - 400.0;
        var (fresh, indicated) = (0, 0);
        for (var round = 0; round < 600; round++)
        {
            at += random.Next(1, 30);
            if (random.Next(3) > 0) it.Quote(10_000, at);
            for (var said = random.Next(6); said > 0; said--)
            {
                var isWild = random.Next(8) == 0;
                var price = 10_100 * (isWild ? Math.Pow(10, (random.NextDouble() * 4) - 2) : 1 + ((random.NextDouble() - 0.5) / 50));
                it.Trade(random.Next(4), price, at - random.Next(30), isWild ? q => Spoil(q, random) : null, received: at);
            }

            if (random.Next(3) == 0) it.Peg(random.Next(2), 0.99 + (random.NextDouble() / 50), at);
            it.Tick(at);
            for (var feed = CurrencyFeed; feed <= QuotedFeed; feed++)
            {
                var decision = it.Market.DecisionOf(feed)!;
                if (decision.State is FeedState.Held or FeedState.Paused) Assert.NotEqual(HoldReasons.None, decision.HoldReasons);
                Assert.NotEqual(DecisionReason.None, decision.Reason);
                if (!decision.HasPrice) continue;
                Assert.True(decision.ObservedAt >= last[feed] && decision.ObservedAt <= decision.DecidedAt);
                last[feed] = decision.ObservedAt;
                if (decision.IsFresh)
                {
                    fresh++;
                    foreach (ref readonly var input in decision.Inputs)
                        if (feed < IndicationFeed && input.IsUsed) Assert.True(decision.ObservedAt <= input.EventTime, "never newer than what it was made from");
                }

                var record = FeedRecordFactory.Create(decision, FeedIdentity.Compute(it.Market.RulesOf(feed).Feed))!.Value;
                Assert.Equal(RecordError.None, RecordCodec.Check(record));
                Assert.Equal(feed == IndicationFeed, record.Token is { IsBasis: true });
            }

            var indication = it.Indication;
            if (indication.Reason is not (DecisionReason.Indicated or DecisionReason.IndicationCapped)) continue;
            indicated++;
            Assert.Equal(FeedState.Degraded, indication.State);
            Assert.InRange(indication.Price.E8, Cents(9_500).E8 - 1, Cents(10_250).E8 + 1);
        }

        Assert.True(fresh > 100 && indicated > 10, $"{fresh} fresh decisions, {indicated} indications: the path of interest was not measured");
    }

    private static TokenMarketQuote Spoil(TokenMarketQuote q, Random random) => random.Next(9) switch
    {
        0 => q with { Currency = "USDC" },
        1 => q with { Currency = "USDT" },
        2 => q with { Unit = FeedUnit.UiToken },
        3 => q with { Bid = default },
        4 => q with { Bid = q.Ask, Ask = q.Bid },
        5 => q with { AskDepthE8 = 0 },
        6 => q with { IsTrading = false },
        7 => q with { EventTime = q.EventTime + Duration.FromDays(1) },
        _ => q with { Bid = Price.FromE8(long.MaxValue - 1), Ask = Price.FromE8(long.MaxValue), BidDepthE8 = long.MaxValue, AskDepthE8 = long.MaxValue },
    };

    private static string TextOf(FeedDecision d) => string.Create(
        CultureInfo.InvariantCulture,
        $"{d.State} {d.Reason} {d.HoldReasons} {d.Session} {d.HaltReason} {d.Price} {d.ConfidenceE8} {d.Bid} {d.Ask} {d.Ema} {d.ObservedAt} {d.SourcesUsed} {d.SourcesRejected} {d.Upstreams} {d.Multiplier} {d.NextMultiplier} {d.Underlying} {d.MaxAge} {d.NextChangeAt}");
}
