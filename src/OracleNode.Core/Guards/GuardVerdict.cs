using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What a rule asks for.</summary>
internal enum GuardOutcome : byte
{
    /// <summary>Nothing stands against the measured price.</summary>
    Pass,
    /// <summary>Keep the last good price, and say why.</summary>
    Hold,
    /// <summary>Keep the last good price until the market is there again.</summary>
    Reopen,
    /// <summary>Out of session.</summary>
    Close,
    /// <summary>Stopped: a corporate action or an operator.</summary>
    Pause,
    /// <summary>Over, for good.</summary>
    Retire,
    /// <summary>Publish it, and say that it is worth less than it should be. Only what follows another feed asks for it.</summary>
    Degrade,
}

/// <summary>A rule's word on a measurement: what it asks for, the flags it raises, and its name.</summary>
internal readonly record struct GuardVerdict(GuardOutcome Outcome, HoldReasons Holds, DecisionReason Reason)
{
    public static GuardVerdict Pass { get; } = new(GuardOutcome.Pass, HoldReasons.None, DecisionReason.Accepted);

    public bool Passes => Outcome == GuardOutcome.Pass;

    public static GuardVerdict Hold(HoldReasons holds, DecisionReason reason) => new(GuardOutcome.Hold, holds, reason);

    public static GuardVerdict Reopen(DecisionReason reason) => new(GuardOutcome.Reopen, HoldReasons.None, reason);

    /// <summary>Two rules on the same measurement: the first that holds gives the reason, and all flags are shown.</summary>
    public GuardVerdict And(in GuardVerdict later)
    {
        if (Passes) return later.Passes && Reason != DecisionReason.Accepted ? this : later;
        return later.Passes ? this : this with { Holds = Holds | later.Holds };
    }
}
