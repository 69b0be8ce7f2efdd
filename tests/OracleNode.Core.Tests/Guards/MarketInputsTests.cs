using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>What lies outside a feed acts on it through the one fold.</summary>
public class MarketInputsTests
{
    private readonly MarketHarness _market = new();

    public MarketInputsTests() => _market.Multiplier(0).All(0, 10_000, 1).All(1, 20_000, 1).Tick(1);

    [Fact]
    public void Pause_OfOneFeed_StopsItAndItsTokenUntilResumed()
    {
        Assert.Equal((FeedState.Paused, DecisionReason.OperatorPause), Of(_market.Order(OperatorAction.Pause, 2).Tick(2, everything: false)));
        Assert.Equal(FeedState.Live, _market.Market.DecisionOf(1)!.State);
        Assert.Equal(FeedState.Paused, _market.Market.DecisionOf(_market.Token)!.State);
        Assert.Equal(FeedState.Paused, _market.All(0, 10_000, 3).Tick(3).State);
        Assert.Equal(FeedState.Live, _market.Order(OperatorAction.Resume, 4).Tick(4).State);
    }

    [Fact]
    public void Pause_WithAnEnd_EndsByItself()
    {
        Assert.Equal(FeedState.Paused, _market.Order(OperatorAction.Pause, 2, until: 5).TickThrough(2, 4.9).State);
        Assert.Equal(FeedState.Live, _market.Tick(5).State);
    }

    [Fact]
    public void Pause_OfEveryFeed_StopsAll()
    {
        _market.Order(OperatorAction.Pause, 2, share: null).Tick(2);
        Assert.All(new[] { 0, 1, 2, _market.Token }, feed => Assert.Equal(FeedState.Paused, _market.Market.DecisionOf(feed)!.State));
        _market.Order(OperatorAction.Resume, 3, share: 1).Tick(3);
        Assert.Equal((FeedState.Paused, FeedState.Live), (_market.Market.DecisionOf(0)!.State, _market.Market.DecisionOf(1)!.State));
    }

    [Fact]
    public void Pause_FoundOnChainAfterARestart_IsLiftedByResume()
    {
        var market = new MarketHarness();
        market.Market.Restore(0, Restored(10_000, at: 0, state: FeedState.Paused) with { HoldReasons = HoldReasons.Operator });
        Assert.Equal((FeedState.Paused, DecisionReason.StoppedOnChain), Of(market.All(0, 10_000, 1).Tick(1)));
        Assert.Equal(FeedState.Live, market.Order(OperatorAction.Resume, 2).Tick(2).State);
    }

    [Fact]
    public void Halt_Asked_HoldsUntilItEnds()
    {
        Assert.Equal((FeedState.Held, DecisionReason.OperatorHold), Of(_market.Order(OperatorAction.Halt, 2, until: 4).Tick(2)));
        Assert.Equal(HaltReason.Operator, _market.Market.DecisionOf(0)!.HaltReason);
        Assert.Equal((FeedState.Reopening, DecisionReason.AwaitingResume), Of(_market.Tick(4)));
        Assert.Equal(FeedState.Live, _market.All(0, 10_000, 5).Tick(5).State);
    }

    [Fact]
    public void Retire_IsForGood()
    {
        Assert.Equal((FeedState.Retired, DecisionReason.OperatorRetired), Of(_market.Order(OperatorAction.Retire, 2).Tick(2)));
        Assert.Equal(FeedState.Retired, _market.Order(OperatorAction.Resume, 3).Tick(3).State);
    }

    [Fact]
    public void Confirm_OfAJumpBeyondTheTier_PublishesThatPriceAlone()
    {
        _market.All(0, 13_000, 2);
        Assert.Equal((FeedState.Held, DecisionReason.JumpNeedsEvidence), Of(_market.TickThrough(2, 10)));
        Assert.Equal(DecisionReason.JumpNeedsEvidence, _market.Order(OperatorAction.Confirm, 11, price: 14_000).Tick(11).Reason);
        Assert.Equal((FeedState.Live, DecisionReason.JumpEvidenced), Of(_market.Order(OperatorAction.Confirm, 12, price: 13_000).Tick(12)));
    }

