using NodaTime;
using OracleNode.Market;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

/// <summary>What is said of a token holds the token and never the share.</summary>
public class TokenGuardTests
{
    private readonly FoldHarness _share = new();
    private readonly TokenFold _token = new(new TokenSettings());

    private FeedDecision Tick(double at, in GuardInputs inputs)
    {
        _token.SetInputs(inputs);
        return Tick(at);
    }

    private FeedDecision Tick(double at)
    {
        var share = _share.All(10_000 + at, at).Tick(at);
        Assert.Equal(FeedState.Live, share.State);
        return _token.Tick(share, new MultiplierTerms(Multiplier.One, default, null, At(at)), At(at));
    }

    public static TheoryData<GuardInputs, FeedState, HoldReasons, DecisionReason> Stopping { get; } = new()
    {
        { new GuardInputs { IsIssuerPaused = true }, FeedState.Held, HoldReasons.IssuerPause, DecisionReason.IssuerPaused },
        { new GuardInputs { ReserveRatioBps = 9_999 }, FeedState.Held, HoldReasons.Reserve, DecisionReason.ReserveShort },
        { new GuardInputs { ReserveRatioBps = int.MinValue }, FeedState.Held, HoldReasons.Reserve, DecisionReason.ReserveShort },
        { new GuardInputs { PegDeviationBps = 101 }, FeedState.Held, HoldReasons.Depeg, DecisionReason.Depegged },
        { new GuardInputs { PegDeviationBps = -101 }, FeedState.Held, HoldReasons.Depeg, DecisionReason.Depegged },
        { new GuardInputs { PegDeviationBps = int.MinValue }, FeedState.Held, HoldReasons.Depeg, DecisionReason.Depegged },
        { new GuardInputs { IsCodeChanged = true }, FeedState.Paused, HoldReasons.Identity, DecisionReason.CodeChanged },
        { new GuardInputs { IsMultiplierDisputed = true }, FeedState.Held, HoldReasons.Disagreement, DecisionReason.MultiplierDisputed },
        { new GuardInputs { Operator = OperatorOrder.Hold }, FeedState.Held, HoldReasons.Operator, DecisionReason.OperatorHold },
    };

    [Theory]
    [MemberData(nameof(Stopping))]
    public void Token_Stopped_HoldsItsLastPriceAndComesBack(GuardInputs inputs, FeedState state, HoldReasons holds, DecisionReason reason)
    {
        Assert.Equal(FeedState.Live, Tick(1).State);
        var decision = Tick(2, inputs);
        Assert.Equal((state, holds, reason, Cents(10_001), At(1)), (decision.State, decision.HoldReasons, decision.Reason, decision.Price, decision.ObservedAt));
        // Nothing said ends most of it; a depeg stands until somebody says that it is over.
        decision = Tick(3, inputs.PegDeviationBps is null ? default : new GuardInputs { PegDeviationBps = 0 });
        Assert.Equal((FeedState.Live, Cents(10_003)), (decision.State, decision.Price));
        Assert.Equal(3, _token.Transitions.Count);
    }

    [Fact]
    public void Token_AtTheLimits_GoesOn() =>
        Assert.Equal(FeedState.Live, Tick(1, new GuardInputs { ReserveRatioBps = 10_000, PegDeviationBps = -100 }).State);

    [Fact]
    public void Token_Paused_StaysUntilResumeAlsoOverARestart()
    {
        Assert.Equal((FeedState.Paused, HoldReasons.Operator), (Tick(1, new GuardInputs { Operator = OperatorOrder.Pause }).State, Tick(2, default).HoldReasons));
        var again = new TokenFold(new TokenSettings());
        again.Restore(Restored(10_000, state: FeedState.Paused) with { HoldReasons = HoldReasons.Operator, Multiplier = Multiplier.One, Underlying = Cents(10_000) });
        var share = _share.All(10_000, 3).Tick(3);
        Assert.Equal(FeedState.Paused, again.Tick(share, new MultiplierTerms(Multiplier.One, default, null, At(3)), At(3)).State);
        again.SetInputs(new GuardInputs { Operator = OperatorOrder.Resume });
        Assert.Equal(FeedState.Live, again.Tick(share, new MultiplierTerms(Multiplier.One, default, null, At(3)), At(3)).State);
    }

    [Fact]
    public void UiToken_WithAnyMultiplier_IsPricedByTheShareAndCarriesTheMultiplier()
    {
        var token = new TokenFold(new TokenSettings(), FeedUnit.UiToken);
        var share = _share.All(10_000, 1).Tick(1);
        var decision = token.Tick(share, Times(2, 1), At(1));
        Assert.Equal((FeedState.Live, Cents(10_000), Cents(10_000), 2 * Multiplier.One.E18), (decision.State, decision.Price, decision.Underlying, decision.Multiplier.E18));
        Assert.Equal((share.ConfidenceE8, share.Bid, share.Ask, share.Ema), (decision.ConfidenceE8, decision.Bid, decision.Ask, decision.Ema));
    }

    [Fact]
    public void UiToken_MultiplierStepWithoutTheShare_PausesLikeAnyToken()
    {
        var token = new TokenFold(new TokenSettings(), FeedUnit.UiToken);
        token.Tick(_share.All(10_000, 1).Tick(1), Times(1, 1), At(1));

        // Every balance has doubled, the share has not halved: what holders have would be worth twice as much.
        var held = token.Tick(_share.All(10_000, 2).Tick(2), Times(2, 2), At(2));
        Assert.Equal((FeedState.Paused, DecisionReason.MultiplierStep, Cents(10_000)), (held.State, held.Reason, held.Price));

        var split = new FoldHarness().All(5_000, 3).Tick(3);
        Assert.Equal((FeedState.Live, Cents(5_000)), (token.Tick(split, Times(2, 3), At(3)).State, token.Tick(split, Times(2, 3), At(3)).Price));
    }

    [Fact]
    public void UiToken_SplitWithAMultiplierBefore_IsJudgedByTheProduct()
    {
        var token = new TokenFold(new TokenSettings(), FeedUnit.UiToken);
        token.Tick(_share.All(10_000, 1).Tick(1), Times(3, 1), At(1));
        Assert.Equal((FeedState.Paused, DecisionReason.MultiplierStep), (token.Tick(_share.All(10_000, 2).Tick(2), Times(6, 2), At(2)).State, token.Tick(_share.All(10_000, 2).Tick(2), Times(6, 2), At(2)).Reason));
        var split = token.Tick(new FoldHarness().All(5_000, 3).Tick(3), Times(6, 3), At(3));
        Assert.Equal((FeedState.Live, Cents(5_000), 6 * Multiplier.One.E18), (split.State, split.Price, split.Multiplier.E18));
    }

    private static MultiplierTerms Times(uint multiplier, double at) => new(new Multiplier(multiplier * Multiplier.One.E18), default, null, At(at));
}
