using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.DecisionReason;
using static OracleNode.Guards.GuardOutcome;
using static OracleNode.Guards.GuardPhase;

namespace OracleNode.Guards;

/// <summary>
/// Every guard of every feed, in the order in which they are judged. This table is what runs (<see cref="First"/>, <see cref="All"/>) and what
/// <c>Guards/README.md</c> shows; a test compares the two.
/// </summary>
internal static class GuardTable
{
    public static IReadOnlyList<GuardRow> Rows { get; } =
    [
        new(Standing, "stopped", "always", "operator's pause or retirement, and Paused or Retired found on chain", Pause, HoldReasons.Operator, [StoppedOnChain, OperatorPause, OperatorRetired],
            "operator resumes; a retired feed never does", c => c.Latch.Judge()),
        new(Standing, "operator hold", "always", "operator's order", Hold, HoldReasons.Operator, [OperatorHold],
            "order withdrawn; then as after any halt", c => c.Inputs.Operator == OperatorOrder.Hold ? GuardVerdict.Hold(HoldReasons.Operator, OperatorHold) : GuardVerdict.Pass),
        new(Standing, "identity", "tickers have dates, or a listing or its end is known", "does a ticker name the instrument on this trade date; is it listed", Hold, HoldReasons.Identity,
            [TickerInvalid, AwaitingListing, Delisted], "its dates; a delisted one is an operator's to retire", JudgeIdentity),
        new(Standing, "corporate action", "the last price is from before of one", "has its trade date begun; is there a session, are there two kinds of witness and a ratio, do the guards below pass",
            Pause, HoldReasons.CorporateAction, [CorporateActionWindow, ActionNeedsEvidence, ActionWithoutRatio, ActionAwaitsMarket],
            "all guards pass on the price after it; an operator confirms that", JudgeActionWindow),
        new(Standing, "clock", "always", "now against the last observedAt; the clock watch's word", Hold, HoldReasons.Clock, [ClockBehind, ClockUntrusted],
            "clock right again", JudgeClock),
        new(Standing, "calendar", "always", "does the calendar know now; do calendar and market agree", Hold, HoldReasons.CalendarConflict,
            [SessionExpired, CalendarUnknown, CalendarConflict], "calendar and market agree", JudgeCalendar),
        new(Standing, "session", "always", "is there a session", Close, HoldReasons.None, [SessionClosed],
            "session opens", c => SessionRule.Judge(c.Now, c.Session, c.ObservedAt)),
        new(Standing, "halt", "always", "upstreams that say halted (the listing market's own source suffices, else two; the only upstream of the session saying that its venue is out)", Hold, HoldReasons.None, [Halted],
            "resumed by the listing market's word, by those who said it, or by prints of two upstreams", c => c.Halts.IsHalted ? GuardVerdict.Hold(HoldReasons.None, Halted) : GuardVerdict.Pass),
        new(Standing, "equal prices", "always", "upstreams at which several unrelated instruments jumped to one price", Hold, HoldReasons.Disagreement, [EqualPrices],
            "less than half of the upstreams do", c => c.Finding.IsHold ? GuardVerdict.Hold(c.Finding.Holds, c.Finding.Reason) : GuardVerdict.Pass),
        new(Votes, "resume", "trading has resumed, and quorum possible", "two-sided quotes from after the resume", Reopen, HoldReasons.None, [AwaitingResume],
            "quotes of the quorum; after ResumeGuard any quorum, when the auction's print after the resume is more than one vendor's word; another session", JudgeResume),
        new(Votes, "opening", "session has opened (Regular to PostMarket is none), and quorum possible", "two-sided quotes from after the opening", Reopen, HoldReasons.None,
            [AwaitingOpen], "quotes of the quorum; after OpeningGuard any quorum", JudgeOpening),
        new(Votes, "quorum", "in session", "distinct upstreams with a usable word", Hold, HoldReasons.BelowQuorum | HoldReasons.Spread | HoldReasons.Stale, [BelowQuorum, AllStale],
            "quorum back", c => QuorumRule.Judge(c.Ballot, c.Pricing)),
        new(GuardPhase.Price, "first price", "never a price, and listed within ListingDays", "price against the listing market's opening print", Hold, HoldReasons.Identity, [AwaitingListing],
            "an auction print within the jump limit, or an operator", JudgeFirst),
        new(GuardPhase.Price, "action price", "a corporate action's window is open", "price times the ratio against the last one", Pause, HoldReasons.CorporateAction, [ActionPriceDeviates],
            "within a quarter of the ratio's logarithm and 0.2; for a step of at most 10 % as a jump; an operator confirms the price", JudgeActionPrice),
        new(GuardPhase.Price, "agreement", "even number of votes", "distance of the two middle votes", Hold, HoldReasons.Disagreement, [MiddlesDisagree],
            "they agree", c => AgreementRule.JudgeMiddles(c.Measured)),
        new(GuardPhase.Price, "dispersion", "in session", "upstreams within the outlier limit of the median", Hold, HoldReasons.Disagreement, [OutliersBreakQuorum],
            "quorum within the limit", c => AgreementRule.JudgeDispersion(c.Measured, c.Pricing)),
        new(GuardPhase.Price, "confidence", "in session", "confidence (at least the largest leave-one-upstream-out shift) against its cap", Hold, HoldReasons.Confidence,
            [ConfidenceTooWide], "confidence below the cap", c => AgreementRule.JudgeConfidence(c.Measured, c.Pricing)),
        new(GuardPhase.Price, "record", "in session", "do all numbers fit the signed record", Hold, HoldReasons.Bounds, [DoesNotFit],
            "they fit", c => AgreementRule.JudgeRecord(c.Measured, c.References.Average)),
        new(GuardPhase.Price, "bounds", "MinPrice or MaxPrice set", "price against the absolute bounds; on the bound is beyond", Hold, HoldReasons.Bounds, [AtBound, OutsideBounds],
            "price inside; never clamped", c => BoundsRule.JudgeAbsolute(c.Measured.Price, c.MinPriceE8, c.MaxPriceE8)),
        new(GuardPhase.Price, "band", "Regular, band known; one that vendors state after the opening print only", "price against limit up, limit down", Hold, HoldReasons.Bounds, [OutsideBand],
            "price or band moves; a computed band lapses when for 15 s and five minutes nothing was agreed on within it and nobody said a halt", c => BoundsRule.JudgeBand(c.Measured.Price, c.Session.Session, c.HasOpened, c.Inputs)),
        new(GuardPhase.Price, "jump", "a price was published or restored",
            "price against the last published one; time that distinct upstreams stand beyond; above the evidence tier an auction print, a corporate action or an operator besides; is it what a corporate action would make that one kind of witness tells of",
            Hold, HoldReasons.Jump | HoldReasons.CorporateAction, [JumpUnconfirmed, JumpNeedsEvidence], "upstreams of the quorum (two at least) stand for JumpConfirmation; a second kind of witness or an operator; price back", JudgeJump),
        new(GuardPhase.Price, "jump from the close", "official close known", "price against it, as above, no tier", Hold, HoldReasons.Jump, [JumpFromClose],
            "as jump; once published beyond, that side is confirmed", c => c.Jumps.JudgeClose(c.Votes, c.Measured.Price, c.References, c.Pricing, c.Now)),
        new(GuardPhase.Price, "jump from the average", "EMA known", "price against it, as above, no tier", Hold, HoldReasons.Jump, [JumpFromAverage],
            "as jump; once published beyond, that side is confirmed", c => c.Jumps.JudgeAverage(c.Votes, c.Measured.Price, c.References, c.Pricing, c.Now)),
        new(GuardPhase.Price, "pace", "a price was published or restored",
            "price against the EMA, or where younger that since a price was evidenced; above AverageEvidenceTierBps evidence, as for jump", Hold, HoldReasons.Jump, [JumpNeedsEvidence],
            "evidence; price back", JudgePace),
        new(GuardPhase.Price, "related instruments", "relations and a common reference known", "own move against theirs", Hold, HoldReasons.Disagreement, [RelatedDisagrees],
            "moves agree; more evidence, an operator or a corporate action speaks for this one; two hours", JudgeRelated),
        new(GuardPhase.Price, "activation", "until the first price after a start or another calendar", "the last price against this one and against the bounds, while it is younger than ActivationMaxAge", Hold, HoldReasons.Configuration,
            [ActivationDeviates], "price near, evidence for it, or the last one is too old to tell", JudgeActivation),
        new(Token, "stopped", "token", "as for a share, of the token's own feed", Pause, HoldReasons.Operator, [StoppedOnChain, OperatorPause, OperatorRetired, OperatorHold], "as for a share", null),
        new(Token, "code", "code of tokens known", "hash of the code that answers, behind every proxy and beacon, for any token of the issuer, against the accepted one", Pause, HoldReasons.Identity, [CodeChanged],
            "operator resumes a feed of the issuer, or names the new code in the configuration, as where the old one was named there and over a restart", null),
        new(Token, "issuer pause", "token", "issuer's pause", Hold, HoldReasons.IssuerPause, [IssuerPaused], "issuer resumes", null),
        new(Token, "first reserve reading", "reserves of its issue are configured", "was there a reading since the start", Hold, HoldReasons.Reserve, [ReserveMissing], "the first reading", null),
        new(Token, "reserve", "ratio known", "reserves over tokens issued", Hold, HoldReasons.Reserve, [ReserveShort], "covered again", null),
        new(Token, "thin reserve", "ratio known", "reserves over tokens issued, below DegradeReserveRatioBps", Degrade, HoldReasons.Reserve, [ReserveThin], "covered again", null),
        new(Token, "peg", "deviation known", "quote currency against what it stands for", Hold, HoldReasons.Depeg, [Depegged], "back at its peg", null),
        new(Token, "chains", "issue on several chains", "multipliers in force on the chains, to 1e-12; above 1 % at once, below after 15 minutes", Hold, HoldReasons.Disagreement, [MultiplierDisputed],
            "they agree", null),
        new(Token, "multiplier", "token", "age of the multiplier's reading; share price there and not older than the last one used", Hold, HoldReasons.Stale,
            [UnderlyingMissing, MultiplierMissing, MultiplierStale, UnderlyingOlder], "fresh reading and share price", null),
        new(Token, "token record", "token", "do all numbers fit the signed record", Hold, HoldReasons.Bounds, [DoesNotFit], "they fit", null),
        new(Token, "staged step", "a step above MultiplierStepBps is staged", "time to its activation", Pause, HoldReasons.CorporateAction, [CorporateActionWindow],
            "activated, or taken back", null),
        new(Token, "multiplier step", "a price was published", "step of the multiplier against the step of the share", Pause, HoldReasons.CorporateAction, [MultiplierStep, ActionAwaitsMultiplier],
            "a fresh share price times the new multiplier is the price of before: within a quarter of the step's logarithm and 0.2, for a small step within ContinuityBps; a dividend explains it; an operator confirms the price", null),
        new(Reserve, "stopped", "ratio feed", "as for a share, of the ratio's own feed", Pause, HoldReasons.Operator, [StoppedOnChain, OperatorPause, OperatorRetired, OperatorHold], "as for a share", null),
        new(Reserve, "clock", "ratio feed", "now against the last observedAt; the clock watch's word", Hold, HoldReasons.Clock, [ClockBehind, ClockUntrusted], "clock right again", null),
        new(Reserve, "reading", "ratio feed", "is everything there that the ratio is made of; age of its oldest part", Hold, HoldReasons.Stale, [ReserveMissing, ReserveStale], "a newer reading", null),
        new(Reserve, "plausible", "ratio feed", "ratio against ImplausibleRatioBps: units confused", Hold, HoldReasons.Bounds, [OutsideBounds], "ratio below it", null),
        new(Reserve, "nothing there", "ratio feed", "a ratio of 0, which no record carries", Hold, HoldReasons.Reserve, [ReserveShort], "shares there again", null),
        new(Wrapper, "stopped", "wrapper", "as for a share, of the wrapper's own feed; the clock", Pause, HoldReasons.Operator | HoldReasons.Clock,
            [StoppedOnChain, OperatorPause, OperatorRetired, OperatorHold, ClockBehind, ClockUntrusted], "as for a share", null),
        new(Wrapper, "rate", "wrapper", "age of the rate's reading; token price there", Hold, HoldReasons.Stale, [UnderlyingMissing, WrapperRateMissing, WrapperRateStale], "fresh reading and token price", null),
        new(Wrapper, "code", "wrapper", "hash of the code that answers", Hold, HoldReasons.Identity, [WrapperCodeChanged], "the known code again, or another CodeHash", null),
        new(Wrapper, "formula", "BackedWrapped, Identity", "rate against one raw token per share", Hold, HoldReasons.Configuration, [WrapperFormulaBroken], "rate is one again", null),
        new(Wrapper, "rate cap", "wrapper", "rate against snapshot x (1 + step + yearly growth x time)", Hold, HoldReasons.Bounds, [WrapperRateCapped], "rate below the cap; another snapshot; never clamped", null),
        new(Wrapper, "rate fall", "wrapper", "rate against the last that counted, at first against the snapshot; MayFall allows a step", Hold, HoldReasons.Jump, [WrapperRateFell], "rate back", null),
        new(Wrapper, "rate step", "a rate counted", "growth since the last that counted against MaxStepBps", Hold, HoldReasons.Jump, [WrapperRateStep], "rate back, or an operator confirms the price", null),
        new(Wrapper, "older token price", "a price was published", "the token's observedAt against the last one used", Hold, HoldReasons.Stale, [UnderlyingOlder], "newer token price", null),
        new(Wrapper, "wrapper record", "wrapper", "do all numbers fit the signed record", Hold, HoldReasons.Bounds, [DoesNotFit], "they fit", null),
        new(GuardPhase.Derived, "stopped", "derived feed", "as for a share, of the feed's own; the clock", Pause, HoldReasons.Operator | HoldReasons.Clock,
            [StoppedOnChain, OperatorPause, OperatorRetired, OperatorHold, ClockBehind, ClockUntrusted], "as for a share", null),
        new(GuardPhase.Derived, "basis", "premium, indication", "what it is made from: stopped, or held for an action, an operator, an issuer, a clock or a calendar",
            Hold, HoldReasons.CorporateAction | HoldReasons.Operator | HoldReasons.IssuerPause | HoldReasons.Identity | HoldReasons.Clock | HoldReasons.CalendarConflict | HoldReasons.Stale,
            [UnderlyingMissing, UnderlyingOlder, BasisHeld], "it goes on", null),
        new(GuardPhase.Derived, "rate", "token in another currency", "the currency's feed: is its price of this moment", Hold, HoldReasons.Stale, [RateMissing],
            "the rate is back", null),
        new(GuardPhase.Derived, "markets", "premium, currency", "distinct upstreams with a usable word, in a currency that has a rate", Hold, HoldReasons.BelowQuorum | HoldReasons.Spread | HoldReasons.Stale,
            [BelowQuorum, AllStale], "quorum back; while the share's market is closed it is Closed, not Held", null),
        new(GuardPhase.Derived, "markets agree", "premium, currency", "distance of the two middle votes; upstreams within the outlier limit of the median", Hold, HoldReasons.Disagreement,
            [MiddlesDisagree, OutliersBreakQuorum], "they agree; closed as above", null),
        new(GuardPhase.Derived, "derived bounds", "premium, currency", "the number against its bounds, and against the signed record", Hold, HoldReasons.Bounds, [AtBound, OutsideBounds, DoesNotFit],
            "number inside; never clamped", null),
        new(GuardPhase.Derived, "indication", "indication, no official price expected", "independent markets that can tell a move from their usual premium", Close, HoldReasons.None, [NothingIndicates],
            "quorum back", null),
    ];

