using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// The trading status of one instrument by upstream: halted when the listing market's own source says so, or two distinct upstreams; one other
/// vendor alone halts nothing. An upstream's newest word, by event time, counts.
/// </summary>
/// <remarks>
/// No halt latches. A vendor may lose the resumption, so its word ends, too, with the evidence that trading goes on: prints of the regular session by
/// <see cref="Witnesses"/> upstreams, from <see cref="ReportingDelay"/> after the halt on (while an instrument is halted no venue may trade it), or with the
/// listing market's word that it has resumed. What ends so counts as a resumption: quotes of the quorum are asked for. A venue that is out
/// (<see cref="HaltReason.Venue"/>) halts nothing while others trade on; where the only upstream that may vote in the session says it, as at night, there is
/// no market. It ends with the venue's own word, or a print of its own from <see cref="ReportingDelay"/> after it on.
/// A halt that the chains hold at the start goes on, though nobody knows here who said it. It ends with the listing market's word, with the word of
/// <see cref="Witnesses"/> upstreams that trading goes on, with prints of as many from after the start; and once it is said again, as any other.
/// </remarks>
internal sealed class HaltWatch
{
    /// <summary>Upstreams that must agree, where the listing market's own source has not spoken.</summary>
    public const int Witnesses = 2;

    /// <summary>How late a print from before the halt may be reported with a time after it.</summary>
    public static readonly Duration ReportingDelay = Duration.FromSeconds(10);

    private const int ReasonCount = (int)HaltReason.Other + 1;

    private readonly Status[] _statuses;
    private readonly Instant?[] _prints;
    private readonly int[] _votes = new int[ReasonCount];
    private RestoredHalt _restored;
    private bool[] _mayVote;
    private bool _isOrdered;

    public HaltWatch(int upstreams)
    {
        _statuses = new Status[upstreams];
        _prints = new Instant?[upstreams];
        _mayVote = new bool[upstreams];
    }

    /// <summary>True while the listing market's source, or enough upstreams, say halted.</summary>
    public bool IsHalted => Reason != HaltReason.None;

    /// <summary>
    /// Operator while one halts it; the listing market's reason, else the one most upstreams give; of equally many, the one with the smaller number; Venue while the session's only
    /// upstream is out. None while not halted.
    /// </summary>
    public HaltReason Reason { get; private set; }

    /// <summary>Event time of what ended the last halt; null when none has ended.</summary>
    public Instant? ResumedAt { get; private set; }

    /// <summary>A halt has ended and the market has not been seen to reopen.</summary>
    public bool IsResumePending { get; private set; }

    /// <summary>The session is one in which these upstreams may vote, by slot. That alone is no resumption.</summary>
    public void Enter(bool[] mayVote)
    {
        if (ReferenceEquals(_mayVote, mayVote)) return;
        _mayVote = mayVote;
        Reason = Judge();
    }

    /// <summary>Takes a status in; false when it is older than what the upstream already said.</summary>
    /// <param name="upstreamSlot">Whose word it is.</param>
    /// <param name="reason">Why it is halted; none when trading.</param>
    /// <param name="eventTime">When that began.</param>
    /// <param name="isListingMarket">It is the listing market's own source: its word is enough.</param>
    public bool TryApply(int upstreamSlot, HaltReason reason, Instant eventTime, bool isListingMarket)
    {
        ref var status = ref _statuses[upstreamSlot];
        if (status.IsKnown && eventTime < status.EventTime) return false;

        status = new Status(IsKnown: true, reason, eventTime, isListingMarket);
        if (isListingMarket && !status.IsHalted) EndOlderHalts(eventTime);
        if (_restored.IsHalted && IsRestoredOver()) _restored = default;
        Conclude(eventTime);
        return true;
    }

    /// <summary>A print that may set the regular session's price: with another upstream's it shows that trading goes on.</summary>
    public void SawPrint(int upstreamSlot, Instant eventTime)
    {
        if (_prints[upstreamSlot] is { } before && before >= eventTime) return;
        _prints[upstreamSlot] = eventTime;
        if (IsHalted) EndWhatPrintsContradict();
    }

    /// <summary>A print that may set a price, in whatever session: its own venue is not out.</summary>
    public void SawVenuePrint(int upstreamSlot, Instant eventTime)
    {
        if (_restored.Reason == HaltReason.Venue && IsSinceStart(eventTime))
        {
            _restored = default;
            Conclude(eventTime);
        }

        ref var status = ref _statuses[upstreamSlot];
        if (status.Reason != HaltReason.Venue || eventTime - status.EventTime <= ReportingDelay) return;
        status = status with { Reason = HaltReason.None };
        Conclude(eventTime);
    }

    /// <summary>
    /// The market was found halted on chain at the start. An operator's halt is not the chain's to go on with, since the order stands in the operator's own
    /// document: quotes after the last price are asked for, as after any halt.
    /// </summary>
    /// <param name="reason">Why; not none.</param>
    /// <param name="observedAt">Of the last price: the halt is not older.</param>
    public void RestoreHalted(HaltReason reason, Instant observedAt)
    {
        if (reason == HaltReason.Operator)
        {
            ResumedAt = observedAt;
            IsResumePending = true;
            return;
        }

        _restored = new RestoredHalt(reason, observedAt, Instant.MaxValue);
        Reason = Judge();
    }

