using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>Words that are none: test data, wrong units, frozen and carried values, stubs, prints away from the market.</summary>
public class HygieneTests
{
    private readonly FoldHarness _feed = new();

    [Theory]
    [InlineData(ConditionFlags.TestData, InputReason.TestData)]
    [InlineData(ConditionFlags.CarriedForward, InputReason.CarriedForward)]
    [InlineData(ConditionFlags.CarriedForward | ConditionFlags.TestData, InputReason.TestData)]
    public void Word_MarkedAsNone_IsRefusedByName(ConditionFlags conditions, InputReason expected)
    {
        _feed.Quote(0, 9_999, 10_001, at: 1, conditions).Trade(1, 10_000, at: 1, conditions);
        Assert.Equal(2, _feed.Fold.RefusedCount(expected));
        Assert.Equal(expected, _feed.VerdictAt(0, 1));
        Assert.Equal(FeedState.Held, _feed.Tick(1).State);
    }

    [Fact]
    public void Stamp_OfAnotherUnit_IsToldFromAFutureOne()
    {
        var now = At(1);
        foreach (var stamp in new[] { Instant.FromUnixTimeMilliseconds(now.ToUnixTimeSeconds()), Instant.MaxValue, Instant.MinValue, default, now + Duration.FromDays(366) })
            Apply(stamp);
        Assert.Equal((5, 0), (_feed.Fold.RefusedCount(InputReason.UnitError), _feed.Fold.RefusedCount(InputReason.Future)));
        Apply(now + Duration.FromSeconds(90));
        Assert.Equal((5, 1), (_feed.Fold.RefusedCount(InputReason.UnitError), _feed.Fold.RefusedCount(InputReason.Future)));

        void Apply(Instant stamp) => _feed.Apply(new Observation
        {
            Kind = ObservationKind.Trade,
            Source = new SourceId(0),
            Upstream = new UpstreamId(10),
            Instrument = default,
            EventTime = stamp,
            ReceiveTime = now,
            Last = Cents(10_000),
        });
    }

