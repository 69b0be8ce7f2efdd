using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

public class AllocationTests
{
    [Fact]
    public void Fold_InSteadyState_AllocatesNothing()
    {
        var sources = new List<Source>();
        for (var i = 0; i < 7; i++) sources.Add(new Source(new SourceId(i), $"s{i}", new UpstreamId(i % 5), $"u{i % 5}"));
        var fold = new FeedFold(PricingSettings.Stock, sources);
        var token = new TokenFold(new TokenSettings());

        Run(fold, token, rounds: 2_000, from: 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var live = Run(fold, token, rounds: 2_000, from: 2_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(live > 1_000, $"Only {live} of 2,000 ticks were live: the path of interest was not measured.");
        Assert.Equal(0, allocated);
    }

    /// <summary>Quotes, prints, withdrawals, refusals, outliers, halts, jumps and every session.</summary>
    private static int Run(FeedFold fold, TokenFold token, int rounds, int from)
    {
        var live = 0;
        for (var round = from; round < from + rounds; round++)
        {
            var now = FoldHarness.Open + Duration.FromMilliseconds(100L * round);
            for (var source = 0; source < 7; source++)
            {
                var mid = 10_000_000_000 + (round % 50 * 1_000_000) + (source * 100_000) + (source == 4 && round % 3 == 0 ? 900_000_000 : 0) + (round % 400 > 380 ? 500_000_000 : 0);
                Price.TryFromE8(mid - 1_000_000, out var bid);
                Price.TryFromE8(round % 11 == source ? 0 : mid + (round % 13 == source ? -2_000_000 : 1_000_000), out var ask);
                Price.TryFromE8(mid, out var last);
                var observation = new Observation
                {
                    Kind = ObservationKind.Quote,
                    Source = new SourceId(source),
                    Upstream = new UpstreamId(source % 5),
                    Instrument = default,
                    EventTime = now - Duration.FromMilliseconds(source * 10),
                    ReceiveTime = now,
                    Bid = bid,
                    Ask = ask,
                    Last = last,
                    Halt = round % 500 is > 450 and < 480 && source < 2 ? HaltReason.News : HaltReason.None,
                };
                fold.Apply(observation);
                fold.Apply(observation with { Kind = ObservationKind.Trade });
                fold.Apply(observation with { Kind = ObservationKind.Status });
                if (round % 9 == source) fold.Apply(observation with { Kind = ObservationKind.Cancel });
                if (round % 17 == source) fold.Apply(observation with { Kind = ObservationKind.Trade, Conditions = ConditionFlags.OpeningPrint | ConditionFlags.ClosingPrint });
            }

            var session = (round % 1_000) switch
            {
                > 990 => FoldHarness.Closed,
                > 980 => FoldHarness.Unknown,
                > 970 => FoldHarness.Overnight,
                > 960 => FoldHarness.PostMarket,
                _ => FoldHarness.Regular,
            };
            if (round % 50 == 0)
            {
                var inputs = new GuardInputs
                {
                    Operator = round % 400 == 0 ? OperatorOrder.Hold : OperatorOrder.None,
                    OfficialClose = Price.FromE8(10_000_000_000),
                    MoveReference = Price.FromE8(10_000_000_000),
                    Related = new RelatedMoves(new RelatedMove(0, 2_000)),
                };
                fold.SetInputs(inputs);
                token.SetInputs(inputs);
            }

            if (round % 70 == 0) fold.Suspend(new SourceId(round % 7), InputReason.EqualAcrossSymbols, now + Duration.FromSeconds(1));
            var decision = fold.Tick(now, session);
            while (fold.Transitions.TryTake(out _))
            {
            }

            if (decision.IsFresh) live++;
            token.Tick(decision, new MultiplierTerms(Multiplier.One, default, null, now), now);
            foreach (ref readonly var input in decision.Inputs)
                if (input.Source.Index < 0)
                    throw new InvalidOperationException("A verdict names no source.");
        }

        return live;
    }
}
