using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Massive;

/// <summary>
/// Massive's frames: an array of events, of which the node uses <c>T</c> (trade), <c>Q</c> (quote), <c>LULD</c> (halt and
/// resume, and price bands) and <c>status</c>. Pure: no socket, no clock, no allocation except for a fault.
/// </summary>
internal sealed class MassiveParser(SymbolTable symbols, SourceId source, UpstreamId upstream)
{
    private const int HaltIndicator = 17;
    private const int ResumeIndicator = 18;

    /// <summary>Nothing else is asked for; bars and imbalances would be ignored, not unknown.</summary>
    private const EpochUnit DataUnit = EpochUnit.Milliseconds;

    /// <summary>The text says milliseconds, the vendor's own example is in microseconds: both are declared, the magnitude tells.</summary>
    private const EpochUnit LuldUnit = EpochUnit.Milliseconds | EpochUnit.Microseconds;

    /// <summary>Observations of this frame whose stamp is of another unit: counted as refused, and handed on for the rules to refuse.</summary>
    private int _misstamped;

    /// <summary>What was counted.</summary>
    public ParserCounters Counters { get; } = new();

    /// <inheritdoc cref="IVendorAdapter.Parse"/>
    public FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime, ObservationBuffer output)
    {
        var before = output.Count;
        _misstamped = 0;
        var signals = FrameSignals.None;
        VendorFault? fault = null;
        try
        {
            var json = new JsonFrame(frame);
            while (json.NextEvent())
            {
                var fields = default(Fields);
                var wellFormed = fields.ReadAll(ref json);
                if (!wellFormed) Counters.Add(Counter.RejectedFields);
                else Understand(in fields, receiveTime, output, ref signals, ref fault);
            }
        }
        catch (JsonException)
        {
            // A frame that breaks off may have broken anywhere: nothing of it counts.
            output.Truncate(before);
            Counters.Add(Counter.MalformedFrames);
            return new FrameResult(FrameSignals.Malformed, fault);
        }

        Counters.Add(Counter.Observations, output.Count - before - _misstamped);
        return new FrameResult(signals, fault);
    }

    private void Understand(in Fields fields, Instant receiveTime, ObservationBuffer output, ref FrameSignals signals, ref VendorFault? fault)
    {
        var type = fields.Event.IsPlainString ? fields.Event.Text : default;
        if (type.SequenceEqual("Q"u8)) Quote(in fields, receiveTime, output);
        else if (type.SequenceEqual("T"u8)) Trade(in fields, receiveTime, output);
        else if (type.SequenceEqual("LULD"u8)) Luld(in fields, receiveTime, output);
        else if (type.SequenceEqual("status"u8)) Status(in fields, ref signals, ref fault);
        else if (type.SequenceEqual("A"u8) || type.SequenceEqual("AM"u8) || type.SequenceEqual("NOI"u8) || type.SequenceEqual("FMV"u8)) Counters.Add(Counter.IgnoredEvents);
        else Counters.Add(Counter.UnknownTypes);
    }

    private void Quote(in Fields fields, Instant receiveTime, ObservationBuffer output)
    {
        if (!TryInstrument(in fields.Symbol, out var instrument, out var alias)) return;
        if (!TryTime(in fields.Time, DataUnit, out var eventTime, out var isMisstamped)) return;
        if (!fields.BidPrice.TryQuoteSide(out var bid) || !fields.AskPrice.TryQuoteSide(out var ask)) { Counters.Add(Counter.RejectedPrices); return; }
        if (!fields.BidSize.TrySize(out var bidSize) || !fields.AskSize.TrySize(out var askSize)) { Counters.Add(Counter.RejectedFields); return; }

        if (isMisstamped) _misstamped++;
        output.Add(new Observation
        {
            Kind = ObservationKind.Quote,
            Source = source,
            Upstream = upstream,
            Instrument = instrument,
            Alias = alias,
            EventTime = eventTime,
            ReceiveTime = receiveTime,
            Bid = bid,
            Ask = ask,
            BidSize = bidSize,
            AskSize = askSize,
            Conditions = TestSymbols.FlagOf(fields.Symbol.Text),
        });
    }

    private static ConditionFlags ConditionsOf(in Fields fields) => ListingMarket.Keep(
        MassiveConditions.Read(in fields.Conditions), MassiveConditions.TapeLetter(fields.Tape.Text), MassiveConditions.ParticipantLetter(fields.Exchange.Text));

    private void Trade(in Fields fields, Instant receiveTime, ObservationBuffer output)
    {
        if (!TryInstrument(in fields.Symbol, out var instrument, out var alias)) return;
        if (!TryTime(in fields.Time, DataUnit, out var eventTime, out var isMisstamped)) return;
        if (!fields.Price.TryPrice(out var price)) { Counters.Add(Counter.RejectedPrices); return; }
        if (!fields.Size.TrySize(out var size)) { Counters.Add(Counter.RejectedFields); return; }

        if (isMisstamped) _misstamped++;
        output.Add(new Observation
        {
            Kind = ObservationKind.Trade,
            Source = source,
            Upstream = upstream,
            Instrument = instrument,
            Alias = alias,
            EventTime = eventTime,
            ReceiveTime = receiveTime,
            Last = price,
            LastSize = size,
            Conditions = ConditionsOf(in fields) | TestSymbols.FlagOf(fields.Symbol.Text),
            TradeId = fields.Indicators.IsString || fields.Indicators.IsNumber
                ? TradeIdentity.Of(fields.Indicators.Text, fields.Exchange.Text, fields.Facility.Text)
                : 0,
        });
    }

    private void Luld(in Fields fields, Instant receiveTime, ObservationBuffer output)
    {
        if (!TryInstrument(in fields.LuldSymbol, out var instrument, out var alias)) return;
        if (!TryTime(in fields.Time, LuldUnit, out var eventTime, out var isMisstamped)) return;
        var isHalt = TryHalt(in fields.Indicators, out var halt);
        var isBand = TryBand(in fields, out var low, out var high);
        if (!isHalt && !isBand) { Counters.Add(Counter.IgnoredEvents); return; }
        if (isMisstamped) _misstamped++;
        var band = new Observation
        {
            Kind = ObservationKind.Band,
            Source = source,
            Upstream = upstream,
            Instrument = instrument,
            Alias = alias,
            EventTime = eventTime,
            ReceiveTime = receiveTime,
            Bid = low,
            Ask = high,
        };
        if (isHalt) output.Add(band with { Kind = ObservationKind.Status, Bid = default, Ask = default, Halt = halt });

        // What a halt says of bands is of before it; a resumption's are new.
        if (isBand && halt == HaltReason.None) output.Add(band);
    }

    private static bool TryBand(in Fields fields, out Price low, out Price high)
    {
        high = default;
        return fields.Low.TryPrice(out low) && fields.High.TryPrice(out high) && low < high;
    }

    // A band update carries neither indicator and says nothing of a halt; with both, the halt stands.
    private static bool TryHalt(in JsonValue indicators, out HaltReason halt)
    {
        halt = HaltReason.None;
        if (!indicators.IsArray) return false;
        var resumed = false;
        var id = -1;
        foreach (var b in indicators.Text)
        {
            if (b is >= (byte)'0' and <= (byte)'9') id = Math.Min((Math.Max(id, 0) * 10) + b - '0', 1_000);
            else if (b is (byte)',' or (byte)']')
            {
                if (id == HaltIndicator) halt = HaltReason.VolatilityPause;
                else if (id == ResumeIndicator) resumed = true;
                id = -1;
            }
            else if (b is not ((byte)'[' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        }

        return resumed || halt != HaltReason.None;
    }

    private void Status(in Fields fields, ref FrameSignals signals, ref VendorFault? fault)
    {
        var status = fields.StatusCode.IsPlainString ? fields.StatusCode.Text : default;
        var message = fields.Message.IsString ? fields.Message.Text : default;
        if (status.SequenceEqual("connected"u8)) signals |= FrameSignals.Greeted;
        else if (status.SequenceEqual("auth_success"u8)) signals |= FrameSignals.Authenticated;
        else if (status.SequenceEqual("success"u8))
        {
            // One schema says "success" for the greeting too; only an acknowledgement names what was subscribed.
            signals |= message.StartsWith("subscribed to"u8) ? FrameSignals.Subscribed
                : message.StartsWith("unsubscribed"u8) ? FrameSignals.None : FrameSignals.Greeted;
        }
        else
        {
            var kind = FaultOf(status);
            if (kind == VendorFaultKind.None) { Counters.Add(Counter.UnknownTypes); return; }
            fault = Worse(fault, VendorFault.FromVendor(kind, status, message));
        }

        Counters.Add(Counter.ControlEvents);
    }

    private static VendorFaultKind FaultOf(ReadOnlySpan<byte> status)
    {
        if (status.SequenceEqual("auth_failed"u8)) return VendorFaultKind.AuthenticationFailed;
        if (status.SequenceEqual("auth_timeout"u8)) return VendorFaultKind.AuthenticationTimeout;
        if (status.SequenceEqual("error"u8)) return VendorFaultKind.SubscriptionRefused;
        if (status.SequenceEqual("max_connections"u8)) return VendorFaultKind.ConnectionLimit;
        if (status.SequenceEqual("force_disconnect"u8)) return VendorFaultKind.Disconnected;
        if (status.SequenceEqual("slow_consumer"u8)) return VendorFaultKind.SlowConsumer;
        return VendorFaultKind.None;
    }

    // Of several complaints in one frame the first that ends the session counts.
    private static VendorFault Worse(VendorFault? first, VendorFault next) => first is null || (first.IsPartial && !next.IsPartial) ? next : first;

    // A stamp of another unit goes on as what it says; the rules refuse the word and count it against the source.
    private bool TryTime(in JsonValue time, EpochUnit unit, out Instant eventTime, out bool isMisstamped)
    {
        isMisstamped = false;
        if (time.TryEpoch(unit, out eventTime)) return true;
        Counters.Add(Counter.RejectedTimestamps);
        return isMisstamped = time.TryMisstampedEpoch(unit, out eventTime);
    }

    private bool TryInstrument(in JsonValue symbol, out InstrumentId instrument, out byte alias)
    {
        instrument = default;
        alias = 0;
        if (!symbol.IsPlainString)
        {
            Counters.Add(Counter.RejectedFields);
            return false;
        }

        if (symbols.TryFind(symbol.Text, out instrument, out alias)) return true;
        Counters.Add(Counter.UnknownSymbols);
        return false;
    }

    /// <summary>The fields of one event that mean something to the node.</summary>
    private ref struct Fields
    {
        public JsonValue Event;
        public JsonValue Symbol;
        public JsonValue LuldSymbol;
        public JsonValue Price;
        public JsonValue Size;
        public JsonValue Conditions;
        public JsonValue Time;
        public JsonValue BidPrice;
        public JsonValue AskPrice;
        public JsonValue BidSize;
        public JsonValue AskSize;
        public JsonValue Exchange;
        public JsonValue Facility;
        public JsonValue Tape;

        /// <summary>A trade's id; a quote's or price band's indicators.</summary>
        public JsonValue Indicators;
        public JsonValue Low;
        public JsonValue High;
        public JsonValue StatusCode;
        public JsonValue Message;

        /// <summary>Reads the event to its end.</summary>
        /// <returns>False when a field came twice: one of the two is a lie, and which one is not for us to guess.</returns>
        public bool ReadAll(ref JsonFrame json)
        {
            var single = true;
            while (json.NextField(out var name))
            {
                var value = json.Value();
                single &= Set(name, in value);
            }

            return single;
        }

        private bool Set(ReadOnlySpan<byte> name, in JsonValue value)
        {
            if (name.Length == 1)
            {
                switch (name[0])
                {
                    case (byte)'p': return Take(ref Price, in value);
                    case (byte)'s': return Take(ref Size, in value);
                    case (byte)'c': return Take(ref Conditions, in value);
                    case (byte)'t': return Take(ref Time, in value);
                    case (byte)'x': return Take(ref Exchange, in value);
                    case (byte)'z': return Take(ref Tape, in value);
                    case (byte)'i': return Take(ref Indicators, in value);
                    case (byte)'T': return Take(ref LuldSymbol, in value);
                    case (byte)'l': return Take(ref Low, in value);
                    case (byte)'h': return Take(ref High, in value);
                    default: return true;
                }
            }

            if (name.Length == 2)
            {
                switch ((name[0] << 8) | name[1])
                {
                    case ('e' << 8) | 'v': return Take(ref Event, in value);
                    case ('b' << 8) | 'p': return Take(ref BidPrice, in value);
                    case ('a' << 8) | 'p': return Take(ref AskPrice, in value);
                    case ('b' << 8) | 's': return Take(ref BidSize, in value);
                    case ('a' << 8) | 's': return Take(ref AskSize, in value);
                    default: return true;
                }
            }

            if (name.SequenceEqual("trfi"u8)) return Take(ref Facility, in value);
            if (name.SequenceEqual("sym"u8)) return Take(ref Symbol, in value);
            if (name.SequenceEqual("status"u8)) return Take(ref StatusCode, in value);
            if (name.SequenceEqual("message"u8)) return Take(ref Message, in value);
            return true;
        }

        private static bool Take(ref JsonValue field, in JsonValue value)
        {
            if (field.IsSeen) return false;
            field = value;
            return true;
        }
    }
}
