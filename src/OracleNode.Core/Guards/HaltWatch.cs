using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// The trading status by upstream. Two distinct upstreams make a halt, one alone makes none; an upstream's newest word, by event time, counts.
/// </summary>
internal sealed class HaltWatch
{
    /// <summary>Upstreams that must agree before an instrument counts as halted.</summary>
    public const int Witnesses = 2;

    private const int ReasonCount = (int)HaltReason.Other + 1;

    private readonly Status[] _statuses;
    private readonly int[] _votes = new int[ReasonCount];
    private int _halted;

    public HaltWatch(int upstreams) => _statuses = new Status[upstreams];

    /// <summary>True while enough upstreams say halted.</summary>
    public bool IsHalted => _halted >= Witnesses;

    /// <summary>The reason most upstreams give; of equally many, the one with the smaller number. None while not halted.</summary>
    public HaltReason Reason { get; private set; }

    /// <summary>Event time of the status that ended the last halt; null when none has ended.</summary>
    public Instant? ResumedAt { get; private set; }

    /// <summary>A halt has ended and the market has not been seen to reopen.</summary>
    public bool IsResumePending { get; private set; }

    /// <summary>Takes a status in; false when it is older than what the upstream already said.</summary>
    public bool TryApply(int upstreamSlot, HaltReason reason, Instant eventTime)
    {
        ref var status = ref _statuses[upstreamSlot];
        if (status.IsKnown && eventTime < status.EventTime) return false;

        var wasHalted = IsHalted;
        if (status.IsHalted) _halted--;
        status = new Status(IsKnown: true, reason, eventTime);
        if (status.IsHalted) _halted++;
        Reason = IsHalted ? MostGiven() : HaltReason.None;
        if (wasHalted && !IsHalted)
        {
            // A late correction may carry an older time than an earlier resume: what counts only ever gets newer.
            ResumedAt = ResumedAt is { } before && before > eventTime ? before : eventTime;
            IsResumePending = true;
        }

        return true;
    }

    /// <summary>The market was found halted on chain at the start: quotes after <paramref name="observedAt"/> are asked for, as after a resume.</summary>
    public void RestoreHalted(Instant observedAt)
    {
        ResumedAt = observedAt;
        IsResumePending = true;
    }

    /// <summary>The quorum quotes again, or another session has begun.</summary>
    public void CompleteResume() => IsResumePending = false;

    private HaltReason MostGiven()
    {
        Array.Clear(_votes);
        var most = HaltReason.Other;
        foreach (ref readonly var status in _statuses.AsSpan())
            if (status.IsHalted)
                _votes[(int)status.Reason]++;
        for (var reason = HaltReason.Other; reason > HaltReason.None; reason--)
            if (_votes[(int)reason] >= _votes[(int)most])
                most = reason;
        return most;
    }

    private readonly record struct Status(bool IsKnown, HaltReason Reason, Instant EventTime)
    {
        public bool IsHalted => Reason != HaltReason.None;
    }
}
