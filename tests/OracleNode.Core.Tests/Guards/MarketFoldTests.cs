using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

public class MarketFoldTests
{
    private const int First = 0;
    private const int Second = 1;
    private const int TokenOfFirst = 2;

    private static readonly TradingCalendar Calendar = CalendarFixture.UsEquities;

    private readonly CountingGuard _guard = new();
    private readonly MarketFold _market;

    public MarketFoldTests() => _market = Create(_guard);

    [Fact]
    public void Observation_Applied_ReachesItsInstrumentOnly()
    {
        QuoteAll(First, 40_000, 0);
        Assert.True(_market.IsDirty(First));
        Assert.False(_market.IsDirty(Second));

        _market.Tick(FoldHarness.At(0), everything: false);
        Assert.Equal((true, false), (_market.HasDecided(First), _market.HasDecided(Second)));
        Assert.Equal(FeedState.Live, _market.DecisionOf(First)!.State);
        Assert.Null(_market.DecisionOf(Second));
    }

    [Fact]
    public void Decisions_OfTheFold_AreThoseOfTheFeedAlone()
    {
        var alone = new FoldHarness();
        for (var i = 0; i < 200; i++)
        {
            var cents = 40_000 + (i * 7 % 50);
            alone.Mid(i % 3, cents, i);
            Quote(First, i % 3, cents, i);
            var expected = alone.Fold.Tick(FoldHarness.At(i), Calendar.SessionAt(FoldHarness.At(i)));
            _market.Tick(FoldHarness.At(i), everything: true);
            var actual = _market.DecisionOf(First)!;
            Assert.Equal((expected.State, expected.Price, expected.ConfidenceE8, expected.Ema, expected.ObservedAt), (actual.State, actual.Price, actual.ConfidenceE8, actual.Ema, actual.ObservedAt));
        }
    }

    [Fact]
    public void Multiplier_Applied_MakesTheToken()
    {
        QuoteAll(First, 40_000, 0);
        Assert.Equal(InputOutcome.Applied, _market.Apply(Multiplier(0, 2)));
        _market.Tick(FoldHarness.At(0), everything: true);
        Assert.Equal(FoldHarness.Cents(80_000), _market.DecisionOf(TokenOfFirst)!.Price);

        _market.Apply(MarketInput.Of(FoldHarness.At(1), new MultiplierUpdate(new TokenId(0), null)));
        _market.Tick(FoldHarness.At(1), everything: true);
        Assert.Equal(DecisionReason.MultiplierMissing, _market.DecisionOf(TokenOfFirst)!.Reason);
    }

    [Fact]
    public void Calendar_Applied_IsInForceAtTheNextTick()
    {
        QuoteAll(First, 40_000, 0);
        _market.Tick(FoldHarness.At(0), everything: true);
        var other = TradingCalendar.Parse("""{"version":"v2","validFrom":"2026-01-01","validUntil":"2026-12-31","tradeDateStart":"20:00","sessions":[{"from":"2026-01-01","fullDay":[{"session":"Regular","start":"09:30","end":"16:00"}],"earlyCloseDay":[{"session":"Regular","start":"09:30","end":"13:00"}]}],"holidays":{"2026-12-25":"Christmas"},"unscheduledClosures":{},"earlyCloses":{}}"""u8);
        _market.Apply(MarketInput.Of(FoldHarness.At(1), new CalendarActivation(other, default)));
        _market.Tick(FoldHarness.At(1), everything: true);
        Assert.Equal("v2", _market.Calendar.Version);
        Assert.Equal((FeedState.Held, HoldReasons.CalendarConflict), (_market.DecisionOf(First)!.State, _market.DecisionOf(First)!.HoldReasons));
    }

    [Theory]
    [InlineData(99, InputOutcome.UnknownInstrument)]
    [InlineData(-1, InputOutcome.UnknownInstrument)]
    public void UnknownInstrument_Applied_IsSaid(int instrument, InputOutcome expected) =>
        Assert.Equal(expected, _market.Apply(MarketInput.Of(Observation(0, 0, 100, 0) with { Instrument = new InstrumentId(instrument) })));