    private static readonly GuardRow[] StandingRows = Of(Standing);
    private static readonly GuardRow[] VoteRows = Of(Votes);
    private static readonly GuardRow[] PriceRows = Of(GuardPhase.Price);

    /// <summary>The first guard of the phase that does not pass.</summary>
    public static GuardVerdict First(GuardPhase phase, GuardContext context)
    {
        foreach (var row in phase == Standing ? StandingRows : VoteRows)
        {
            var verdict = row.Judge!(context);
            if (!verdict.Passes) return verdict;
        }

        return GuardVerdict.Pass;
    }

    /// <summary>All guards on the measured price.</summary>
    public static GuardVerdict All(GuardContext context)
    {
        var verdict = GuardVerdict.Pass;
        foreach (var row in PriceRows) verdict = verdict.And(row.Judge!(context));
        return verdict;
    }

    private static GuardRow[] Of(GuardPhase phase) => [.. Rows.Where(row => row.Phase == phase)];

    private static GuardVerdict JudgeIdentity(GuardContext c) => c.Inputs.Identity switch
    {
        IdentityStanding.Unnamed => GuardVerdict.Hold(HoldReasons.Identity, TickerInvalid),
        IdentityStanding.NotListed => GuardVerdict.Hold(HoldReasons.Identity, AwaitingListing),
        IdentityStanding.Delisted => GuardVerdict.Hold(HoldReasons.Identity, Delisted),
        _ => GuardVerdict.Pass,
    };

