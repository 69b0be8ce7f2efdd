using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// The steps of one token's multiplier against those of its share. A step above <see cref="TokenSettings.MultiplierStepBps"/> belongs to a step of the share the other
/// way: until both have been made, their product is off by the whole ratio, and the token is paused with the price of before. A smaller one applies at once.
/// </summary>
/// <remarks>
/// It changes only with <see cref="Note"/>, <see cref="Restore"/> and <see cref="Settle"/>. Multiplier and share price of before are those of the token's last price, which
/// the record on chain has: a step of the share is seen over a restart, and whatever the token was held for meanwhile.
/// </remarks>
internal struct TokenSteps
{
    /// <summary>A share price farther than this, in bps of the larger, from the one that the token was made from may be of other shares.</summary>
    private const int EvidencedStepBps = 2_000;

    /// <summary>By so much in a thousand or more it may be any split from two for one on, and what the market moved besides.</summary>
    private const long HalvedPerMille = 1_900;

    private Instant? _seen;
    private ShareRatio _awaited;
    private bool _isAwaiting;
    private MultiplierDrift _drift;

    /// <summary>A token found paused for a corporate action: its next price must be that of before, whatever was missed meanwhile.</summary>
    public void Restore(FeedState state, HoldReasons holds) => _isAwaiting = state == FeedState.Paused && (holds & HoldReasons.CorporateAction) != 0;

    /// <summary>The share may have taken a corporate action, or have made a step like one: where that changes what a share is, the multiplier has to follow.</summary>
    /// <param name="underlying">The share's decision.</param>
    /// <param name="last">The token's last decision.</param>
    /// <param name="known">A corporate action of the last days that the multiplier has not followed, as far as is known; none otherwise.</param>
    /// <param name="now">Market time.</param>
    public void Note(FeedDecision underlying, FeedDecision last, in PendingAction known, Instant now)
    {
        _drift.Advance(last.Multiplier, now);
        var action = underlying.LastAction;
        if (action.OpensAt != _seen)
        {
            _seen = action.OpensAt;
            if (last.HasPrice && action.Ratio != new ShareRatio(1, 1))
            {
                _awaited = _awaited.IsNone ? action.Ratio : _awaited.Then(action.Ratio);
                _isAwaiting = true;
            }
        }

        if (_isAwaiting || last.Underlying.IsNone || !underlying.HasPrice || underlying.Price == last.Underlying) return;
        if (IsExplained(underlying.Price, last, known)) (_awaited, _isAwaiting) = (known.Ratio, true);
        else if (IsLikeASplit(underlying, last.Underlying)) _isAwaiting = true;
    }

    /// <summary>The share's price is what the action makes of the one that the token was made from.</summary>
    private static bool IsExplained(Price share, FeedDecision last, in PendingAction known)
    {
        if (!known.IsPriced || (!known.Ratio.IsBeyond(PendingAction.OrdinaryStepBps) && (!known.IsProven || known.OpensAt <= last.ObservedAt))) return false;
        return known.Explains(share.E8, last.Underlying.E8);
    }

    /// <summary>
    /// Nobody tells of an action, and the share's price is as if there had been one: near a usual ratio, halved or more, or far off by the word of somebody else than the market.
    /// </summary>
    private static bool IsLikeASplit(FeedDecision underlying, Price last)
    {
        var (high, low) = underlying.Price.E8 > last.E8 ? (underlying.Price.E8, last.E8) : (last.E8, underlying.Price.E8);
        if (!Bps.Exceeds(high - low, high, EvidencedStepBps)) return false;
        return underlying.Reason is DecisionReason.JumpEvidenced or DecisionReason.ActionConfirmed
            || (Int128)high * 1_000 >= (Int128)low * HalvedPerMille || SplitRatios.IsNear(underlying.Price.E8, last.E8);
    }

    /// <summary>A price was published that is of after all of it.</summary>
    /// <param name="before">The multiplier of the price before it; none when there was none.</param>
    /// <param name="current">Its multiplier.</param>
    /// <param name="isFresh">It is of this moment.</param>
    /// <param name="settings">The rules.</param>
    /// <param name="now">Market time.</param>
    public void Settle(Multiplier before, Multiplier current, bool isFresh, TokenSettings settings, Instant now)
    {
        if (before != current && (!DriftTo(before, current, settings).IsNone || !IsOrdinary(ShareRatio.Of(before, current)))) _drift.Restart(current, now);
        if (isFresh) (_awaited, _isAwaiting) = (default, false);
    }

    /// <summary>What small steps add up to, beyond <see cref="TokenSettings.SmallStepsPerDayBps"/>; none otherwise.</summary>
    private readonly ShareRatio DriftTo(Multiplier before, Multiplier current, TokenSettings settings) =>
        before.IsNone || before == current ? default : _drift.Beyond(before, current, settings.SmallStepsPerDayBps);

    private static bool IsOrdinary(ShareRatio step) => !step.IsNone && !step.IsBeyond(PendingAction.OrdinaryStepBps);

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
        if (!last.HasPrice) return JudgeFirst(underlying, last.IsPricedByTheShare ? underlying.Price : price, inputs, settings);
        var step = ShareRatio.Of(last.Multiplier, current);
        var isLarge = !last.Multiplier.IsNone && (step.IsNone || step.IsBeyond(settings.MultiplierStepBps));
        var drift = DriftTo(last.Multiplier, current, settings);
        if (!isLarge && !_isAwaiting && drift.IsNone) return GuardVerdict.Pass;
        var expected = isLarge ? step : _awaited;
        var published = last.IsPricedByTheShare ? underlying.Price : price;

        // Small steps that add up to too much are no side of an action; a true split after them is told by its own step.
        var isContinuous = (drift.IsNone || !IsOrdinary(step)) && IsContinuous(price, Before(last), expected, settings);
        var isDividend = IsDividend(drift.IsNone ? step : drift, isLarge || !drift.IsNone, inputs);
        if (underlying.IsFresh && (isContinuous || isDividend || IsNear(published, inputs.ConfirmedPrice, settings))) return GuardVerdict.Pass;
        return Paused(isLarge || !drift.IsNone ? DecisionReason.MultiplierStep : DecisionReason.ActionAwaitsMultiplier);
    }

    /// <summary>With nothing of before to compare with: not while the share may be of another side of an action than the multiplier.</summary>
    private static GuardVerdict JudgeFirst(FeedDecision underlying, Price published, in GuardInputs inputs, TokenSettings settings)
    {
        var isOpen = inputs.Action is { IsProven: true, IsPriced: true } || (underlying.HoldReasons & HoldReasons.CorporateAction) != 0;
        return isOpen && !IsNear(published, inputs.ConfirmedPrice, settings) ? Paused(DecisionReason.ActionAwaitsMultiplier) : GuardVerdict.Pass;
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
