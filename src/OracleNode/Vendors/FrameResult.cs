namespace OracleNode.Vendors;

/// <summary>What a frame said about the session itself.</summary>
[Flags]
public enum FrameSignals
{
    None = 0,
    /// <summary>The server greeted; authentication may be sent.</summary>
    Greeted = 1 << 0,
    Authenticated = 1 << 1,
    /// <summary>A subscription was acknowledged.</summary>
    Subscribed = 1 << 2,
    /// <summary>Not the documented JSON; nothing was taken from it.</summary>
    Malformed = 1 << 3,
    /// <summary>It shows that the vendor is there, whether or not it held an observation.</summary>
    Alive = 1 << 4,
}

/// <summary>The control outcome of one frame.</summary>
/// <param name="Signals">What it said of the session.</param>
/// <param name="Fault">The vendor's complaint, or null.</param>
public readonly record struct FrameResult(FrameSignals Signals, VendorFault? Fault)
{
    /// <summary>What it held for others than the observations' taker.</summary>
    public int Quotes { get; init; }

    /// <summary>What is to be said to the vendor because of it; null for nothing.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Replies { get; init; }

    /// <summary>Whether the frame said this.</summary>
    public bool Has(FrameSignals signal) => (Signals & signal) != 0;
}