    /// <summary>Where nothing was before, what sources agree on may be what the ticker named last year.</summary>
    private static GuardVerdict JudgeFirst(GuardContext c) => c.Inputs.Identity == IdentityStanding.JustListed && c.Before == 0 && !c.HasEvidence
        ? GuardVerdict.Hold(HoldReasons.Identity, AwaitingListing)
        : GuardVerdict.Pass;

    private static GuardVerdict Paused(DecisionReason reason) => new(Pause, HoldReasons.CorporateAction, reason);

    private static GuardVerdict JudgeActionWindow(GuardContext c)
    {
        if (!c.Action.IsDue || c.Action.IsLate) return GuardVerdict.Pass;
        if (c.Rules is null) return Paused(CorporateActionWindow);
        return c.Inputs.ConfirmedPrice.IsNone ? Explanation(c.Action) : GuardVerdict.Pass;
    }

    private static GuardVerdict JudgeActionPrice(GuardContext c)
    {
        if (!c.Action.IsDue) return GuardVerdict.Pass;
        if (c.IsConfirmed) return GuardVerdict.Pass with { Reason = ActionConfirmed };
        if (c.IsActionPrice || c.IsActionOrdinary) return GuardVerdict.Pass with { Reason = ActionAccepted };
        var explanation = Explanation(c.Action);
        return explanation.Passes ? Paused(ActionPriceDeviates) : explanation;
    }

