namespace OracleNode.Vendors;

/// <summary>
/// What a parser saw. Every frame and every event ends in exactly one of these, so that nothing is dropped silently.
/// Written by one thread; a reader on another sees whole, never torn, values.
/// </summary>
public sealed class ParserCounters
{
    private readonly long[] _values = new long[(int)Counter.Count];

    /// <summary>What is counted.</summary>
    internal enum Counter
    {
        MalformedFrames,
        Observations,
        ControlEvents,
        IgnoredEvents,
        UnknownTypes,
        UnknownSymbols,
        RejectedFields,
        RejectedPrices,
        RejectedTimestamps,
        Cancellations,
        Corrections,
        BooksInDoubt,
        Count,
    }

    /// <summary>Frames that were not JSON of the documented shape.</summary>
    public long MalformedFrames => Read(Counter.MalformedFrames);

    /// <summary>Observations handed out.</summary>
    public long Observations => Read(Counter.Observations);

    /// <summary>Handshake, acknowledgement and error events.</summary>
    public long ControlEvents => Read(Counter.ControlEvents);

    /// <summary>Events of a known type that say nothing the node uses (bars, price bands, indications).</summary>
    public long IgnoredEvents => Read(Counter.IgnoredEvents);

    /// <summary>Events of a type, status or tape that is not known.</summary>
    public long UnknownTypes => Read(Counter.UnknownTypes);

    /// <summary>Events for a symbol that was not asked for.</summary>
    public long UnknownSymbols => Read(Counter.UnknownSymbols);

    /// <summary>Events with a field missing, doubled or of the wrong type.</summary>
    public long RejectedFields => Read(Counter.RejectedFields);

    /// <summary>Events whose price is no price: negative, zero where a print must have one, too large, too precise.</summary>
    public long RejectedPrices => Read(Counter.RejectedPrices);

    /// <summary>Events whose timestamp is not of the declared unit.</summary>
    public long RejectedTimestamps => Read(Counter.RejectedTimestamps);

    /// <summary>Prints that the vendor cancelled.</summary>
    public long Cancellations => Read(Counter.Cancellations);

    /// <summary>Prints that the vendor corrected.</summary>
    public long Corrections => Read(Counter.Corrections);

    /// <summary>Books of a token's venue that did not agree with its checksum, were crossed, or changed before they were known.</summary>
    public long BooksInDoubt => Read(Counter.BooksInDoubt);

    /// <summary>All events that carried data and were refused.</summary>
    public long Rejected => RejectedFields + RejectedPrices + RejectedTimestamps + BooksInDoubt;

    internal void Add(Counter counter, long count = 1) =>
        Volatile.Write(ref _values[(int)counter], unchecked(_values[(int)counter] + count));

    private long Read(Counter counter) => Volatile.Read(ref _values[(int)counter]);
}