    [Theory]
    [InlineData(1, 10_000_000)] // a bid of 0.01 and an ask of 100,000
    [InlineData(1, 10_001)]
    public void Quote_ThatIsAStub_DoesNotVoteAndIsNamed(double bid, double ask)
    {
        _feed.All(10_000, at: 1).Tick(1);
        for (var i = 0; i < 3; i++) _feed.Quote(i, bid, ask, at: 2);
        var decision = _feed.Tick(2);
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum | HoldReasons.Spread, Cents(10_000)), (decision.State, decision.HoldReasons, decision.Price));
        Assert.Equal(InputReason.StubQuote, decision.Inputs[0].Reason);
    }

    [Fact]
    public void Mid_OfZeroUnderAFreshStamp_IsNoPrice()
    {
        _feed.All(10_000, at: 1).Tick(1);
        for (var i = 0; i < 3; i++) _feed.Quote(i, 0, 0, at: 2);
        Assert.Equal((FeedState.Held, Cents(10_000)), (_feed.Tick(2).State, _feed.Tick(2).Price));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9_890)]
    [InlineData(10_110)]
    [InlineData(10_000_000)]
    public void Print_AwayFromWhatTheOthersQuote_DoesNotVote(double price)
    {
        var decision = _feed.Trade(0, price, at: 1).Mid(1, 10_000, at: 1).Mid(2, 10_000, at: 1).Tick(1);
        Assert.Equal((InputReason.AwayFromMarket, FeedState.Degraded, Cents(10_000)), (decision.Inputs[0].Reason, decision.State, decision.Price));
        Assert.Equal((2, 1), (decision.SourcesUsed, decision.SourcesRejected));
    }

    [Fact]
    public void Prints_AgainstQuotesOfTheFewer_Vote()
    {
        // Two liars quote, three honest print: who quotes is not the market.
        var feed = new FoldHarness(5).Mid(0, 9_000, at: 1).Mid(1, 9_000, at: 1);
        for (var i = 2; i < 5; i++) feed.Trade(i, 10_000, at: 1);
        Assert.Equal((FeedState.Live, Cents(10_000)), (feed.Tick(1).State, feed.Tick(1).Price));
    }

    [Fact]
    public void Print_AgainstASingleQuote_IsNoOutcast()
    {
        var decision = new FoldHarness(2).Mid(0, 10_000, at: 1).Trade(1, 10_150, at: 1).Tick(1);
        Assert.Equal(HoldReasons.Disagreement, decision.HoldReasons);
    }

    [Fact]
    public void Value_RepeatedUnderNewStampsWhileTheOthersMoveAway_IsFrozen()
    {
        for (var second = 1; second <= 300; second++)
        {
            _feed.Mid(0, 10_000, second).Mid(1, 10_000 + (second * 0.1), second).Mid(2, 10_000 + (second * 0.1), second);
            if (second < 300) Assert.NotEqual(InputReason.FrozenValue, _feed.VerdictAt(0, second));
        }

        _feed.Mid(0, 10_000, 301).Mid(1, 10_030, 301).Mid(2, 10_030, 301);
        Assert.Equal((InputReason.FrozenValue, Cents(10_030)), (_feed.VerdictAt(0, 301), _feed.Tick(301).Price));
        Assert.Equal(InputReason.Used, _feed.Mid(0, 10_030, 302).VerdictAt(0, 302));
    }

    [Fact]
    public void Value_RepeatedByAllInAQuietMarket_IsNotFrozen()
    {
        for (var second = 1; second <= 600; second++) Assert.Equal(FeedState.Live, _feed.All(10_000, second).Tick(second).State);
    }

    [Fact]
    public void Value_MovingUnderOneStamp_IsFrozenInTime()
    {
        for (var second = 1; second <= 5; second++) _feed.Apply(Stuck(10_000 + second, second));
        Assert.Equal(0, _feed.Fold.RefusedCount(InputReason.FrozenTime));
        _feed.Apply(Stuck(10_006, 6.1));
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.FrozenTime));

        static Observation Stuck(double mid, double received) => new()
        {
            Kind = ObservationKind.Quote,
            Source = new SourceId(0),
            Upstream = new UpstreamId(10),
            Instrument = default,
            EventTime = At(1),
            ReceiveTime = At(received),
            Bid = Cents(mid - 1),
            Ask = Cents(mid + 1),
        };
    }

    [Fact]
    public void Values_OfOneBurst_AreNotFrozenInTime()
    {
        for (var i = 0; i < 100; i++) _feed.Quote(0, 9_999 - i, 10_001, at: 1, received: 1.2);
        Assert.Equal(0, _feed.Fold.RefusedCount(InputReason.FrozenTime));
    }

    [Fact]
    public void SoldLast_CountsAsAFirstPrintOnly()
    {
        _feed.Mid(1, 10_000, at: 1).Mid(2, 10_000, at: 1);
        Assert.Equal(Cents(10_001), _feed.Trade(0, 10_001, at: 1, ConditionFlags.OnlyIfFirst).Tick(1).Inputs[0].Value);
        Assert.Equal(Cents(10_001), _feed.Trade(0, 10_004, at: 2, ConditionFlags.OnlyIfFirst).Tick(2).Inputs[0].Value);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.NotEligible));
        Assert.Equal(Cents(10_002), _feed.Trade(0, 10_002, at: 3).Tick(3).Inputs[0].Value);
    }

    [Fact]
    public void SoldLast_OfTheNextDay_IsAFirstAgain()
    {
        var tomorrow = 86_400.0;
        _feed.Trade(0, 10_001, at: 1).Trade(0, 10_004, tomorrow, ConditionFlags.OnlyIfFirst).Mid(1, 10_000, tomorrow).Mid(2, 10_000, tomorrow);
        Assert.Equal(Cents(10_004), _feed.Tick(tomorrow, Regular with { NextChangeAt = null }).Inputs[0].Value);
    }

    [Fact]
    public void Suspension_TakesTheVoteUntilItsEnd()
    {
        Assert.True(_feed.All(10_000, at: 1).Fold.Suspend(new SourceId(0), InputReason.EqualAcrossSymbols, At(5)));
        Assert.Equal((InputReason.EqualAcrossSymbols, FeedState.Degraded), (_feed.VerdictAt(0, 2), _feed.Tick(2).State));
        Assert.True(_feed.Fold.Suspend(new SourceId(0), InputReason.EqualAcrossSymbols, At(3)));
        Assert.Equal(InputReason.EqualAcrossSymbols, _feed.VerdictAt(0, 4.9));
        Assert.Equal((InputReason.Used, FeedState.Live), (_feed.VerdictAt(0, 5), _feed.Tick(5).State));
        Assert.False(_feed.Fold.Suspend(new SourceId(77), InputReason.EqualAcrossSymbols, At(5)));
    }

    [Fact]
    public void Suspension_OfMostSources_HoldsRatherThanLowersTheQuorum()
    {
        _feed.All(10_000, at: 1).Tick(1);
        for (var i = 0; i < 2; i++) _feed.Fold.Suspend(new SourceId(i), InputReason.EqualAcrossSymbols, At(100));
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum), (_feed.All(12_347, at: 2).Tick(2).State, _feed.Tick(2).HoldReasons));
    }
}