    [Fact] // NYSE, 3 June 2024: BRK.A prints 185.10 far outside its price band.
    public void Band_OfTwoUpstreams_HoldsWhatLiesOutside()
    {
        _market.Band(0, 0, 9_900, 10_100, 2).All(0, 10_150, 2);
        Assert.Equal(FeedState.Live, _market.Tick(2).State);
        _market.Band(0, 1, 9_950, 10_100, 3);
        Assert.Equal(FeedState.Live, _market.Tick(3).State);
        Assert.Equal((FeedState.Held, DecisionReason.OutsideBand), Of(_market.Band(0, 1, 9_900, 10_100, 4).Tick(4)));
        Assert.Equal((Cents(9_900), Cents(10_100)), _market.Market.BandOf(new InstrumentId(0)));
        Assert.Equal(FeedState.Live, _market.All(0, 10_090, 5).Tick(5).State);
    }

    [Fact]
    public void Band_OfTheListingMarket_StandsAlone()
    {
        var market = new MarketHarness(listingMarket: 2).All(0, 10_150, 1).Band(0, 2, 9_900, 10_100, 1);
        Assert.Equal(DecisionReason.OutsideBand, market.Tick(1).Reason);
        Assert.Equal((default, default), market.Market.BandOf(new InstrumentId(99)));
    }

    [Fact]
    public void Band_ThatNobodyRenews_StandsHalfAnHour()
    {
        _market.Band(0, 0, 9_900, 10_100, 2).Band(0, 1, 9_900, 10_100, 2);
        Assert.Equal(DecisionReason.OutsideBand, _market.All(0, 10_150, 1_801).Tick(1_801).Reason);
        Assert.Equal(FeedState.Live, _market.All(0, 10_150, 1_803).Tick(1_803).State);
    }

