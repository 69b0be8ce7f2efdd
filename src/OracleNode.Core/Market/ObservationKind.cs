namespace OracleNode.Market;

/// <summary>What a vendor said.</summary>
public enum ObservationKind : byte
{
    None = 0,
    /// <summary>Best bid and offer. A side that is zero or missing is <c>default</c>.</summary>
    Quote = 1,
    /// <summary>A print: <see cref="Observation.Last"/> and <see cref="Observation.LastSize"/>.</summary>
    Trade = 2,
    /// <summary>A trading status: <see cref="Observation.Halt"/> is the reason, or none when trading (again).</summary>
    Status = 3,
    /// <summary>
    /// A print that never was: <see cref="Observation.TradeId"/>, or without one <see cref="Observation.Last"/>, names it.
    /// </summary>
    Cancel = 4,
    /// <summary>
    /// A print that was wrong, named as by <see cref="Cancel"/>; what it should have been follows as a <see cref="Trade"/> of its own.
    /// </summary>
    Correction = 5,
    /// <summary>A price band: <see cref="Observation.Bid"/> is the lower limit, <see cref="Observation.Ask"/> the upper.</summary>
    Band = 6,
    /// <summary>A claim about the session: <see cref="Observation.ClaimedSession"/>.</summary>
    Session = 7,
}