    [Fact]
    public void InputsForLaterRules_Applied_AreKept()
    {
        var now = FoldHarness.At(0);
        Assert.Equal(InputOutcome.Kept, _market.Apply(MarketInput.Of(now, new ClockMeasurement(ClockReference.Ntp, "time", Duration.FromSeconds(3), Duration.Zero))));
        Assert.Equal(InputOutcome.Kept, _market.Apply(MarketInput.Of(now, new SourceStatus(new SourceId(1), false, "reset"))));
        Assert.Equal(InputOutcome.Kept, _market.Apply(MarketInput.Of(now, new ReserveReading(new TokenId(0), 1, 2, now))));
        Assert.Equal(InputOutcome.Kept, _market.Apply(MarketInput.Of(now, new PegReading(new SourceId(0), new UpstreamId(10), "USDC", FoldHarness.Cents(100), now))));
        Assert.Equal(InputOutcome.Kept, _market.Apply(MarketInput.Of(now, new OperatorCommand(OperatorAction.Pause, FeedIdentity.Compute(Share(First)), default, null, "alice", ""))));

        Assert.Equal(Duration.FromSeconds(3), Assert.Single(_market.Facts.Clocks).Value.Offset);
        Assert.False(_market.Facts.Of(new SourceId(1))!.Value.Value.IsUp);
        Assert.Equal((UInt128)2, _market.Facts.Of(new TokenId(0))!.Value.Value.IssuedE18);
        Assert.Single(_market.Facts.Pegs);
        Assert.Single(_market.Facts.Commands);
    }

    [Fact]
    public void InputsForNobody_Applied_AreSaid()
    {
        var now = FoldHarness.At(0);
        Assert.Equal(InputOutcome.UnknownSource, _market.Apply(MarketInput.Of(now, new SourceStatus(new SourceId(77), true, ""))));
        Assert.Equal(InputOutcome.UnknownToken, _market.Apply(MarketInput.Of(now, new ReserveReading(new TokenId(5), 1, 2, now))));
        Assert.Equal(InputOutcome.UnknownToken, _market.Apply(MarketInput.Of(now, new MultiplierUpdate(new TokenId(5), null))));
        Assert.Equal(InputOutcome.UnknownFeed, _market.Apply(MarketInput.Of(now, new OperatorCommand(OperatorAction.Pause, new FeedId(new byte[32]), default, null, "alice", ""))));
        Assert.Equal(InputOutcome.Malformed, _market.Apply(default));
    }

    [Fact]
    public void FeedWhoseRulesThrow_Stops_AndTakesOnlyItsTokenAlong()
    {
        _market.Apply(Multiplier(0, 1));
        QuoteAll(First, 40_000, 0);
        QuoteAll(Second, 20_000, 0);
        _market.Tick(FoldHarness.At(0), everything: true);

        // A feed is restored before its first tick: asked for later, its rules throw.
        _market.Restore(First, FoldHarness.Restored(40_000));
        QuoteAll(First, 41_000, 1);
        QuoteAll(Second, 20_001, 1);
        _market.Tick(FoldHarness.At(1), everything: true);

        Assert.IsType<InvalidOperationException>(_market.FaultOf(First)!.Cause);
        Assert.Null(_market.DecisionOf(First));
        Assert.Contains("first", _market.FaultOf(TokenOfFirst)!.Problem);
        Assert.Equal(FeedState.Live, _market.DecisionOf(Second)!.State);
        Assert.Equal(FoldHarness.Cents(20_001), _market.DecisionOf(Second)!.Price);
    }

    [Fact]
    public void CrossGuard_SeesEveryInputAndTheTickBefore_BeforeAnyFeedDecides()
    {
        QuoteAll(First, 40_000, 0);
        _market.Tick(FoldHarness.At(0), everything: true);
        Assert.Equal(3, _guard.Observed);
        Assert.Equal([null], _guard.PricesAtMeasure);

        QuoteAll(First, 40_001, 1);
        _market.Tick(FoldHarness.At(1), everything: true);
        Assert.Equal([null, FoldHarness.Cents(40_000)], _guard.PricesAtMeasure);
    }

    [Fact]
    public void CrossGuardThatHolds_KeepsTheLieOutOfTheLastGoodPrice()
    {
        _market.Apply(Multiplier(0, 1));
        QuoteAll(First, 40_000, 0);
        QuoteAll(Second, 20_000, 0);
        _market.Tick(FoldHarness.At(0), everything: true);

        _guard.Finding = new CrossFinding(HoldReasons.Identity, DecisionReason.MiddlesDisagree);
        QuoteAll(First, 12_347, 1);
        QuoteAll(Second, 20_001, 1);
        _market.Tick(FoldHarness.At(1), everything: true);
        var held = _market.DecisionOf(First)!;
        Assert.Equal((FeedState.Held, HoldReasons.Identity, DecisionReason.MiddlesDisagree, FeedState.Live), (held.State, held.HoldReasons, held.Reason, held.PreviousState));
        Assert.Equal(FoldHarness.Cents(40_000), held.Price);
        Assert.Equal(0, held.SourcesUsed);
        Assert.DoesNotContain(held.Inputs.ToArray(), i => i.IsUsed);
        Assert.Equal(FeedState.Held, _market.DecisionOf(TokenOfFirst)!.State);
        Assert.Equal(FoldHarness.Cents(20_001), _market.DecisionOf(Second)!.Price);

        _guard.Finding = default;
        QuoteAll(First, 40_002, 2);
        _market.Tick(FoldHarness.At(2), everything: true);
        Assert.Equal((FeedState.Live, FoldHarness.Cents(40_002)), (_market.DecisionOf(First)!.State, _market.DecisionOf(First)!.Price));
    }

