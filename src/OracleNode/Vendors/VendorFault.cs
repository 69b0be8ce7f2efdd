namespace OracleNode.Vendors;

/// <summary>Why a source does not deliver. Each kind has one way to go on, see <see cref="VendorFault.Recovery"/>.</summary>
public enum VendorFaultKind
{
    None = 0,

    // What an operator must change.
    /// <summary>The key is wrong, revoked or expired.</summary>
    AuthenticationFailed,
    /// <summary>The key's reference names nothing readable.</summary>
    SecretUnavailable,
    /// <summary>The plan does not include this channel.</summary>
    NotEntitled,
    /// <summary>More symbols than the plan allows.</summary>
    SymbolLimit,
    /// <summary>The vendor refused a subscription, or acknowledged less than was asked.</summary>
    SubscriptionRefused,
    /// <summary>The vendor does not understand what we send, or the address is wrong.</summary>
    BadRequest,

    // Someone else holds the connection.
    /// <summary>Another connection of the same account took or holds the only place.</summary>
    ConnectionLimit,
    /// <summary>Too many requests.</summary>
    RateLimited,

    // What passes by itself.
    ConnectFailed,
    /// <summary>Greeting, authentication or subscription did not complete in time.</summary>
    HandshakeTimeout,
    /// <summary>The vendor saw no authentication in time.</summary>
    AuthenticationTimeout,
    /// <summary>The vendor dropped us for reading too slowly.</summary>
    SlowConsumer,
    /// <summary>The vendor closed, or the connection broke.</summary>
    Disconnected,
    /// <summary>No data although the session says there should be.</summary>
    Silence,
    /// <summary>A message larger than the cap.</summary>
    OversizeFrame,
    /// <summary>The vendor reports its own failure.</summary>
    ServerError,
    /// <summary>A request was not answered in time.</summary>
    RequestTimeout,
    /// <summary>The node's own defect; the session goes on.</summary>
    Internal,
}

/// <summary>How a session goes on after a fault.</summary>
public enum FaultRecovery
{
    /// <summary>Soon again, with growing jittered delay.</summary>
    Retry = 0,
    /// <summary>Slower, so that two clients of one account do not evict each other for ever.</summary>
    Yield = 1,
    /// <summary>Long delay: an operator must act first.</summary>
    Operator = 2,
}

/// <summary>A fault with what the vendor said of it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">The vendor's code and words, bounded and printable; never a secret.</param>
public sealed record VendorFault(VendorFaultKind Kind, string Detail)
{
    private const int MaxDetailCharacters = 200;

    /// <summary>How to go on.</summary>
    public FaultRecovery Recovery => Kind switch
    {
        VendorFaultKind.AuthenticationFailed or VendorFaultKind.SecretUnavailable or VendorFaultKind.NotEntitled
            or VendorFaultKind.SymbolLimit or VendorFaultKind.SubscriptionRefused or VendorFaultKind.BadRequest => FaultRecovery.Operator,
        VendorFaultKind.ConnectionLimit or VendorFaultKind.RateLimited => FaultRecovery.Yield,
        _ => FaultRecovery.Retry,
    };

    /// <summary>Whether the fault leaves an established session usable: a part of the subscription is missing, the rest flows.</summary>
    public bool IsPartial => Kind is VendorFaultKind.SubscriptionRefused or VendorFaultKind.NotEntitled or VendorFaultKind.SymbolLimit
        or VendorFaultKind.BadRequest;

    /// <summary>What the operator should do about it.</summary>
    public string Advice => Kind switch
    {
        VendorFaultKind.AuthenticationFailed => "Check the key that ApiKey (and ApiSecret) refer to; it is read again at every attempt.",
        VendorFaultKind.SecretUnavailable => "Set the environment variable or file that ApiKey (and ApiSecret) refer to; it is read again at every attempt.",
        VendorFaultKind.NotEntitled => "The plan does not include this channel: change the plan or the source's Url.",
        VendorFaultKind.SymbolLimit => "The plan allows fewer symbols: shorten Symbols or change the plan.",
        VendorFaultKind.SubscriptionRefused => "Check the Symbols of this source against the vendor's list.",
        VendorFaultKind.BadRequest => "Check Url and Symbols of this source.",
        VendorFaultKind.ConnectionLimit => "Another process uses the same key: stop it or give this node its own key.",
        VendorFaultKind.RateLimited => "Poll less often or change the plan.",
        VendorFaultKind.ConnectFailed => "Check Url, DNS and outbound network.",
        VendorFaultKind.SlowConsumer => "The node reads too slowly: check its CPU and network.",
        VendorFaultKind.Silence => "The vendor sends nothing in an open session: check its status page if this repeats.",
        VendorFaultKind.OversizeFrame => "Raise MaxFrameBytes only if the vendor documents larger messages.",
        VendorFaultKind.Internal => "A defect of the node: report it with this log line.",
        _ => "Nothing to do unless it repeats.",
    };

    /// <summary>Makes a fault from a vendor's words, which are bounded and stripped of control characters.</summary>
    public static VendorFault FromVendor(VendorFaultKind kind, ReadOnlySpan<byte> code, ReadOnlySpan<byte> message)
    {
        Span<char> text = stackalloc char[MaxDetailCharacters];
        var length = 0;
        Append(code, text, ref length);
        if (length > 0 && message.Length > 0) Append(": "u8, text, ref length);
        Append(message, text, ref length);
        return new VendorFault(kind, new string(text[..length]));
    }

    private static void Append(ReadOnlySpan<byte> from, Span<char> to, ref int length)
    {
        foreach (var b in from)
        {
            if (length == to.Length) return;
            to[length++] = b is >= 0x20 and < 0x7F ? (char)b : '?';
        }
    }
}
