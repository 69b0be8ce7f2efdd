using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// What is known of each instrument's corporate actions, and what that means for a share's feed now. It owns the witnesses: notices of vendors and operators, and the
/// steps of the tokens' multipliers. The same witness and reference replace what was said before; a token's step is known by its activation, so that one announced
/// twice is one, and one that was overridden before it was due is gone.
/// </summary>
/// <remarks>
/// Who may do what: two kinds of witness that agree explain a price and pause the feed; an operator alone pauses it; a vendor alone and an issuer's chain alone do
/// neither, since one of them must not stop a feed (the issuer's step pauses its own token, <see cref="TokenFold"/>). All are said to a person. Not for use by two threads at once.
/// </remarks>
public sealed class CorporateActionWatch
{
    /// <summary>Most witnesses that are kept of one instrument; of more, those of the oldest trade dates go.</summary>
    public const int MaxWitnesses = 64;

    /// <summary>So long after a share's step its tokens' multipliers are waited for where nothing else tells: <see cref="ActionWitness.DaysApart"/>.</summary>
    private static readonly Duration FollowedWithin = Duration.FromDays(ActionWitness.DaysApart);

    private readonly CorporateActionSettings _settings;
    private readonly List<ActionWitness>[] _witnesses;
    private readonly CorporateAction[][] _actions;
    private readonly Price[] _prices;
    private readonly InstrumentId[] _instrumentOf;
    private readonly int[] _stepBpsOf;
    private readonly string[] _nameOf;
    private readonly MultiplierTerms?[] _terms;
    private readonly Multiplier[] _used;

