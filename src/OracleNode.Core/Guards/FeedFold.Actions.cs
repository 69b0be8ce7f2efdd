using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// What a corporate action does to a share's feed. While the last price is from before of it, everything that a price is compared with is looked at as the action makes
/// it, and nothing is changed; the tick that publishes the first price of after it takes it over, exactly once.
/// </summary>
public sealed partial class FeedFold
{
    private long _minPriceE8, _maxPriceE8;

    /// <summary>Votes are newer than that: a resume, or the beginning of the trade date from which on prices are of other shares.</summary>
    private Instant? NotBefore
    {
        get
        {
            if (_context.Action is not { IsLate: false, OpensAt: { } opens }) return _halts.ResumedAt;
            return _halts.ResumedAt is { } resumed && resumed > opens ? resumed : opens - Duration.Epsilon;
        }
    }

    /// <summary>Another trade date has begun.</summary>
    internal void EnterTradeDate(Instant from)
    {
        _context.TradeDateFrom = from;
        IsDirty = true;
    }

    /// <summary>What one kind of witness tells of takes a second one, and an operator who confirms the price of after it is one.</summary>
    private void Suspect(Instant now)
    {
        var price = _context.Measured.Price;
        _context.Suspected = price == 0 || _context.IsActionPrice
            ? default
            : SuspectedAction.Find(_context.Inputs.Known, price, _context.Before, SettledUntil, _decision.LastAction, now);
        if (!_context.Suspected.IsDue || _context.Action.IsDue || !_context.IsConfirmed) return;
        _context.Action = _context.Suspected;
        RebaseReferences(_context.Action);
    }

    /// <summary>The references of the tick as the action makes them; 0, which is none, where that cannot be told.</summary>
    private void RebaseReferences(in PendingAction action)
    {
        var of = _context.References;
        _context.References = new JumpReferences(action.PriceAfter(of.Last), action.PriceAfter(of.Close), action.PriceAfter(of.Average), action.PriceAfter(of.Pace));
        (_context.MinPriceE8, _context.MaxPriceE8) = BoundsAfter(action);
    }

    private (long Min, long Max) BoundsAfter(in PendingAction action)
    {
        if (!action.IsPriced) return (_minPriceE8, _maxPriceE8);
        return (action.Ratio.PriceAfter(_minPriceE8), action.Ratio.PriceAfter(_maxPriceE8));
    }

    /// <summary>Until the price of after it passes every guard, the feed is paused for the action whatever it is that does not pass; all flags are shown.</summary>
    private GuardVerdict InAction(in GuardVerdict verdict)
    {
        if (_context.Action is not { IsDue: true, IsLate: false } || verdict.Passes || verdict.Outcome is GuardOutcome.Pause or GuardOutcome.Retire) return verdict;
        return new GuardVerdict(GuardOutcome.Pause, verdict.Holds | HoldReasons.CorporateAction, DecisionReason.ActionAwaitsMarket);
    }

    /// <summary>Sources that are late with the split that is due, or with the one that was taken over last.</summary>
    private void SetAsideLate(Instant now, SessionPricing pricing)
    {
        var quorum = int.Max(JumpRule.MinWitnesses, pricing.Quorum);
        if (_context.Action is { IsPriced: true, IsProven: true } action)
        {
            if (action.Ratio.IsBeyond(PendingAction.OrdinaryStepBps)) _ballot.SetAsideBefore(action.Ratio, action.PriceAfter(_context.Before), quorum);
        }
        else if (!_taken.IsNone && _taken.IsBeyond(PendingAction.OrdinaryStepBps) && now - _takenAt < LateSources)
        {
            _ballot.SetAsideBefore(_taken, _decision.Price.E8, quorum);
        }
    }

    /// <summary>The price is of after it from now on.</summary>
    private void TakeAction(in PendingAction action, Instant now)
    {
        var measured = _context.Measured.Price;
        _average.Seed(action.PriceAfter(_average.E8) is > 0 and var average ? average : measured);
        _pace.Seed(action.PriceAfter(_pace.E8) is > 0 and var pace ? pace : measured);
        _auctions.Rebase(action);
        (_minPriceE8, _maxPriceE8) = BoundsAfter(action);
        SettledUntil = action.OpensAt!.Value;
        (_taken, _takenAt) = (action.Ratio, now);
        _decision.LastAction = new AcceptedAction(action.OpensAt, action.Ratio);
    }
}
