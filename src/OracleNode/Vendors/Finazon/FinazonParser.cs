using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Finazon.Wire;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Finazon;

/// <summary>
/// Finazon's decoded messages to observations. Prices come as binary doubles and are rounded once, half to even, to 1e-8.
/// Pure: no channel, no clock, no allocation.
/// </summary>
internal sealed class FinazonParser(SourceId source, UpstreamId upstream)
{
    /// <summary>Unit of <c>trade_date</c> and <c>event_at</c>.</summary>
    private const EpochUnit DataUnit = EpochUnit.Milliseconds;

    /// <summary>What was counted.</summary>
    public ParserCounters Counters { get; } = new();

    /// <summary>When a trade happened; counts when its time is not of the declared unit.</summary>
    public bool TryTime(SipTradesItem trade, out Instant eventTime)
    {
        if (EpochTime.TryRead(trade.TradeDate, DataUnit, out eventTime)) return true;
        Counters.Add(Counter.RejectedTimestamps);
        return false;
    }

    /// <summary>When a trade happened by a stamp of another unit than the declared one: the rules refuse it, and count it against the source.</summary>
    public static bool TryMisstampedTime(SipTradesItem trade, out Instant eventTime) => EpochTime.TryReadMisstamped(trade.TradeDate, DataUnit, out eventTime);

    /// <summary>Appends the observation of a print; false, and counted, when it is none.</summary>
    /// <param name="trade">The print.</param>
    /// <param name="eventTime">When it happened.</param>
    /// <param name="instrument">Of what.</param>
    /// <param name="receiveTime">When it came.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="isMisstamped">Its stamp was counted as refused already.</param>
    public bool Trade(SipTradesItem trade, Instant eventTime, InstrumentId instrument, Instant receiveTime, ObservationBuffer output, bool isMisstamped = false, byte alias = 0)
    {
        var conditions = FinazonConditions.KeepAuctions(FinazonConditions.Read(trade.SalesConditions, FinazonConditions.TapeOf(trade.Topic)), trade);
        return Print(trade.Price, trade.Quantity, conditions, eventTime, instrument, receiveTime, output, isMisstamped, alias);
    }

    /// <summary>Appends the observation of a snapshot's last trade, which comes without conditions; false when there is none.</summary>
    public bool Snapshot(GetSnapshotResponse snapshot, InstrumentId instrument, Instant receiveTime, ObservationBuffer output, byte alias = 0)
    {
        if (snapshot.LastTrade is not { } last)
        {
            Counters.Add(Counter.IgnoredEvents);
            return false;
        }

        if (!EpochTime.TryRead(last.EventAt, DataUnit, out var eventTime))
        {
            Counters.Add(Counter.RejectedTimestamps);
            return false;
        }

        return Print(last.Price, last.Shares, ConditionFlags.ConditionsAbsent, eventTime, instrument, receiveTime, output, alias: alias);
    }

    private bool Print(double price, long size, ConditionFlags conditions, Instant eventTime, InstrumentId instrument, Instant receiveTime, ObservationBuffer output, bool isMisstamped = false, byte alias = 0)
    {
        if (!Price.TryFromDoubleBits(BitConverter.DoubleToInt64Bits(price), out var last, out _)) { Counters.Add(Counter.RejectedPrices); return false; }
        if (size < 0) { Counters.Add(Counter.RejectedFields); return false; }

        output.Add(new Observation
        {
            Kind = ObservationKind.Trade,
            Source = source,
            Upstream = upstream,
            Instrument = instrument,
            Alias = alias,
            EventTime = eventTime,
            ReceiveTime = receiveTime,
            Last = last,
            LastSize = size,
            Conditions = conditions,
        });
        if (!isMisstamped) Counters.Add(Counter.Observations);
        return true;
    }
}
