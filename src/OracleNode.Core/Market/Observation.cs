using NodaTime;

namespace OracleNode.Market;

/// <summary>One thing one source said about one instrument. Which members mean something follows from <see cref="Kind"/>.</summary>
public readonly record struct Observation
{
    public required ObservationKind Kind { get; init; }
    public required SourceId Source { get; init; }
    public required UpstreamId Upstream { get; init; }
    public required InstrumentId Instrument { get; init; }

    /// <summary>When it happened, by the source's clock (market time).</summary>
    public required Instant EventTime { get; init; }

    /// <summary>When this node received it (market time).</summary>
    public required Instant ReceiveTime { get; init; }

    /// <summary>Best bid; <c>default</c> when there is none.</summary>
    public Price Bid { get; init; }

    /// <summary>Best ask; <c>default</c> when there is none.</summary>
    public Price Ask { get; init; }

    /// <summary>Price of the print.</summary>
    public Price Last { get; init; }

    /// <summary>Size at the bid, in the vendor's unit (shares or round lots: never a weight).</summary>
    public long BidSize { get; init; }

    /// <summary>Size at the ask, in the vendor's unit (shares or round lots: never a weight).</summary>
    public long AskSize { get; init; }

    /// <summary>Size of the print in whole shares, rounded down.</summary>
    public long LastSize { get; init; }

    public ConditionFlags Conditions { get; init; }

    /// <summary>For <see cref="ObservationKind.Status"/>: why it is halted, or <see cref="HaltReason.None"/> when trading.</summary>
    public HaltReason Halt { get; init; }

    /// <summary>Under which of the instrument's tickers the source said it: its place in <see cref="Market.Instrument.Tickers"/>.</summary>
    public byte Alias { get; init; }

    /// <summary>The vendor's id of the print, unique per source, instrument and trading day; for a cancel or correction that of the print it is about. 0 when there is none.</summary>
    public ulong TradeId { get; init; }

    /// <summary>For <see cref="ObservationKind.Session"/>: the sessions that the vendor's market status leaves possible.</summary>
    public SessionClaims Claims { get; init; }
}
