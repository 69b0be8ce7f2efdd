namespace OracleNode.Publishing;

/// <summary>Why a record is, or is not, worth a transaction on a chain now.</summary>
public enum PublishReason : byte
{
    /// <summary>Nothing was decided.</summary>
    None = 0,

    // Publish.

    /// <summary>The chain holds nothing of this feed yet.</summary>
    First = 1,
    /// <summary>State, hold reasons or halt reason differ from the chain's; a step between Live and Degraded alone has to last.</summary>
    StateChange = 2,
    /// <summary>The session claim differs from the chain's: session, closed reason or the instant it expires at.</summary>
    SessionChange = 3,
    /// <summary>The multiplier, or the one staged, differs from the chain's.</summary>
    MultiplierChange = 4,
    /// <summary>The price moved by the session's deviation or more, either way.</summary>
    Deviation = 5,
    /// <summary>The price is of this moment, and the chain's attestation is as old as the session's heartbeat, or older.</summary>
    Heartbeat = 6,
    /// <summary>Near enough to its deviation, heartbeat or attestation to join a batch that another feed needs.</summary>
    RideAlong = 7,
    /// <summary>
    /// The price only stands (closed, halted, held, paused), and the chain's attestation is as old as the session's attestation interval, or
    /// older. The record has a newer sequence and the same observation: no round opens, no price changes.
    /// </summary>
    Attestation = 8,

    // Do not.

    /// <summary>There is nothing to publish: the feed never had a good price.</summary>
    NoCandidate = 16,
    /// <summary>A transaction with this feed is under way; its landing decides what comes next.</summary>
    InFlight = 17,
    /// <summary>The chain holds a newer observation, so it would refuse this one.</summary>
    Superseded = 18,
    /// <summary>The chain says all of it already, and recently enough.</summary>
    Unchanged = 19,
}
