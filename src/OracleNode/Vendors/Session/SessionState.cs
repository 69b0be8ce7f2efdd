namespace OracleNode.Vendors.Session;

/// <summary>Where a session stands.</summary>
public enum SessionState
{
    /// <summary>Not started, or ended by cancellation.</summary>
    Stopped = 0,
    Connecting,
    /// <summary>Connected; greeting, authentication or subscription under way.</summary>
    Handshaking,
    /// <summary>Subscribed; data may flow.</summary>
    Live,
    /// <summary>Waiting before the next attempt.</summary>
    BackingOff,
    /// <summary>Waiting long: an operator must act, see the last fault.</summary>
    NeedsOperator,
}
