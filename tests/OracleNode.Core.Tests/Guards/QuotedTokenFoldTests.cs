using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.DerivedHarness;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class QuotedTokenFoldTests
{
    private readonly DerivedHarness _it = new();

    [Fact]
    public void Token_InAnotherCurrency_IsItsPriceOverTheRate()
    {
        _it.Multiplier(1.5, 1).Quote(10_000, 2).Peg(0, 0.8, 1).Peg(1, 0.8, 2).Tick(2);
        var (token, quoted) = (_it.Token, _it.Quoted);
        Assert.Equal((Cents(15_000), Cents(18_750), Cents(12_500), token.Multiplier), (token.Price, quoted.Price, quoted.Underlying, quoted.Multiplier));
        Assert.Equal((FeedState.Live, MarketSession.Regular, At(1), 3), (quoted.State, quoted.Session, quoted.ObservedAt, quoted.Upstreams));
        Assert.True(quoted.Bid < quoted.Price && quoted.Price < quoted.Ask);
        Assert.True(quoted.ConfidenceE8 * 0.8 >= token.ConfidenceE8);
    }

    [Fact]
    public void Token_WithoutARateOfThisMoment_IsHeldWithItsLastGoodPrice()
    {
        _it.Multiplier(1, 1).Quote(10_000, 1).Peg(0, 1, 1).Peg(1, 1, 1).Tick(1).Quote(10_000, 700).Tick(700);
        Assert.Equal(FeedState.Live, _it.Token.State);
        Assert.Equal((FeedState.Held, HoldReasons.Stale, DecisionReason.RateMissing, Cents(10_000), At(1), 0),
            (_it.Quoted.State, _it.Quoted.HoldReasons, _it.Quoted.Reason, _it.Quoted.Price, _it.Quoted.ObservedAt, _it.Quoted.SourcesUsed));
    }

    [Fact]
    public void Token_InACurrencyOffItsPeg_FollowsTheTrueRate()
    {
        _it.Multiplier(1, 1).Quote(10_000, 1).Peg(0, 1, 1).Peg(1, 1, 1).Tick(1).Quote(10_000, 2).Peg(0, 0.5, 2).Peg(1, 0.5, 2).Tick(2);
        Assert.Equal((Cents(20_000), FeedState.Live, FeedState.Live), (_it.Quoted.Price, _it.Quoted.State, _it.Currency.State));
    }

    [Fact]
    public void Token_OfADoubtfulRate_IsAsDoubtful()
    {
        _it.Multiplier(1, 1).Quote(10_000, 1).Peg(0, 0.996, 1).Peg(1, 1.004, 1).Tick(1);
        Assert.InRange(_it.Quoted.ConfidenceE8 - _it.Token.ConfidenceE8, Cents(39).E8, Cents(42).E8);
    }

    [Fact]
    public void Token_OfAClosedShare_IsClosed()
    {
        _it.Multiplier(1, FridayClose - 60).Quote(10_000, FridayClose - 1).Peg(0, 1, FridayClose - 1).Peg(1, 1, FridayClose - 1).Tick(FridayClose - 1);
        _it.Peg(0, 0.9, FridayClose + 60).Peg(1, 0.9, FridayClose + 60).Tick(FridayClose + 60);
        Assert.Equal((FeedState.Closed, MarketSession.Closed, ClosedReason.Weekend, Cents(10_000)), (_it.Quoted.State, _it.Quoted.Session, _it.Quoted.ClosedReason, _it.Quoted.Price));
    }

    [Fact]
    public void Token_WhoseMultiplierStepsWhileClosed_IsTheShareTimesTheNewOne()
    {
        _it.Multiplier(1, FridayClose - 60).Quote(10_000, FridayClose - 1).Peg(0, 0.8, FridayClose - 1).Peg(1, 0.8, FridayClose - 1).Tick(FridayClose - 1);
        _it.Multiplier(1.005, FridayClose + 60).Tick(FridayClose + 60);
        Assert.Equal((Cents(10_050), Cents(12_562.5), Cents(12_500), _it.Token.Multiplier), (_it.Token.Price, _it.Quoted.Price, _it.Quoted.Underlying, _it.Quoted.Multiplier));
    }

    [Fact]
    public void Token_PausedWithItsShare_IsPaused()
    {
        _it.Multiplier(1, 1).Quote(10_000, 1).Peg(0, 1, 1).Peg(1, 1, 1).Tick(1);
        _it.Market.Apply(MarketInput.Of(At(1), new OperatorCommand(OperatorAction.Pause, MarketHarness.Id(0), default, null, "alice", "a test")));
        _it.Quote(10_000, 2).Tick(2);
        Assert.Equal((FeedState.Paused, FeedState.Paused), (_it.Token.State, _it.Quoted.State));
    }
}
