namespace OracleNode.VendorServers;

/// <summary>Limits of a websocket vendor.</summary>
internal abstract class StreamOptions
{
    /// <summary>How long a client may stay without authenticating.</summary>
    public TimeSpan AuthenticationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Frames that may wait for a slow client before it is sent away.</summary>
    public int MaxQueuedFrames { get; set; } = 4_096;
}
