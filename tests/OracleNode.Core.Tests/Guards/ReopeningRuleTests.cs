using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>For thirty seconds after the opening only two-sided quotes of the quorum, given since, make a price.</summary>
public class ReopeningRuleTests
{
    private readonly FoldHarness _feed = new();

    public ReopeningRuleTests() => _feed.Tick(-10, PreMarket);

    [Fact]
    public void Opening_WithQuotesFromBefore_WaitsForNewOnes()
    {
        Assert.Equal(DecisionReason.AwaitingOpen, _feed.All(10_000, at: -1).Tick(1, Regular).Reason);
        Assert.Equal(DecisionReason.AwaitingOpen, _feed.Mid(0, 10_000, at: 2).Tick(2).Reason);
        Assert.Equal(FeedState.Live, _feed.Mid(1, 10_000, at: 3).Tick(3).State);
    }

    [Fact]
    public void Opening_WithPrints_WaitsForQuotesUntilTheGuardIsOver()
    {
        for (var i = 0; i < 3; i++) _feed.Trade(i, 10_000, at: 1);
        Assert.Equal(DecisionReason.AwaitingOpen, _feed.Tick(29.9, Regular).Reason);
        Assert.Equal(FeedState.Live, _feed.Tick(30).State);
    }

    [Fact]
    public void Opening_SeenLate_CountsFromTheCalendarsTime() =>
        Assert.Equal(FeedState.Live, _feed.All(10_000, at: 1).Tick(2, Regular).State);

    [Fact]
    public void Opening_FromClosed_AsksForQuotesToo()
    {
        var feed = new FoldHarness(restored: Restored(10_000));
        feed.Tick(0, Closed with { NextChangeAt = At(5) });
        for (var i = 0; i < 3; i++) feed.Trade(i, 10_000, at: 6);
        Assert.Equal(DecisionReason.AwaitingOpen, feed.Tick(6, PreMarket with { NextChangeAt = null }).Reason);
        Assert.Equal(FeedState.Live, feed.All(10_000, at: 7).Tick(7).State);
    }
}
