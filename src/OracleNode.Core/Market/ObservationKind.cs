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
}