    [Fact]
    public void CrossGuardThatThrows_IsDismissedAndSaid()
    {
        _guard.Fault = new InvalidOperationException("a fault");
        QuoteAll(First, 40_000, 0);
        _market.Tick(FoldHarness.At(0), everything: true);
        Assert.Contains("a fault", Assert.Single(_market.GuardFaults).Problem);
        Assert.Equal(FeedState.Live, _market.DecisionOf(First)!.State);
    }

    [Fact]
    public void TokenBeforeItsShare_IsRefused() => Assert.Throws<ArgumentException>(() =>
        new MarketFold([new TokenFeedRules(Share(0), 1, new TokenId(0), new TokenSettings()), new ShareFeedRules(Share(1), PricingSettings.Stock, Sources())], Calendar));

    [Fact]
    public void Fold_InSteadyState_AllocatesNothing()
    {
        _market.Apply(Multiplier(0, 1));
        Run(from: 0, rounds: 500);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var live = Run(from: 500, rounds: 500);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(live > 400);

        int Run(int from, int rounds)
        {
            var live = 0;
            for (var i = from; i < from + rounds; i++)
            {
                for (var source = 0; source < 3; source++)
                {
                    _market.Apply(MarketInput.Of(Observation(First, source, 40_000 + (i % 20), i)));
                    _market.Apply(MarketInput.Of(Observation(Second, source, 20_000 + (i % 20), i) with { Kind = ObservationKind.Trade }));
                }

                _market.Tick(FoldHarness.At(i), everything: i % 2 == 0);
                if (_market.DecisionOf(First)!.IsFresh) live++;
            }

            return live;
        }
    }

    private static MarketFold Create(ICrossGuard guard) => new(
        [
            new ShareFeedRules(Share(First), PricingSettings.Stock, Sources()),
            new ShareFeedRules(Share(Second), PricingSettings.Stock, Sources()),
            new TokenFeedRules(Share(First) with { Name = "token", Unit = FeedUnit.RawToken }, First, new TokenId(0), new TokenSettings()),
        ],
        Calendar,
        [guard]);

    private static Feed Share(int i) => new(i == 0 ? "first" : "second", new InstrumentId(i), $"figi:BBG00000000{i}@XNAS", "USD", FeedUnit.UnderlyingShare);

    private static List<Source> Sources() => [.. Enumerable.Range(0, 3).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(10 + i), $"upstream{i}"))];

    private static MarketInput Multiplier(double at, uint value) =>
        MarketInput.Of(FoldHarness.At(at), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(new Multiplier(value * Market.Multiplier.One.E18), default, null, FoldHarness.At(at + 3_600))));

    private static Observation Observation(int instrument, int source, int cents, double at) => new()
    {
        Kind = ObservationKind.Quote,
        Source = new SourceId(source),
        Upstream = new UpstreamId(10 + source),
        Instrument = new InstrumentId(instrument),
        EventTime = FoldHarness.At(at),
        ReceiveTime = FoldHarness.At(at),
        Bid = FoldHarness.Cents(cents - 1),
        Ask = FoldHarness.Cents(cents + 1),
        Last = FoldHarness.Cents(cents),
    };

    private void Quote(int instrument, int source, int cents, double at) => _market.Apply(MarketInput.Of(Observation(instrument, source, cents, at)));

    private void QuoteAll(int instrument, int cents, double at)
    {
        for (var source = 0; source < 3; source++) Quote(instrument, source, cents, at);
    }

    private sealed class CountingGuard : ICrossGuard
    {
        public int Observed { get; private set; }

        public List<Price?> PricesAtMeasure { get; } = new(2_048);

        public CrossFinding Finding { get; set; }

        public Exception? Fault { get; set; }

        public void Observe(in MarketInput input) => Observed++;

        public void Measure(Instant now, in SessionInfo session, MarketFold market)
        {
            if (Fault is { } fault) throw fault;
            PricesAtMeasure.Add(market.DecisionOf(First)?.Price);
        }

        public CrossFinding Judge(int feed) => feed == First ? Finding : default;
    }
}
