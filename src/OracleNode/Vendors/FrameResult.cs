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
}

/// <summary>The control outcome of one frame.</summary>
/// <param name="Signals">What it said of the session.</param>
/// <param name="Fault">The vendor's complaint, or null.</param>
public readonly record struct FrameResult(FrameSignals Signals, VendorFault? Fault)
{
    /// <summary>Whether the frame said this.</summary>
    public bool Has(FrameSignals signal) => (Signals & signal) != 0;
}
