using System.Buffers.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Alpaca;

/// <summary>
/// Alpaca's JSON frames: an array of messages, of which the node uses <c>t</c> (trade), <c>q</c> (quote), <c>s</c> (trading
/// status), <c>l</c> (price band), <c>x</c> and <c>c</c> (a print cancelled or corrected) and the control messages. Pure: no socket, no clock,
/// no allocation except for a fault.
/// </summary>
internal sealed class AlpacaParser(SymbolTable symbols, SourceId source, UpstreamId upstream)
{
    /// <summary>What was counted.</summary>
    public ParserCounters Counters { get; } = new();

    /// <inheritdoc cref="IVendorAdapter.Parse"/>
    public FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime, ObservationBuffer output)
    {
        var before = output.Count;
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

        Counters.Add(Counter.Observations, output.Count - before);
        return new FrameResult(signals, fault);
    }

    private void Understand(in Fields fields, Instant receiveTime, ObservationBuffer output, ref FrameSignals signals, ref VendorFault? fault)
    {
        var type = fields.Type.IsPlainString ? fields.Type.Text : default;
        if (type.Length != 1)
        {
            Control(type, in fields, ref signals, ref fault);
            return;
        }

        switch (type[0])
        {
            case (byte)'q': Quote(in fields, receiveTime, output); break;
            case (byte)'t': Trade(in fields, receiveTime, output); break;
            case (byte)'s': Status(in fields, receiveTime, output); break;
            case (byte)'x': Cancel(in fields, receiveTime, output); break;
            case (byte)'c': Correct(in fields, receiveTime, output); break;
            case (byte)'l': Band(in fields, receiveTime, output); break;
            // Minute, updated and daily bars, imbalances.
            case (byte)'b' or (byte)'u' or (byte)'d' or (byte)'i': Counters.Add(Counter.IgnoredEvents); break;
            default: Counters.Add(Counter.UnknownTypes); break;
        }
    }

    private void Quote(in Fields fields, Instant receiveTime, ObservationBuffer output)
    {
        if (!TryInstrument(in fields, out var instrument, out var alias) || !TryTime(in fields, out var eventTime)) return;
        if (!fields.BidPrice.TryQuoteSide(out var bid) || !fields.AskPrice.TryQuoteSide(out var ask)) { Counters.Add(Counter.RejectedPrices); return; }
        if (!fields.BidSize.TrySize(out var bidSize) || !fields.AskSize.TrySize(out var askSize)) { Counters.Add(Counter.RejectedFields); return; }

        // A quote that nobody must honour withdraws the one before it.
        var firm = !AlpacaConditions.IsNotFirm(in fields.Conditions, TapeOf(in fields));
        output.Add(new Observation
        {
            Kind = ObservationKind.Quote,
            Source = source,
            Upstream = upstream,
            Instrument = instrument,
            Alias = alias,
            EventTime = eventTime,
            ReceiveTime = receiveTime,
            Bid = firm ? bid : default,
            Ask = firm ? ask : default,
            BidSize = bidSize,
            AskSize = askSize,
            Conditions = TestSymbols.FlagOf(fields.Symbol.Text),
        });
    }

    private void Trade(in Fields fields, Instant receiveTime, ObservationBuffer output) =>
        Print(ObservationKind.Trade, in fields, in fields.Id, in fields.Price, in fields.Size, SaleConditions(in fields, in fields.Conditions), receiveTime, output);

    private void Cancel(in Fields fields, Instant receiveTime, ObservationBuffer output)
    {
        Counters.Add(Counter.Cancellations);
        Print(ObservationKind.Cancel, in fields, in fields.Id, in fields.Price, in fields.Size, ConditionFlags.None, receiveTime, output);
    }

    // The original is named, then the corrected print follows with the conditions it has now. A corrected print that cannot be read takes the original away all
    // the same: that it was wrong is known.
    private void Correct(in Fields fields, Instant receiveTime, ObservationBuffer output)
    {
        Counters.Add(Counter.Corrections);
        if (!Print(ObservationKind.Correction, in fields, in fields.OriginalId, in fields.OriginalPrice, in fields.OriginalSize, ConditionFlags.None, receiveTime, output)) return;
        var conditions = SaleConditions(in fields, in fields.CorrectedConditions);
        Print(ObservationKind.Trade, in fields, in fields.CorrectedId, in fields.CorrectedPrice, in fields.CorrectedSize, conditions, receiveTime, output);
    }

    private static ConditionFlags SaleConditions(in Fields fields, in JsonValue conditions) => ListingMarket.Keep(
        AlpacaConditions.ReadSale(in conditions, TapeOf(in fields)), fields.Tape.IsPlainString ? fields.Tape.Text : default, Exchange(in fields));

    private static ReadOnlySpan<byte> Exchange(in Fields fields) => fields.Exchange.IsPlainString ? fields.Exchange.Text : default;

    private bool Print(
        ObservationKind kind, in Fields fields, in JsonValue id, in JsonValue priceField, in JsonValue sizeField, ConditionFlags conditions, Instant receiveTime, ObservationBuffer output)
    {
        if (!TryInstrument(in fields, out var instrument, out var alias) || !TryTime(in fields, out var eventTime)) return false;
        if (!priceField.TryPrice(out var price)) { Counters.Add(Counter.RejectedPrices); return false; }
        if (!sizeField.TrySize(out var size)) { Counters.Add(Counter.RejectedFields); return false; }

        output.Add(new Observation
        {
            Kind = kind,
            Source = source,
            Upstream = upstream,
            Instrument = instrument,
            Alias = alias,
            EventTime = eventTime,
            ReceiveTime = receiveTime,
            Last = price,
            LastSize = size,
            Conditions = conditions | TestSymbols.FlagOf(fields.Symbol.Text),
            TradeId = id.IsNumber || id.IsPlainString ? TradeIdentity.Of(id.Text, Exchange(in fields)) : 0,
        });
        return true;
    }

    private void Status(in Fields fields, Instant receiveTime, ObservationBuffer output)
    {
        if (!TryInstrument(in fields, out var instrument, out var alias) || !TryTime(in fields, out var eventTime)) return;
        var tape = TapeOf(in fields);
        var code = fields.StatusCode.IsPlainString ? fields.StatusCode.Text : default;
        var reason = fields.ReasonCode.IsPlainString ? fields.ReasonCode.Text : default;
        var status = AlpacaConditions.StatusOf(code, reason, tape);
        if (status == AlpacaConditions.TradingStatus.Unknown) { Counters.Add(Counter.UnknownTypes); return; }
        if (status == AlpacaConditions.TradingStatus.Unchanged) { Counters.Add(Counter.IgnoredEvents); return; }

        output.Add(new Observation
        {
            Kind = ObservationKind.Status,
            Source = source,
            Upstream = upstream,
            Instrument = instrument,
            Alias = alias,
            EventTime = eventTime,
            ReceiveTime = receiveTime,
            Halt = status == AlpacaConditions.TradingStatus.Trading ? HaltReason.None : AlpacaConditions.HaltReasonOf(code, reason, tape),
        });
    }

    private void Band(in Fields fields, Instant receiveTime, ObservationBuffer output)
    {
        if (!TryInstrument(in fields, out var instrument, out var alias)) return;
        // Outside its hours and while trading is suspended the tape sends bands without prices.
        if (!fields.LimitDown.TryPrice(out var low) || !fields.LimitUp.TryPrice(out var high) || low >= high) { Counters.Add(Counter.IgnoredEvents); return; }
        if (!TryTime(in fields, out var eventTime)) return;

        output.Add(new Observation
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
        });
    }

    private void Control(ReadOnlySpan<byte> type, in Fields fields, ref FrameSignals signals, ref VendorFault? fault)
    {
        var message = fields.Message.IsString ? fields.Message.Text : default;
        if (type.SequenceEqual("success"u8) && message.SequenceEqual("connected"u8)) signals |= FrameSignals.Greeted;
        else if (type.SequenceEqual("success"u8) && message.SequenceEqual("authenticated"u8)) signals |= FrameSignals.Authenticated;
        else if (type.SequenceEqual("subscription"u8))
        {
            // The acknowledgement lists what is subscribed now, which may be nothing that has a price.
            if (HasElements(in fields.Trades) || HasElements(in fields.Quotes)) signals |= FrameSignals.Subscribed;
        }
        else if (type.SequenceEqual("error"u8))
        {
            var kind = FaultOf(in fields.Code);
            if (kind != VendorFaultKind.None) fault ??= VendorFault.FromVendor(kind, fields.Code.Text, message);
        }
        else
        {
            Counters.Add(Counter.UnknownTypes);
            return;
        }

        Counters.Add(Counter.ControlEvents);
    }

    private static bool HasElements(in JsonValue list) => list.IsArray && list.Text.IndexOf((byte)'"') >= 0;

    private static VendorFaultKind FaultOf(in JsonValue code)
    {
        if (!code.IsNumber || !Utf8Parser.TryParse(code.Text, out int number, out var used) || used != code.Text.Length) return VendorFaultKind.ServerError;
        return number switch
        {
            400 => VendorFaultKind.BadRequest,
            401 => VendorFaultKind.AuthenticationTimeout,
            402 => VendorFaultKind.AuthenticationFailed,
            // Already authenticated: what was wanted.
            403 => VendorFaultKind.None,
            404 => VendorFaultKind.AuthenticationTimeout,
            405 => VendorFaultKind.SymbolLimit,
            406 => VendorFaultKind.ConnectionLimit,
            407 => VendorFaultKind.SlowConsumer,
            408 or 409 or 411 => VendorFaultKind.NotEntitled,
            410 => VendorFaultKind.SubscriptionRefused,
            _ => VendorFaultKind.ServerError,
        };
    }

    private static SipTape TapeOf(in Fields fields) => fields.Tape.IsPlainString ? SipSaleConditions.TapeOf(fields.Tape.Text) : SipTape.Unknown;

    private bool TryInstrument(in Fields fields, out InstrumentId instrument, out byte alias)
    {
        instrument = default;
        alias = 0;
        if (!fields.Symbol.IsPlainString)
        {
            Counters.Add(Counter.RejectedFields);
            return false;
        }

        if (symbols.TryFind(fields.Symbol.Text, out instrument, out alias)) return true;
        Counters.Add(Counter.UnknownSymbols);
        return false;
    }

    private bool TryTime(in Fields fields, out Instant eventTime)
    {
        if (fields.Time.TryRfc3339(out eventTime)) return true;
        Counters.Add(Counter.RejectedTimestamps);
        return false;
    }

    /// <summary>The fields of one message that mean something to the node.</summary>
    private ref struct Fields
    {
        public JsonValue Type;
        public JsonValue Symbol;
        public JsonValue Id;
        public JsonValue OriginalId;
        public JsonValue CorrectedId;
        public JsonValue Exchange;
        public JsonValue Price;
        public JsonValue Size;
        public JsonValue Conditions;
        public JsonValue Time;
        public JsonValue Tape;
        public JsonValue BidPrice;
        public JsonValue AskPrice;
        public JsonValue BidSize;
        public JsonValue AskSize;
        public JsonValue LimitUp;
        public JsonValue LimitDown;
        public JsonValue StatusCode;
        public JsonValue ReasonCode;
        public JsonValue OriginalPrice;
        public JsonValue OriginalSize;
        public JsonValue CorrectedPrice;
        public JsonValue CorrectedSize;
        public JsonValue CorrectedConditions;
        public JsonValue Trades;
        public JsonValue Quotes;
        public JsonValue Code;
        public JsonValue Message;

        /// <summary>Reads the message to its end.</summary>
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
                    case (byte)'T': return Take(ref Type, in value);
                    case (byte)'S': return Take(ref Symbol, in value);
                    case (byte)'i': return Take(ref Id, in value);
                    case (byte)'x': return Take(ref Exchange, in value);
                    case (byte)'p': return Take(ref Price, in value);
                    case (byte)'s': return Take(ref Size, in value);
                    case (byte)'c': return Take(ref Conditions, in value);
                    case (byte)'t': return Take(ref Time, in value);
                    case (byte)'z': return Take(ref Tape, in value);
                    case (byte)'u': return Take(ref LimitUp, in value);
                    case (byte)'d': return Take(ref LimitDown, in value);
                    default: return true;
                }
            }

            if (name.Length == 2)
            {
                switch ((name[0] << 8) | name[1])
                {
                    case ('b' << 8) | 'p': return Take(ref BidPrice, in value);
                    case ('a' << 8) | 'p': return Take(ref AskPrice, in value);
                    case ('b' << 8) | 's': return Take(ref BidSize, in value);
                    case ('a' << 8) | 's': return Take(ref AskSize, in value);
                    case ('s' << 8) | 'c': return Take(ref StatusCode, in value);
                    case ('r' << 8) | 'c': return Take(ref ReasonCode, in value);
                    case ('o' << 8) | 'i': return Take(ref OriginalId, in value);
                    case ('c' << 8) | 'i': return Take(ref CorrectedId, in value);
                    case ('o' << 8) | 'p': return Take(ref OriginalPrice, in value);
                    case ('o' << 8) | 's': return Take(ref OriginalSize, in value);
                    case ('c' << 8) | 'p': return Take(ref CorrectedPrice, in value);
                    case ('c' << 8) | 's': return Take(ref CorrectedSize, in value);
                    case ('c' << 8) | 'c': return Take(ref CorrectedConditions, in value);
                    default: return true;
                }
            }

            if (name.SequenceEqual("code"u8)) return Take(ref Code, in value);
            if (name.SequenceEqual("msg"u8)) return Take(ref Message, in value);
            if (name.SequenceEqual("trades"u8)) return Take(ref Trades, in value);
            if (name.SequenceEqual("quotes"u8)) return Take(ref Quotes, in value);
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