    /// <summary>The first tick: prints of before it say nothing of a halt that was found.</summary>
    public void Start(Instant now) => _restored = _restored with { StartedAt = now };

    /// <summary>An operator halts the instrument, or no longer: it ends as any halt does, with quotes from after it.</summary>
    public void Order(bool isHalt, Instant now)
    {
        if (isHalt == _isOrdered) return;
        _isOrdered = isHalt;
        Conclude(now);
    }

    /// <summary>The quorum quotes again, or another session has begun.</summary>
    public void CompleteResume() => IsResumePending = false;

    private void EndOlderHalts(Instant resumedAt)
    {
        if (_restored.ObservedAt <= resumedAt) _restored = default;
        foreach (ref var status in _statuses.AsSpan())
            if (status.IsHalted && status.EventTime <= resumedAt)
                status = status with { Reason = HaltReason.None };
    }

    private void EndWhatPrintsContradict()
    {
        var newest = Instant.MinValue;
        foreach (ref var status in _statuses.AsSpan())
        {
            // No sum of times that come from outside: they may be anything. Where prints are later than this, it is none.
            if (!status.IsHalted || CountPrintsLaterThan(status.EventTime) < Witnesses) continue;
            status = status with { Reason = HaltReason.None };
            newest = Instant.Max(newest, status.EventTime + ReportingDelay);
        }

        if (_restored.IsHalted && _restored.StartedAt != Instant.MaxValue && CountPrintsLaterThan(_restored.StartedAt) >= Witnesses)
        {
            newest = Instant.Max(newest, _restored.StartedAt + ReportingDelay);
            _restored = default;
        }

        if (newest != Instant.MinValue) Conclude(newest);
    }

    /// <summary>It is said again, and so ends with those who say it; or enough upstreams say that trading goes on.</summary>
    private bool IsRestoredOver()
    {
        var (halted, trading, isListing) = (0, 0, false);
        for (var slot = 0; slot < _statuses.Length; slot++)
        {
            ref readonly var status = ref _statuses[slot];
            if (!status.IsKnown) continue;
            if (_restored.Reason == HaltReason.Venue && slot == OnlyVoter()) return true;
            if (status.IsHalted) (halted, isListing) = (halted + 1, isListing || status.IsListingMarket);
            else if (status.Reason == HaltReason.None && status.EventTime > _restored.ObservedAt) trading++;
        }

        return isListing || halted >= Witnesses || trading >= Witnesses;
    }

    private bool IsSinceStart(Instant print) => _restored.StartedAt != Instant.MaxValue && print - _restored.StartedAt > ReportingDelay;

    private int CountPrintsLaterThan(Instant halt)
    {
        var count = 0;
        foreach (ref readonly var print in _prints.AsSpan())
            if (print is { } at && at - halt > ReportingDelay)
                count++;
        return count;
    }

    private void Conclude(Instant eventTime)
    {
        var wasHalted = IsHalted;
        Reason = Judge();
        if (!wasHalted || IsHalted) return;

        // A late correction may carry an older time than an earlier resume: what counts only ever gets newer.
        ResumedAt = ResumedAt is { } before && before > eventTime ? before : eventTime;
        IsResumePending = true;
    }

    private HaltReason Judge()
    {
        if (_isOrdered) return HaltReason.Operator;
        Array.Clear(_votes);
        var halted = 0;
        var listing = HaltReason.None;
        foreach (ref readonly var status in _statuses.AsSpan())
        {
            if (!status.IsHalted) continue;
            _votes[(int)status.Reason]++;
            halted++;
            if (status.IsListingMarket) listing = status.Reason;
        }

        if (listing != HaltReason.None) return listing;
        if (halted < Witnesses)
        {
            if (_restored.IsHalted && _restored.Reason != HaltReason.Venue) return _restored.Reason;
            return IsOnlyVenueOut() ? HaltReason.Venue : HaltReason.None;
        }

        var most = HaltReason.Other;
        for (var reason = HaltReason.Other; reason > HaltReason.None; reason--)
            if (_votes[(int)reason] >= _votes[(int)most])
                most = reason;
        return most;
    }

    private bool IsOnlyVenueOut() => OnlyVoter() is >= 0 and var only && (_statuses[only].Reason == HaltReason.Venue || _restored.Reason == HaltReason.Venue);

    /// <summary>Slot of the only upstream that may vote in the session; -1 where there are more, or none.</summary>
    private int OnlyVoter()
    {
        var only = -1;
        for (var slot = 0; slot < _mayVote.Length; slot++)
        {
            if (!_mayVote[slot]) continue;
            if (only >= 0) return -1;
            only = slot;
        }

        return only;
    }

    /// <summary>What the chains hold at the start; none by default.</summary>
    /// <param name="Reason">Why it is halted.</param>
    /// <param name="ObservedAt">The halt is not older.</param>
    /// <param name="StartedAt">When this node first looked; the end of time before.</param>
    private readonly record struct RestoredHalt(HaltReason Reason, Instant ObservedAt, Instant StartedAt)
    {
        public bool IsHalted => Reason != HaltReason.None;
    }

    private readonly record struct Status(bool IsKnown, HaltReason Reason, Instant EventTime, bool IsListingMarket)
    {
        /// <summary>Halted everywhere: one venue's outage is none.</summary>
        public bool IsHalted => Reason is not (HaltReason.None or HaltReason.Venue);
    }
}
