using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>Above the evidence tier (20 %) time alone confirms nothing; auctions, corporate actions and operators do, together with a quorum.</summary>
public class EvidenceTests
{
    private readonly FoldHarness _feed = new(listingMarket: 0);

    public EvidenceTests() => _feed.All(10_000, at: 1).Tick(1);

    [Theory]
    [InlineData(ConditionFlags.ReopeningPrint)]
    [InlineData(ConditionFlags.OpeningPrint)]
    [InlineData(ConditionFlags.OpeningPrint | ConditionFlags.NotLastEligible)]
    public void Jump_WithAnAuctionPrintNearIt_IsConfirmedByTheQuorum(ConditionFlags conditions)
    {
        _feed.All(6_500, at: 2).Trade(0, 6_480, at: 2, conditions);
        Assert.Equal((FeedState.Held, DecisionReason.JumpUnconfirmed), (_feed.Tick(2).State, _feed.Tick(2).Reason));
        var decision = _feed.TickThrough(2, 5);
        Assert.Equal((FeedState.Live, DecisionReason.JumpEvidenced, Cents(6_500)), (decision.State, decision.Reason, decision.Price));
    }

    [Theory]
    [InlineData(8_000, 2, ConditionFlags.ReopeningPrint)] // of another price
    [InlineData(6_500, 0.5, ConditionFlags.ReopeningPrint)] // of before the last published price
    [InlineData(6_500, 2, ConditionFlags.ReopeningPrint | ConditionFlags.Suspicious)]
    [InlineData(6_500, 2, ConditionFlags.ClosingPrint)]
    [InlineData(6_500, 2, ConditionFlags.None)]
    public void Jump_WithAnotherPrint_HasNoEvidence(double price, double at, ConditionFlags conditions)
    {
        _feed.Trade(0, price, at, conditions).All(6_500, at: 2);
        Assert.Equal(DecisionReason.JumpNeedsEvidence, _feed.TickThrough(2, 8).Reason);
    }

    [Fact]
    public void Evidence_ThatIsCancelled_IsNone()
    {
        _feed.All(6_500, at: 2).Trade(0, 6_500, at: 2, ConditionFlags.ReopeningPrint, id: 4).Retract(0, 6_500, at: 3, id: 4);
        Assert.Equal(DecisionReason.JumpNeedsEvidence, _feed.TickThrough(2, 8).Reason);
    }

    [Fact]
    public void Evidence_AnHourOld_IsNone()
    {
        _feed.Trade(0, 6_500, at: 2, ConditionFlags.ReopeningPrint);
        for (var second = 3; second < 610; second++) _feed.All(10_000, second).Tick(second);
        _feed.All(6_500, at: 620);
        Assert.Equal(DecisionReason.JumpNeedsEvidence, _feed.TickThrough(620, 630).Reason);
    }

    [Fact]
    public void Evidence_WithoutAQuorumThatAgrees_MovesNothing()
    {
        _feed.Mid(0, 6_500, at: 2).Trade(0, 6_500, at: 2, ConditionFlags.ReopeningPrint);
        Assert.Equal(Cents(10_000), _feed.TickThrough(2, 30).Price);
    }

    [Fact]
    public void Jump_ThatAnOperatorConfirms_IsPublishedAndNoOther()
    {
        _feed.All(6_500, at: 2).Inputs(new GuardInputs { ConfirmedPrice = Cents(6_600) });
        Assert.Equal(Cents(6_500), _feed.TickThrough(2, 5.2).Price);
        _feed.All(3_000, at: 6);
        Assert.Equal(DecisionReason.JumpNeedsEvidence, _feed.TickThrough(6, 12).Reason);
    }

    [Fact]
    public void Split_WithItsCorporateActionKnown_IsPublished()
    {
        var split = new PendingAction { OpensAt = At(1.5), Ratio = new ShareRatio(10, 1) };
        _feed.Inputs(new GuardInputs { Action = split }).All(1_004, at: 2);
        var paused = _feed.TickThrough(2, 6);
        Assert.Equal((FeedState.Paused, HoldReasons.CorporateAction, Cents(10_000)), (paused.State, paused.HoldReasons, paused.Price));
        _feed.Inputs(new GuardInputs { Action = split with { IsProven = true } }).All(1_004, at: 7);
        var decision = _feed.Tick(7);
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted, Cents(1_004), Cents(1_000)), (decision.State, decision.Reason, decision.Price, decision.Ema));
    }

    [Fact]
    public void OfficialClose_IsTakenFromTheClosingPrint()
    {
        _feed.Trade(0, 10_002, at: 2, ConditionFlags.ClosingPrint | ConditionFlags.NotLastEligible, id: 3);
        Assert.Equal(Cents(10_002), _feed.Tick(2).OfficialClose);
        _feed.Trade(0, 20_000, at: 3, ConditionFlags.ClosingPrint);
        Assert.Equal(Cents(10_002), _feed.Tick(3).OfficialClose);
        Assert.Equal(Cents(9_990), _feed.Inputs(new GuardInputs { OfficialClose = Cents(9_990) }).Tick(4).OfficialClose);
        Assert.True(_feed.Inputs(default).Retract(0, 10_002, at: 5, id: 3).Tick(5).OfficialClose.IsNone);
    }

    [Fact]
    public void Price_FarFromTheClose_NeedsTheQuorumToStandThere()
    {
        // Eleven hundredths and more below the close in steps, none of which is a jump.
        var feed = new FoldHarness();
        feed.Inputs(new GuardInputs { OfficialClose = Cents(11_500) }).All(10_000, at: 1);
        Assert.Equal(FeedState.Live, feed.Tick(1).State);
        Assert.Equal(DecisionReason.JumpFromClose, feed.All(9_750, at: 2).Tick(2).Reason);
        Assert.Equal(DecisionReason.JumpConfirmed, feed.TickThrough(2, 5).Reason);
        Assert.Equal(FeedState.Live, feed.All(9_500, at: 6).Tick(6).State);
    }

    [Fact]
    public void Price_FarFromItsAverage_NeedsTheQuorumToStandThere()
    {
        for (var second = 2; second < 400; second++) _feed.All(10_000, second).Tick(second);
        foreach (var (at, mid) in new[] { (400, 10_290), (401, 10_590), (402, 10_890), (403, 11_200), (404, 11_500) })
            Assert.Equal(FeedState.Live, _feed.All(mid, at).Tick(at).State);
        Assert.Equal(DecisionReason.JumpFromAverage, _feed.All(11_600, at: 405).Tick(405).Reason);
        Assert.Equal(FeedState.Live, _feed.TickThrough(405, 408).State);
        Assert.Equal(FeedState.Live, _feed.All(11_900, at: 409).Tick(409).State);
    }
}