    /// <summary>Does the action explain anything at all.</summary>
    private static GuardVerdict Explanation(in PendingAction action)
    {
        if (!action.IsProven) return Paused(ActionNeedsEvidence);
        return action.IsPriced ? GuardVerdict.Pass : Paused(ActionWithoutRatio);
    }

    private static GuardVerdict JudgeClock(GuardContext c)
    {
        // A record attested before its own observedAt is refused by every chain.
        if (c.Now < c.ObservedAt) return GuardVerdict.Hold(HoldReasons.Clock, ClockBehind);
        return c.Inputs.Clock == GuardSignal.Bad ? GuardVerdict.Hold(HoldReasons.Clock, ClockUntrusted) : GuardVerdict.Pass;
    }

    private static GuardVerdict JudgeCalendar(GuardContext c)
    {
        var verdict = SessionRule.Judge(c.Now, c.Session, c.ObservedAt);
        if (verdict.Outcome == Hold) return verdict;
        return c.Inputs.Calendar == GuardSignal.Bad
            ? GuardVerdict.Hold(HoldReasons.CalendarConflict, CalendarConflict)
            : GuardVerdict.Pass;
    }

    private static GuardVerdict JudgeResume(GuardContext c) => c.Halts.IsResumePending && c.IsQuorumPossible
        ? ReopeningRule.JudgeResume(c.Ballot, c.Pricing, c.Halts.ResumedAt, c.HasReopened, c.Settings.ResumeGuard, c.Now)
        : GuardVerdict.Pass;

