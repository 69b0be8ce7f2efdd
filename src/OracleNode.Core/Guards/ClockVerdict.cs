using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>How far the node's clock may be trusted.</summary>
public enum ClockState : byte
{
    /// <summary>Nothing to compare it with.</summary>
    Unknown = 0,
    /// <summary>Within <see cref="ClockWatch.ReadyLimit"/>.</summary>
    Good = 1,
    /// <summary>Off by more than that: the node is not ready.</summary>
    Off = 2,
    /// <summary>Off by more than <see cref="ClockWatch.SigningLimit"/>: the node does not sign.</summary>
    Wrong = 3,
}

/// <summary>The node's clock against others.</summary>
/// <param name="State">How far it may be trusted.</param>
/// <param name="Offset">How far it is ahead of the reference; negative when behind. An estimate: of vendors the least that it can be.</param>
/// <param name="Reference">What it was compared with.</param>
public readonly record struct ClockVerdict(ClockState State, Duration Offset, ClockReference Reference);
