using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// The steps of one token's multiplier against those of its share. A step above <see cref="TokenSettings.MultiplierStepBps"/> belongs to a step of the share the other
/// way: until both have been made, their product is off by the whole ratio, and the token is paused with the price of before. A smaller one applies at once.
/// </summary>
/// <remarks>It changes only with <see cref="Note"/>, <see cref="Restore"/> and <see cref="Settle"/>. The multiplier of before is that of the token's last price.</remarks>
internal struct TokenSteps
{
    private Instant? _seen;
    private ShareRatio _awaited;
    private bool _isAwaiting;

    /// <summary>A token found paused for a corporate action: its next price must be that of before, whatever was missed meanwhile.</summary>
    public void Restore(FeedState state, HoldReasons holds) => _isAwaiting = state == FeedState.Paused && (holds & HoldReasons.CorporateAction) != 0;

    /// <summary>The share may have taken a corporate action: where that changes what a share is, the multiplier has to follow.</summary>
    public void Note(in AcceptedAction action, bool hasPrice)
    {
        if (action.OpensAt == _seen) return;
        _seen = action.OpensAt;
        if (!hasPrice || action.Ratio == new ShareRatio(1, 1)) return;
        _awaited = _awaited.IsNone ? action.Ratio : _awaited.Then(action.Ratio);
        _isAwaiting = true;
    }

    /// <summary>A price was published that is of after all of it.</summary>
    public void Settle() => (_awaited, _isAwaiting) = (default, false);

    /// <summary>A large step that is due soon.</summary>
    public static GuardVerdict JudgeStaged(in MultiplierTerms? reading, TokenSettings settings, Instant now) =>
        reading is { ActivationAt: { } activation } terms && activation - now <= settings.ActivationLead
        && ShareRatio.Of(terms.Current, terms.Next).IsBeyond(settings.MultiplierStepBps)
            ? Paused(DecisionReason.CorporateActionWindow)
            : GuardVerdict.Pass;

    /// <summary>Is the product that of before.</summary>
    /// <param name="underlying">The share's decision.</param>
    /// <param name="current">The multiplier of the moment.</param>
    /// <param name="price">Their product.</param>
    /// <param name="last">The token's last decision.</param>
    /// <param name="inputs">What is said from outside.</param>
    /// <param name="settings">The rules.</param>
    public readonly GuardVerdict Judge(FeedDecision underlying, Multiplier current, Price price, FeedDecision last, in GuardInputs inputs, TokenSettings settings)
    {
        if (!last.HasPrice) return GuardVerdict.Pass;
        var step = ShareRatio.Of(last.Multiplier, current);
        var isLarge = !last.Multiplier.IsNone && (step.IsNone || step.IsBeyond(settings.MultiplierStepBps));
        if (!isLarge && !_isAwaiting) return GuardVerdict.Pass;
        var expected = isLarge ? step : _awaited;
        var published = last.IsPricedByTheShare ? underlying.Price : price;
        if (underlying.IsFresh && (IsContinuous(price, Before(last), expected, settings) || IsDividend(step, isLarge, inputs) || IsNear(published, inputs.ConfirmedPrice, settings)))
            return GuardVerdict.Pass;
        return Paused(isLarge ? DecisionReason.MultiplierStep : DecisionReason.ActionAwaitsMultiplier);
    }

    /// <summary>The product of before, also where it is not what is published.</summary>
    private static Price Before(FeedDecision last) =>
        last.IsPricedByTheShare && last.Multiplier.TryMultiplyRoundHalfEven(last.Underlying, out var product) ? product : last.Price;

    private static bool IsContinuous(Price price, Price last, ShareRatio step, TokenSettings settings) =>
        StepContinuity.Holds((ulong)price.E8, (ulong)last.E8, step)
        || (!step.IsNone && !step.IsBeyond(PendingAction.OrdinaryStepBps) && IsNear(price, last, settings));

    /// <summary>A dividend that was paid before raises the multiplier alone: the share has made its step already.</summary>
    private readonly bool IsDividend(ShareRatio step, bool isLarge, in GuardInputs inputs) =>
        isLarge && !_isAwaiting && step.New > step.Old && inputs.DividendBps > 0 && !step.IsBeyond(inputs.DividendBps);

    private static bool IsNear(Price price, Price expected, TokenSettings settings) =>
        !expected.IsNone && !Bps.Exceeds(long.Abs(price.E8 - expected.E8), expected.E8, settings.ContinuityBps);

    private static GuardVerdict Paused(DecisionReason reason) => new(GuardOutcome.Pause, HoldReasons.CorporateAction, reason);
}
