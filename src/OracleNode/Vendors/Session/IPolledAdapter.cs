using NodaTime;

namespace OracleNode.Vendors.Session;

/// <summary>A vendor that has to be asked, without the when and the how often.</summary>
/// <typeparam name="TBatch">What one poll brings.</typeparam>
internal interface IPolledAdapter<TBatch> : IDisposable
{
    /// <summary>Whose protocol this is.</summary>
    VendorKind Vendor { get; }

    /// <summary>What was counted so far.</summary>
    ParserCounters Counters { get; }

    /// <summary>How many tickers there are to poll.</summary>
    int TickerCount { get; }

    /// <summary>Asks for what is new of one ticker. Several tickers may be asked at once, each only once at a time.</summary>
    /// <exception cref="VendorFaultException">The vendor did not deliver.</exception>
    Task<TBatch> FetchAsync(int ticker, Instant now, CancellationToken cancellation);

    /// <summary>Turns a batch into observations, oldest first, each print once. One call at a time. Never throws on any content.</summary>
    BatchOutcome Convert(TBatch batch, Instant receiveTime, ObservationBuffer output);
}

/// <summary>What a batch said of itself.</summary>
/// <param name="Bytes">Its size on the wire.</param>
/// <param name="IsTruncated">It does not reach back to the batch before.</param>
internal readonly record struct BatchOutcome(int Bytes, bool IsTruncated)
{
    /// <summary>What it held for others than the observations' taker.</summary>
    public int Quotes { get; init; }
}

/// <summary>A polled vendor did not deliver.</summary>
internal sealed class VendorFaultException(VendorFault fault, bool concernsOneTicker) : Exception(fault.Detail)
{
    /// <summary>Why.</summary>
    public VendorFault Fault { get; } = fault;

    /// <summary>The other tickers are not concerned.</summary>
    public bool ConcernsOneTicker { get; } = concernsOneTicker;
}