    private static GuardVerdict JudgeOpening(GuardContext c) => c.IsQuorumPossible
        ? ReopeningRule.JudgeOpening(c.Ballot, c.Pricing, c.OpeningSince, c.Now)
        : GuardVerdict.Pass;

    private static GuardVerdict JudgeJump(GuardContext c)
    {
        var last = c.References.Last;

        // The word of one kind of witness explains no price, and makes one doubtful, however small a split it is.
        if (c.Suspected.IsDue && !c.IsConfirmed && last != 0 && Bps.SideBeyond(c.Measured.Price, last, c.Pricing.JumpLimitBps) != 0)
            return GuardVerdict.Hold(HoldReasons.Jump | HoldReasons.CorporateAction, JumpNeedsEvidence);
        var evidence = last != 0 && JumpRule.IsBeyondTier(c.Measured.Price, last, c.Pricing) && c.HasEvidence;
        return c.Jumps.JudgeLast(c.Votes, c.Measured.Price, last, evidence, c.Pricing, c.Now);
    }

    /// <summary>Who confirms a price says that what is related to it no longer is, as before.</summary>
    private static GuardVerdict JudgeRelated(GuardContext c) => c.IsConfirmed || c.Action.IsDue ? GuardVerdict.Pass : RelatedRule.Judge(c.Measured.Price, c.Inputs);

    private static GuardVerdict JudgePace(GuardContext c) => JumpRule.IsBeyondPace(c.Measured.Price, c.References.Pace, c.Pricing) && !c.HasEvidence
        ? GuardVerdict.Hold(HoldReasons.Jump, JumpNeedsEvidence)
        : GuardVerdict.Pass;

    private static GuardVerdict JudgeActivation(GuardContext c)
    {
        if (c.OnChain.IsNone || c.ObservedAt is not { } observedAt) return GuardVerdict.Pass;
        var verdict = ActivationRule.JudgeStart(c.Measured.Price, c.OnChain, observedAt, c.Now, c.Settings);
        return !verdict.Passes && c.HasEvidence ? GuardVerdict.Pass : verdict;
    }
}
