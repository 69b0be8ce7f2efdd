using OracleNode.Market;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>24 August 2015: SPY fell 7.8 % at the open, IVV, on the same index, 22 %.</summary>
public class RelatedRuleTests
{
    private const int Tolerance = 150;
    private static readonly RelatedMove Spy = new(-780, Tolerance);
    private static readonly RelatedMove Ivv = new(-2_200, Tolerance);

    private static DecisionReason Judge(double move, RelatedMove first, RelatedMove second = default, RelatedMove third = default) => RelatedRule.Judge(
        Cents(10_000 + move).E8, new GuardInputs { MoveReference = Cents(10_000), Related = new RelatedMoves(first, second, third) }).Reason;

    [Fact]
    public void TheOneThatMovedFarther_Holds()
    {
        Assert.Equal(DecisionReason.RelatedDisagrees, Judge(-2_200, Spy));
        Assert.Equal(DecisionReason.Accepted, Judge(-780, Ivv));
    }

    [Fact]
    public void ARelationThatAgrees_OutweighsOneThatDoesNot()
    {
        Assert.Equal(DecisionReason.Accepted, Judge(-2_200, Spy, Ivv));
        Assert.Equal(DecisionReason.Accepted, Judge(-780, Ivv, Spy));
    }

    [Fact]
    public void TwoAgainstOneAndNoneFor_HoldAlsoTheOneThatStoodStill()
    {
        Assert.Equal(DecisionReason.RelatedDisagrees, Judge(0, Spy, Spy));
        Assert.Equal(DecisionReason.Accepted, Judge(0, Spy));
        Assert.Equal(DecisionReason.RelatedDisagrees, Judge(-2_200, Spy, Spy, Ivv));
    }

    [Theory]
    [InlineData(-930, DecisionReason.Accepted)]
    [InlineData(-931, DecisionReason.RelatedDisagrees)]
    public void Tolerance_IsInside(double move, DecisionReason expected) => Assert.Equal(expected, Judge(move, Spy));

    [Fact]
    public void NothingKnown_SaysNothing()
    {
        Assert.Equal(DecisionReason.Accepted, Judge(-9_000, default));
        Assert.Equal(DecisionReason.Accepted, RelatedRule.Judge(1, new GuardInputs { Related = new RelatedMoves(Spy) }).Reason);
        Assert.Equal(DecisionReason.RelatedDisagrees, RelatedRule.Judge(long.MaxValue, new GuardInputs { MoveReference = Cents(0.0001), Related = new RelatedMoves(Spy) }).Reason);
        Assert.Equal(DecisionReason.Accepted, Judge(-780, new RelatedMove(int.MinValue, Tolerance)));
    }

    [Fact]
    public void Feed_ContradictedByWhatItIsRelatedTo_HoldsAndComesBack()
    {
        var ivv = new FoldHarness().All(10_000, at: 1);
        ivv.Tick(1);
        ivv.Inputs(new GuardInputs { MoveReference = Cents(10_000), Related = new RelatedMoves(Spy) }).All(8_100, at: 2);
        var held = ivv.TickThrough(2, 10);
        Assert.Equal((FeedState.Held, HoldReasons.Disagreement, DecisionReason.RelatedDisagrees), (held.State, held.HoldReasons, held.Reason));
        Assert.Equal(Cents(9_200), ivv.All(9_200, at: 11).TickThrough(11, 15).Price);
    }
}
