using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class RetractionTests
{
    private readonly FoldHarness _feed = new();

    public RetractionTests() => _feed.Mid(1, 10_000, at: 5).Mid(2, 10_000, at: 5);

    [Theory]
    [InlineData(ObservationKind.Cancel)]
    [InlineData(ObservationKind.Correction)]
    public void Print_RetractedById_GivesWayToTheOneBefore(ObservationKind kind)
    {
        _feed.Trade(0, 10_001, at: 1, id: 7).Trade(0, 10_009, at: 2, id: 8);
        var decision = _feed.Retract(0, 10_009, at: 6, id: 8, kind).Tick(6);
        Assert.Equal((InputReason.Used, Cents(10_001)), (decision.Inputs[0].Reason, decision.Inputs[0].Value));
    }

    [Fact]
    public void Retraction_IsANewWord()
    {
        _feed.Trade(0, 10_001, at: 1, id: 7).Tick(5);
        Assert.True(_feed.Retract(0, 10_001, at: 6, id: 7).Fold.IsDirty);
        Assert.Equal(FeedState.Degraded, _feed.Tick(6).State);
    }

    [Fact]
    public void Print_RetractedFromBetween_LeavesTheNewest()
    {
        _feed.Trade(0, 10_001, at: 1, id: 7).Trade(0, 10_009, at: 2, id: 8).Trade(0, 10_002, at: 3, id: 9);
        Assert.Equal(Cents(10_002), _feed.Retract(0, 10_009, at: 6, id: 8).Tick(6).Inputs[0].Value);
        Assert.Equal(Cents(10_001), _feed.Retract(0, 10_002, at: 7, id: 9).Tick(7).Inputs[0].Value);
        Assert.Equal(InputReason.NoData, _feed.Retract(0, 10_001, at: 8, id: 7).Tick(8).Inputs[0].Reason);
    }

    [Fact]
    public void Print_OfAVendorWithoutIds_IsToldByItsPrice()
    {
        _feed.Trade(0, 10_001, at: 1).Trade(0, 10_009, at: 2);
        Assert.Equal(Cents(10_001), _feed.Retract(0, 10_009, at: 6, id: 8).Tick(6).Inputs[0].Value);
    }

    [Fact]
    public void Retraction_WithTheIdOfAnotherPrint_LeavesOneOfTheSamePrice()
    {
        _feed.Trade(0, 10_009, at: 2, id: 8);
        Assert.Equal(Cents(10_009), _feed.Retract(0, 10_009, at: 6, id: 99).Tick(6).Inputs[0].Value);
        Assert.Equal(1, _feed.Fold.RefusedCount(InputReason.NothingToRetract));
    }

    [Fact]
    public void Retraction_OfTheSamePrintTwice_TakesNoOther()
    {
        _feed.Trade(0, 10_001, at: 1, id: 7).Trade(0, 10_009, at: 2, id: 8);
        Assert.Equal(Cents(10_001), _feed.Retract(0, 10_009, at: 6, id: 8).Retract(0, 10_009, at: 6, id: 8).Tick(6).Inputs[0].Value);
    }

    [Fact]
    public void Retraction_OfAnotherSource_TakesNothing()
    {
        _feed.Trade(0, 10_009, at: 2, id: 8);
        Assert.Equal(Cents(10_009), _feed.Retract(1, 10_009, at: 6, id: 8).Tick(6).Inputs[0].Value);
    }

    [Fact]
    public void Bust_OfAPrintThatMovedThePrice_MovesItBackWithoutMovingObservedAtBack()
    {
        var feed = new FoldHarness();
        for (var i = 0; i < 3; i++) feed.Trade(i, 10_000, at: 1, id: 1);
        feed.Tick(1);
        for (var i = 0; i < 2; i++) feed.Trade(i, 10_090, at: 3, id: 2);
        feed.Trade(2, 10_010, at: 3, id: 2).Tick(3);
        for (var i = 0; i < 2; i++) feed.Retract(i, 10_090, at: 4, id: 2);

        // What is left is older than what was published: it may not vote, so the feed holds until the market speaks again.
        var held = feed.Tick(4);
        Assert.Equal((FeedState.Held, Cents(10_090)), (held.State, held.Price));
        for (var i = 0; i < 3; i++) feed.Trade(i, 10_001, at: 5, id: 3);
        var decision = feed.Tick(5);
        Assert.Equal((FeedState.Live, Cents(10_001), At(5)), (decision.State, decision.Price, decision.ObservedAt));
    }

    [Fact]
    public void Ring_RetractedFourTimes_RemembersTheLastFour()
    {
        for (var i = 0UL; i < 6; i++) _feed.Trade(0, 10_000 + i, at: 1 + i, id: 1 + i);
        for (var i = 6UL; i > 2; i--)
        {
            Assert.Equal(Cents(10_000 + i - 1), _feed.Tick(10).Inputs[0].Value);
            _feed.Retract(0, 10_000 + i - 1, at: 10, id: i);
        }

        Assert.Equal(InputReason.NoData, _feed.Tick(10).Inputs[0].Reason);
        Assert.Equal(Cents(10_003), _feed.Trade(0, 10_003, at: 11).Tick(11).Inputs[0].Value);
    }
}