    /// <param name="settings">The rules.</param>
    /// <param name="instruments">How many instruments there are.</param>
    /// <param name="tokens">By place of token: whose multiplier it is.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public CorporateActionWatch(CorporateActionSettings settings, int instruments, IReadOnlyList<WatchedToken> tokens)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(tokens);
        settings.Validate();
        _settings = settings;
        _witnesses = [.. Enumerable.Range(0, instruments).Select(_ => new List<ActionWitness>())];
        _actions = [.. Enumerable.Range(0, instruments).Select(_ => Array.Empty<CorporateAction>())];
        _prices = new Price[instruments];
        _instrumentOf = [.. tokens.Select(t => t.Instrument)];
        _stepBpsOf = [.. tokens.Select(t => t.StepBps)];
        _nameOf = [.. tokens.Select(t => t.Name)];
        _terms = new MultiplierTerms?[tokens.Count];
        _used = new Multiplier[tokens.Count];
    }

    /// <summary>Grows with everything that changed what is known.</summary>
    public int Version { get; private set; }

    /// <summary>What is known of an instrument, by trade date; a new list whenever it changes, so that this may be asked by any thread.</summary>
    public IReadOnlyList<CorporateAction> Of(InstrumentId instrument) => IsKnown(instrument) ? _actions[instrument.Index] : [];

    /// <summary>True when anything is known of an instrument.</summary>
    internal bool IsAnyKnown(InstrumentId instrument) => IsKnown(instrument) && _actions[instrument.Index].Length > 0;

    /// <summary>Takes what somebody says.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="calendar">The calendar in force.</param>
    public InputOutcome Take(CorporateActionNotice notice, TradingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (!IsKnown(notice.Instrument)) return InputOutcome.UnknownInstrument;
        if (notice.Class is not (EvidenceClass.IssuerChain or EvidenceClass.Vendor or EvidenceClass.Operator)
            || notice.Kind is <= CorporateActionKind.None or > CorporateActionKind.Other || notice.By.Length == 0)
            return InputOutcome.Malformed;
        var ratio = ShareRatio.Of(notice.NewShares, notice.OldShares);
        if (ratio.IsNone && (notice.NewShares != 0 || notice.OldShares != 0)) return InputOutcome.Malformed;
        if (ratio.IsNone && notice.Kind is CorporateActionKind.Split or CorporateActionKind.StockDividend && !notice.IsWithdrawn) return InputOutcome.Malformed;
        if (notice.Kind == CorporateActionKind.CashDividend)
        {
            if (notice.Cash.IsNone && !notice.IsWithdrawn) return InputOutcome.Malformed;
            ratio = new ShareRatio(1, 1);
        }

        var kept = _witnesses[notice.Instrument.Index];
        var removed = kept.RemoveAll(w => w.Class == notice.Class && w.By == notice.By && w.Reference == notice.Reference);
        if (!notice.IsWithdrawn)
            Add(kept, new ActionWitness(notice.Class, notice.By, notice.Reference, notice.Kind, ratio, notice.Cash, notice.EffectiveOn) { Beside = _prices[notice.Instrument.Index] });
        if (removed > 0 || !notice.IsWithdrawn) Rebuild(notice.Instrument, calendar);
        return InputOutcome.Applied;
    }

    /// <summary>A share's last good price: what is paid is compared with a token's step by it.</summary>
    internal void Note(InstrumentId instrument, Price price)
    {
        if (IsKnown(instrument)) _prices[instrument.Index] = price;
    }

    /// <summary>A token goes on from what the chains hold: the multiplier of its last price, from which the next reading may be a step.</summary>
    public void Restore(TokenId token, Multiplier used)
    {
        if (_terms[token.Index] is null) _used[token.Index] = used;
    }

    /// <summary>Takes a reading of a token's multiplier; null changes nothing, since what was staged is not known to be gone.</summary>
    public void Take(TokenId token, in MultiplierTerms? reading, Instant receivedAt, TradingCalendar calendar)
    {
        if (reading is not { } read || !IsKnown(_instrumentOf[token.Index])) return;
        var place = token.Index;
        var kept = _witnesses[_instrumentOf[place].Index];
        var now = read.At(receivedAt);
        var isChanged = false;

        // What was staged before and is not due yet has been overridden, unless it is said again.
        if (_terms[place] is { } before)
        {
            if (before.At(receivedAt) is { ActivationAt: { } was } staged && (now.ActivationAt != was || now.Next != staged.Next))
                isChanged |= kept.RemoveAll(w => w.Class == EvidenceClass.IssuerChain && w.By == _nameOf[place] && w.Reference == ReferenceOf(was)) > 0;
            isChanged |= Note(place, kept, before.At(receivedAt).Current, now.Current, receivedAt, calendar);
        }
        else
        {
            isChanged |= Note(place, kept, _used[place], now.Current, receivedAt, calendar);
        }

        if (now.ActivationAt is { } activation) isChanged |= Note(place, kept, now.Current, now.Next, activation, calendar);
        _terms[place] = read;
        if (isChanged) Rebuild(_instrumentOf[place], calendar);
    }

    /// <summary>Another calendar: trade dates may begin at other times.</summary>
    public void Take(TradingCalendar calendar)
    {
        for (var i = 0; i < _actions.Length; i++)
            if (_actions[i].Length > 0)
                Rebuild(new InstrumentId(i), calendar);
    }

    /// <summary>The actions that a share's last price is from before of. Allocates nothing.</summary>
    /// <param name="instrument">The share.</param>
    /// <param name="last">Its last price; none when it never had one: then nothing is from before.</param>
    /// <param name="observedAt">When that was observed.</param>
    /// <param name="settledUntil">Actions that began no later are in that price already.</param>
    /// <param name="now">Market time.</param>
    public PendingAction PendingFor(InstrumentId instrument, Price last, Instant observedAt, Instant settledUntil, Instant now)
    {
        var pending = default(PendingAction);
        if (last.IsNone || !IsKnown(instrument)) return pending;
        foreach (var action in _actions[instrument.Index])
        {
            if (action.OpensAt > now || action.OpensAt <= settledUntil || !action.ChangesThePrice || !action.MayPause || !IsLarge(action, last)) continue;
            var isLate = action.OpensAt <= observedAt;

            // Before what is due, what is late has been held for it: one explains the other.
            if (isLate && (!action.IsProven || action.Ratio.IsNone || now - action.OpensAt > _settings.Lateness || pending.IsDue)) continue;
            if (!isLate && pending.IsLate) pending = default;
            pending = pending.IsDue ? Together(pending, action) : new PendingAction
            {
                OpensAt = action.OpensAt,
                Ratio = action.Ratio,
                Cash = action.Cash,
                IsProven = action.IsProven,
                IsLate = isLate,
            };
        }

        return pending;
    }

    /// <summary>
    /// An action that began within the last five days and whose step a token's multiplier is not known to have made: what two kinds of witness say, or else what one
    /// does, the latest. Cash alone is none. Allocates nothing.
    /// </summary>
    public PendingAction UnfollowedBy(TokenId token, Instant now)
    {
        var found = default(PendingAction);
        if (!IsKnown(_instrumentOf[token.Index])) return found;
        foreach (var action in _actions[_instrumentOf[token.Index].Index])
        {
            if (action.OpensAt > now || now - action.OpensAt > FollowedWithin || !action.ChangesThePrice || !action.Ratio.IsBeyond(_stepBpsOf[token.Index])) continue;
            if ((found.IsProven && !action.IsProven) || HasFollowed(token.Index, action, now)) continue;
            found = new PendingAction { OpensAt = action.OpensAt, Ratio = action.Ratio, Cash = action.Cash, IsProven = action.IsProven };
        }

        return found;
    }

    private bool HasFollowed(int token, CorporateAction action, Instant now)
    {
        if (_terms[token]?.At(now) is { ActivationAt: not null } staged && ShareRatio.Of(staged.Current, staged.Next).Agrees(action.Ratio)) return false;
        foreach (var witness in _witnesses[_instrumentOf[token].Index])
            if (witness.IsStep && witness.By == _nameOf[token] && witness.Ratio.Agrees(action.Ratio) && int.Abs(Period.DaysBetween(witness.On, action.EffectiveOn)) <= ActionWitness.DaysApart)
                return true;
        return false;
    }

    /// <summary>The latest known action of a kind that is in force on a trade date, two kinds of witness or an operator standing for it; null when there is none.</summary>
    public CorporateAction? InForce(InstrumentId instrument, CorporateActionKind kind, Instant now)
    {
        CorporateAction? found = null;
        foreach (var action in IsKnown(instrument) ? _actions[instrument.Index] : [])
            if (action.Kind == kind && action.MayPause && action.OpensAt <= now)
                found = action;
        return found;
    }

    /// <summary>The next listing that is known and not there yet; null when there is none.</summary>
    public CorporateAction? Coming(InstrumentId instrument, CorporateActionKind kind, Instant now)
    {
        foreach (var action in IsKnown(instrument) ? _actions[instrument.Index] : [])
            if (action.Kind == kind && action.MayPause && action.OpensAt > now)
                return action;
        return null;
    }

    /// <summary>The largest cash payment of the last weeks, in bps of a price rounded up: a token's step up to it needs no other explanation. 0 when there is none.</summary>
    public int CashBps(InstrumentId instrument, Price last, Instant now)
    {
        const int Days = 45;
        var most = 0L;
        foreach (var action in IsKnown(instrument) && !last.IsNone ? _actions[instrument.Index] : [])
            if (action.IsProven && !action.Cash.IsNone && action.OpensAt <= now && now - action.OpensAt < Duration.FromDays(Days))
                most = long.Max(most, (long)Int128.Min((((Int128)action.Cash.E8 * 10_000) + last.E8 - 1) / last.E8, 10_000));
        return (int)most;
    }

    private bool IsKnown(InstrumentId instrument) => instrument.Index >= 0 && instrument.Index < _witnesses.Length;

    /// <summary>Is it more than an ordinary move. What cannot be told beforehand is.</summary>
    private bool IsLarge(CorporateAction action, Price last)
    {
        if (action.Ratio.IsNone) return true;
        return action.Ratio.IsBeyond(_settings.PauseStepBps) || (Int128)action.Cash.E8 * 10_000 > (Int128)last.E8 * _settings.PauseStepBps;
    }

    /// <summary>In the order of their dates, the cash of each per share of before its own.</summary>
    private static PendingAction Together(in PendingAction first, CorporateAction second)
    {
        var cash = second.Cash.IsNone ? 0 : first.Ratio.Inverse.PriceAfter(second.Cash.E8);
        Price.TryFromE8(first.Cash.E8 + cash, out var together);
        return first with
        {
            OpensAt = second.OpensAt,
            Ratio = first.Ratio.Then(second.Ratio),
            Cash = together,
            IsProven = first.IsProven && second.IsProven,
        };
    }

    /// <summary>A step of a token's multiplier that is more than a small one, as a witness. True when it was not known.</summary>
    private bool Note(int token, List<ActionWitness> kept, Multiplier before, Multiplier after, Instant at, TradingCalendar calendar)
    {
        var step = ShareRatio.Of(before, after);
        if (!step.IsBeyond(_stepBpsOf[token])) return false;
        var witness = new ActionWitness(EvidenceClass.IssuerChain, _nameOf[token], ReferenceOf(at), CorporateActionKind.None, step, default, calendar.TradeDateOf(at)) { Beside = _prices[_instrumentOf[token].Index] };
        if (kept.Exists(witness.Repeats)) return false;
        kept.RemoveAll(w => w.Class == witness.Class && w.By == witness.By && w.Reference == witness.Reference);
        Add(kept, witness);
        return true;
    }

    private static void Add(List<ActionWitness> kept, ActionWitness witness)
    {
        if (kept.Count >= MaxWitnesses) kept.Remove(kept.MinBy(w => w.On)!);
        kept.Add(witness);
    }

    private static string ReferenceOf(Instant activation) => NodaTime.Text.InstantPattern.General.Format(activation);

    /// <summary>From witnesses to actions: each joins the first that it agrees with.</summary>
    private void Rebuild(InstrumentId instrument, TradingCalendar calendar)
    {
        Version++;
        var groups = new List<List<ActionWitness>>();

        // Who says what happens comes before a step that does not, and who says how much before who does not.
        foreach (var witness in _witnesses[instrument.Index].OrderBy(w => w.IsStep).ThenBy(w => w.Ratio.IsNone && w.Cash.IsNone).ThenBy(w => w.On).ThenBy(w => w.Class).ThenBy(w => w.By, StringComparer.Ordinal).ThenBy(w => w.Reference, StringComparer.Ordinal))
        {
            if (groups.Find(g => g[0].Agrees(witness)) is { } group) group.Add(witness);
            else groups.Add([witness]);
        }

        _actions[instrument.Index] = [.. groups.Select(g => ActionOf(g, calendar)).OrderBy(a => a.OpensAt)];
    }

    private static CorporateAction ActionOf(List<ActionWitness> witnesses, TradingCalendar calendar)
    {
        var first = witnesses[0];

        // A chain tells when a token changes, the others when the share does; an operator knows best.
        var on = (witnesses.Find(w => w.Class == EvidenceClass.Operator) ?? first).On;
        var classes = witnesses.Aggregate(EvidenceClasses.None, (all, w) => all | (EvidenceClasses)(1 << ((int)w.Class - 1)));
        return new CorporateAction(first.IsStep ? CorporateActionKind.Split : first.Kind, first.Ratio, first.Cash, on, calendar.StartOf(on), classes);
    }
}

/// <summary>A token whose multiplier is a witness.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Instrument">The share that it stands for.</param>
/// <param name="StepBps">A smaller step is a dividend, and tells of no action.</param>
public readonly record struct WatchedToken(string Name, InstrumentId Instrument, int StepBps);