    [Theory]
    [InlineData(10_100, 9_900, 2)]
    [InlineData(9_900, 10_100, 10)]
    public void Band_ThatIsNone_IsRefused(double low, double high, double at) => Assert.Equal(
        InputOutcome.Malformed,
        _market.Market.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Band, 0, 0, at, received: 2) with { Bid = Cents(low), Ask = Cents(high) })));

    [Fact] // Nasdaq, 3 July 2017: test data at 123.47 on everything, at most vendors at once.
    public void TestPrices_AtMostVendors_HoldEveryFeed()
    {
        double[] closes = [14_350, 95_366, 6_817];
        var market = new MarketHarness();
        for (var i = 0; i < 3; i++) market.Market.Restore(i, Restored(closes[i], at: 0));
        for (var i = 0; i < 3; i++) market.Quote(i, 0, 12_347, 1).Quote(i, 1, 12_347, 1).Quote(i, 2, closes[i], 1);
        market.TickThrough(1, 30);
        for (var i = 0; i < 3; i++)
        {
            var decision = market.Market.DecisionOf(i)!;
            Assert.Equal((FeedState.Held, DecisionReason.EqualPrices, HoldReasons.Disagreement, Cents(closes[i])), (decision.State, decision.Reason, decision.HoldReasons, decision.Price));
            Assert.Equal(InputReason.EqualAcrossSymbols, decision.Inputs[0].Reason);
            Assert.NotEqual(InputReason.EqualAcrossSymbols, decision.Inputs[2].Reason);
        }

        Assert.True(market.Market.SuspectUntil(new SourceId(0)) > At(30));
        Assert.False(market.Market.SuspectUntil(new SourceId(2)) > At(30));
        for (var i = 0; i < 3; i++) market.All(i, closes[i], 2_000);
        market.Tick(2_000);
        for (var i = 0; i < 3; i++) Assert.Equal(FeedState.Live, market.Market.DecisionOf(i)!.State);
    }

    [Fact]
    public void TestPrices_AtOneVendorOfThree_TakeItsVoteOnly()
    {
        var market = new MarketHarness();
        double[] prices = [10_000, 20_000, 30_000];
        for (var i = 0; i < 3; i++) market.All(i, prices[i], 1);
        market.Tick(1);
        for (var i = 0; i < 3; i++) market.Quote(i, 0, 12_347, 2).Quote(i, 1, prices[i], 2).Quote(i, 2, prices[i], 2);
        market.Tick(2);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(market.Market.DecisionOf(i)!.IsFresh);
            Assert.Equal(InputReason.EqualAcrossSymbols, market.Market.DecisionOf(i)!.Inputs[0].Reason);
        }
    }

    [Theory]
    [InlineData(100_000)] // of the future
    [InlineData(-1_000_000)] // of days ago: another unit, or a vendor's leftovers
    public void OnePriceOnSeveralInstruments_OfAnotherTime_SuspectsNobody(double at)
    {
        var market = new MarketHarness();
        double[] prices = [10_000, 20_000, 30_000];
        for (var i = 0; i < 3; i++) market.All(i, prices[i], 1);
        market.Tick(1);
        for (var i = 0; i < 3; i++) market.Quote(i, 0, 12_347, at, received: 2).Quote(i, 1, prices[i], 2).Quote(i, 2, prices[i], 2);
        market.Tick(2);
        for (var i = 0; i < 3; i++) Assert.NotEqual(InputReason.EqualAcrossSymbols, market.Market.DecisionOf(i)!.Inputs[0].Reason);
    }

    [Fact] // Venus and LUNA, 12 May 2022: a feed that clamped stood at its floor of 0.107 while the market was at 0.01.
    public void Price_BelowItsFloor_HoldsAndIsNotClamped()
    {
        var market = new MarketHarness(pricing: PricingSettings.Stock with { MinPrice = Cents(9_000) });
        Assert.Equal(FeedState.Live, market.All(0, 9_100, 1).Tick(1).State);
        Assert.Equal(DecisionReason.AtBound, market.All(0, 9_000, 2).Tick(2).Reason);
        Assert.Equal((DecisionReason.OutsideBounds, Cents(9_100), Cents(8_000)), (market.All(0, 8_000, 3).Tick(3).Reason, market.Tick(3).Price, market.Tick(3).Measured));
    }

    [Fact] // Moonwell, 15 February 2026: a ratio of 1.12 published where 2,200 dollars were right.
    public void Formula_ThatIsWrongAfterARestart_HoldsForItsConfiguration()
    {
        var market = new MarketHarness();
        market.Market.Restore(0, Restored(220_000, at: 0));
        for (var source = 0; source < 3; source++)
            market.Apply(MarketHarness.Say(ObservationKind.Quote, 0, source, 1) with { Bid = Cents(111.9), Ask = Cents(112.1) });
        var decision = market.TickThrough(1, 40);
        Assert.Equal((FeedState.Held, Cents(220_000)), (decision.State, decision.Price));
        Assert.Equal(HoldReasons.Configuration | HoldReasons.Jump, decision.HoldReasons & (HoldReasons.Configuration | HoldReasons.Jump));
        Assert.Equal(ActivationVerdict.Accepted, market.Market.ActivationOf(0));
    }

    [Fact]
    public void Bounds_ThatExcludeThePriceOnChain_HoldForTheirConfiguration()
    {
        var market = new MarketHarness(pricing: PricingSettings.Stock with { MinPrice = Cents(10_000) });
        market.Market.Restore(0, Restored(9_950, at: 0));
        Assert.Equal(ActivationVerdict.ExcludesPrice, market.Market.ActivationOf(0));
        Assert.Equal((FeedState.Held, DecisionReason.ActivationDeviates), Of(market.All(0, 10_050, 1).TickThrough(1, 20)));
        Assert.Equal(FeedState.Live, market.All(0, 10_050, 901).Tick(901).State);
    }

    [Fact]
    public void Calendar_Changed_ComparesTheNextPriceWithTheLast()
    {
        _market.Market.Apply(MarketInput.Of(At(2), new CalendarActivation(CalendarFixture.UsEquities, default)));
        Assert.Equal((HoldReasons.Configuration, DecisionReason.ActivationDeviates), (_market.All(0, 11_100, 2).TickThrough(2, 20).HoldReasons, _market.Tick(20).Reason));
        Assert.Equal(FeedState.Live, _market.All(0, 10_100, 21).Tick(21).State);
    }

    [Fact]
    public void Peg_OffAtTwoUpstreams_HoldsTheTokenAlone()
    {
        var market = new MarketHarness(token: new TokenSettings { PegCurrency = "USDC" }).Multiplier(0).All(0, 10_000, 1);
        Assert.Equal((FeedState.Degraded, DecisionReason.PegUnknown), Of(market.Tick(1, market.Token)));
        Peg(market, 0, 88, 2);
        Peg(market, 1, 88, 2, "DAI");
        Assert.Equal((FeedState.Degraded, DecisionReason.PegUnknown), Of(market.Tick(2, market.Token)));
        Peg(market, 1, 92, 3);
        Assert.Equal((FeedState.Held, DecisionReason.Depegged), Of(market.Tick(3, market.Token)));
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(0)!.State);
        Peg(market, 1, 99.99, 4);
        Assert.Equal(FeedState.Live, market.Tick(4, market.Token).State);
    }

    [Theory]
    [InlineData(999_999, 1_000_000, FeedState.Held)]
    [InlineData(1_000_000, 1_000_000, FeedState.Live)]
    [InlineData(1, 0, FeedState.Live)]
    public void Reserve_BelowWhatWasIssued_HoldsTheToken(ulong backing, ulong issued, FeedState expected)
    {
        var scale = (UInt128)1_000_000_000_000_000_000;
        _market.Market.Apply(MarketInput.Of(At(2), new ReserveReading(new TokenId(0), backing * scale, issued * scale, At(2))));
        Assert.Equal(expected, _market.Tick(2, _market.Token).State);
        Assert.Equal(FeedState.Live, _market.Market.DecisionOf(0)!.State);
    }

    [Fact]
    public void Reserve_ReadLongAgo_TellsNothing()
    {
        _market.Market.Apply(MarketInput.Of(At(2), new ReserveReading(new TokenId(0), 1, UInt128.MaxValue, At(2) - Duration.FromDays(3))));
        Assert.Equal(FeedState.Live, _market.Tick(2, _market.Token).State);
    }

    [Fact]
    public void Changes_AreThereForTheHostToDrain()
    {
        _market.Order(OperatorAction.Halt, 2, until: 4).Tick(2);
        _market.Tick(4);
        var seen = new List<(FeedState, FeedState, HoldReasons, HoldReasons)>();
        while (_market.Market.TransitionsOf(0).TryTake(out var t)) seen.Add((t.From, t.To, t.Entered, t.Left));
        Assert.Equal(
            [
                (FeedState.Unknown, FeedState.Live, HoldReasons.None, HoldReasons.None),
                (FeedState.Live, FeedState.Held, HoldReasons.Operator, HoldReasons.None),
                (FeedState.Held, FeedState.Reopening, HoldReasons.None, HoldReasons.Operator),
            ],
            seen);
        Assert.True(_market.Market.TransitionsOf(_market.Token).Count > 0);
    }

    [Fact]
    public void Misstamped_Words_TakeTheirSourcesVote()
    {
        for (var second = 2; second < 30; second++)
        {
            _market.Quote(0, 0, 10_000, second).Quote(0, 1, 10_000, second).Quote(0, 2, 10_000, second + 3_600, received: second);
            Assert.Equal(InputReason.Future, _market.Market.OutcomeOf(0));
            _market.Tick(second);
        }

        Assert.Equal((FeedState.Degraded, 1), (_market.Tick(30).State, _market.Tick(30).QuarantinedSources));
        Assert.Equal(InputReason.Quarantined, _market.Tick(30).Inputs[2].Reason);
    }

    [Fact]
    public void EveryInput_InSteadyState_AllocatesNothing()
    {
        var market = new MarketHarness(
            related: new Dictionary<int, RelatedFeed[]> { [0] = [new RelatedFeed(1, 200)], [1] = [new RelatedFeed(0, 200)] }, token: new TokenSettings { PegCurrency = "USDC" }).Multiplier(3_000);
        market.Order(OperatorAction.Confirm, 0, price: 10_000);
        Peg(market, 0, 100, 0);
        Peg(market, 1, 100.01, 0);
        Run(0, 300);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(300, 600);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(FeedState.Live, market.Market.DecisionOf(0)!.State);

        void Run(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                for (var share = 0; share < 2; share++)
                    for (var source = 0; source < 3; source++) market.Quote(share, source, 10_000 * (share + 1) + (i % 20), i).Band(share, source, 5_000, 50_000, i);
                market.Tick(i, everything: i % 2 == 0);
                while (market.Market.TransitionsOf(0).TryTake(out _))
                {
                }
            }
        }
    }

    private static (FeedState, DecisionReason) Of(FeedDecision decision) => (decision.State, decision.Reason);

    private static void Peg(MarketHarness market, int source, double cents, double at, string currency = "USDC") =>
        market.Market.Apply(MarketInput.Of(At(at), new PegReading(new SourceId(source), new UpstreamId(source), currency, Cents(cents), At(at))));
}
