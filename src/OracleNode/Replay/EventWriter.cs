using System.Buffers;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>Writes event files that <see cref="EventReader"/> reads back to the very same entries. The same entries give the same bytes.</summary>
internal sealed class EventWriter : IDisposable
{
    private static readonly ConditionFlags[] Flags = [.. Enum.GetValues<ConditionFlags>().Where(f => f != ConditionFlags.None)];

    private readonly EventNames _names;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    public EventWriter(EventNames names)
    {
        _names = names;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    public void Dispose() => _json.Dispose();

    /// <summary>The first line.</summary>
    public ReadOnlySpan<byte> Header(EventHeader header)
    {
        Begin();
        _json.WriteString("format"u8, EventFormat.Name);
        _json.WriteNumber("version"u8, EventFormat.Version);
        _json.WriteString("ticks"u8, header.ListsTicks ? "listed" : "auto");
        if (!header.ListsTicks) _json.WriteNumber("tickMillis"u8, header.TickPeriod.ToInt64Nanoseconds() / NodaConstants.NanosecondsPerMillisecond);
        return End();
    }

    /// <summary>One line, its end included; valid until the next one.</summary>
    public ReadOnlySpan<byte> Line(scoped in ReplayEvent entry)
    {
        Begin();
        switch (entry.Type)
        {
            case ReplayEventType.Input:
                WriteInput(entry.Input);
                break;
            case ReplayEventType.Tick:
                Kind(entry.At, EventKind.Tick);
                if (!entry.Everything) _json.WriteBoolean("full"u8, false);
                break;
            case ReplayEventType.Restore:
                Kind(entry.At, EventKind.Restore);
                _json.WriteString("feed"u8, _names.Feeds[entry.Feed].Name);
                WriteRecord(entry.Record);
                _json.WriteNumber("sequence"u8, entry.Sequence);
                break;
            case ReplayEventType.Gap:
                Kind(entry.At, EventKind.Gap);
                _json.WriteNumber("lost"u8, entry.Sequence);
                break;
            default:
                throw new ArgumentException("An entry has a type.", nameof(entry));
        }

        return End();
    }

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
    }

    private ReadOnlySpan<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        return _buffer.WrittenSpan;
    }

    private void Kind(Instant at, EventKind kind)
    {
        Time("t"u8, at);
        _json.WriteString("kind"u8, EventFormat.NameOf(kind));
    }

    private void WriteInput(in MarketInput input)
    {
        var t = input.ReceivedAt;
        switch (input.Kind)
        {
            case MarketInputKind.Observation:
                WriteObservation(input.Observation);
                break;
            case MarketInputKind.Multiplier:
                Kind(t, EventKind.Multiplier);
                WriteMultiplier(t, input.Multiplier);
                break;
            case MarketInputKind.TokenStatus:
                Kind(t, EventKind.TokenStatus);
                WriteTokenStatus(t, input.TokenStatus);
                break;
            case MarketInputKind.Calendar:
                Kind(t, EventKind.Calendar);
                _json.WritePropertyName("calendar"u8);
                WriteOnOneLine(input.Calendar.Utf8Json);
                break;
            case MarketInputKind.Operator:
                Kind(t, EventKind.Operator);
                WriteCommand(input.Operator);
                break;
            case MarketInputKind.Clock:
                WriteClock(t, input.Clock);
                break;
            case MarketInputKind.SourceStatus:
                Kind(t, input.SourceStatus.IsUp ? EventKind.SourceUp : EventKind.SourceDown);
                Source(input.SourceStatus.Source);
                if (input.SourceStatus.Detail.Length > 0) _json.WriteString("detail"u8, input.SourceStatus.Detail);
                break;
            case MarketInputKind.Reserve:
                Kind(t, EventKind.Reserve);
                if (input.Reserve.MeasuredAt != t) Time("at"u8, input.Reserve.MeasuredAt);
                _json.WriteString("token"u8, _names.Tokens[input.Reserve.Token.Index]);
                E18("backing"u8, input.Reserve.BackingE18);
                E18("issued"u8, input.Reserve.IssuedE18);
                break;
            case MarketInputKind.Peg:
                Kind(t, EventKind.Peg);
                if (input.Peg.EventTime != t) Time("at"u8, input.Peg.EventTime);
                Source(input.Peg.Source);
                _json.WriteString("currency"u8, input.Peg.Currency);
                if (!input.Peg.Price.IsNone) Price("price"u8, input.Peg.Price);
                break;
            case MarketInputKind.CorporateAction:
                Kind(t, EventKind.CorporateAction);
                WriteCorporateAction(input.CorporateAction);
                break;
            case MarketInputKind.WrapperRate:
                Kind(t, EventKind.WrapperRate);
                WriteWrapperRate(t, input.WrapperRate);
                break;
            case MarketInputKind.TokenMarket:
                Kind(t, EventKind.TokenQuote);
                WriteTokenQuote(t, input.TokenMarket);
                break;
            default:
                throw new ArgumentException("An input has a kind.", nameof(input));
        }
    }

    private void WriteObservation(in Observation o)
    {
        Kind(o.ReceiveTime, o.Kind switch
        {
            ObservationKind.Quote => EventKind.Quote,
            ObservationKind.Trade => EventKind.Trade,
            ObservationKind.Cancel => EventKind.Cancel,
            ObservationKind.Correction => EventKind.Correction,
            ObservationKind.Band => EventKind.Band,
            ObservationKind.Session => EventKind.Session,
            ObservationKind.Status => o.Halt == HaltReason.None ? EventKind.Resume : EventKind.Halt,
            _ => throw new ArgumentException("An observation has a kind.", nameof(o)),
        });
        if (o.EventTime != o.ReceiveTime) Time("at"u8, o.EventTime);
        Source(o.Source);
        _json.WriteString("symbol"u8, o.Instrument == InstrumentId.Every ? EventNames.EverySymbol : _names.TickerOf(o.Instrument, o.Alias));
        switch (o.Kind)
        {
            case ObservationKind.Band:
                Price("lower"u8, o.Bid);
                Price("upper"u8, o.Ask);
                return;
            case ObservationKind.Session:
                WriteClaims(o.Claims);
                return;
            case ObservationKind.Status:
                if (o.Halt != HaltReason.None) _json.WriteString("halt"u8, o.Halt.ToString());
                return;
            case ObservationKind.Quote:
                Price("bid"u8, o.Bid);
                Price("ask"u8, o.Ask);
                Size("bidSize"u8, o.BidSize);
                Size("askSize"u8, o.AskSize);
                break;
            default:
                if (o.Kind == ObservationKind.Trade || !o.Last.IsNone) Price("price"u8, o.Last);
                Size("size"u8, o.LastSize);
                if (o.TradeId != 0 || o.Kind != ObservationKind.Trade) _json.WriteNumber("id"u8, o.TradeId);
                break;
        }

        if (o.Conditions == ConditionFlags.None) return;
        _json.WriteStartArray("conditions"u8);
        foreach (var flag in Flags)
            if ((o.Conditions & flag) != 0)
                _json.WriteStringValue(flag.ToString());
        _json.WriteEndArray();
    }

    /// <summary>One session as a name, several as a list of them.</summary>
    private void WriteClaims(SessionClaims claims)
    {
        var sessions = Enum.GetValues<MarketSession>().Where(s => s != MarketSession.Unknown && ((int)claims >> (int)s & 1) != 0).ToList();
        if (sessions.Count == 1)
        {
            _json.WriteString("session"u8, sessions[0].ToString());
            return;
        }

        _json.WriteStartArray("session"u8);
        foreach (var session in sessions) _json.WriteStringValue(session.ToString());
        _json.WriteEndArray();
    }

    private void WriteMultiplier(Instant t, MultiplierUpdate update)
    {
        if (update.Terms is { } read && read.ReadAt != t) Time("at"u8, read.ReadAt);
        _json.WriteString("token"u8, _names.Tokens[update.Token.Index]);
        if (update.Terms is not { } terms)
        {
            _json.WriteNull("value"u8);
            return;
        }

        E18("value"u8, terms.Current.E18);
        if (terms.ChainTime is { } chainTime) Time("time"u8, chainTime);
        if (terms.ActivationAt is not { } activation) return;
        E18("next"u8, terms.Next.E18);
        Time("activation"u8, activation);
    }

    private void WriteWrapperRate(Instant t, WrapperRateReading reading)
    {
        if (reading.ReadAt != t) Time("at"u8, reading.ReadAt);
        _json.WriteString("wrapper"u8, reading.Wrapper);
        if (reading.RateE18 == 0)
        {
            _json.WriteNull("value"u8);
            return;
        }

        E18("value"u8, reading.RateE18);
        _json.WriteString("code"u8, reading.CodeHash);
    }

    private void WriteTokenStatus(Instant t, TokenStatus status)
    {
        if (status.ReadAt != t) Time("at"u8, status.ReadAt);
        _json.WriteString("token"u8, _names.Tokens[status.Token.Index]);
        _json.WriteBoolean("paused"u8, status.IsPaused);
        if (status.CodeHash is { } code) _json.WriteString("code"u8, code);
        if (status.IsRemembered) _json.WriteBoolean("remembered"u8, true);
    }

    private void WriteTokenQuote(Instant t, TokenMarketQuote quote)
    {
        if (quote.EventTime != t) Time("at"u8, quote.EventTime);
        Source(quote.Source);
        _json.WriteString("token"u8, _names.Tokens[quote.Token.Index]);
        _json.WriteString("currency"u8, quote.Currency);
        _json.WriteString("unit"u8, quote.Unit.ToString());
        Price("bid"u8, quote.Bid);
        Price("ask"u8, quote.Ask);
        Units("bidSize"u8, quote.BidDepthE8);
        Units("askSize"u8, quote.AskDepthE8);
        if (!quote.Last.IsNone) Price("price"u8, quote.Last);
        if (!quote.IsTrading) _json.WriteBoolean("trading"u8, false);
        if (!quote.StatedMultiplier.IsNone) E18("value"u8, quote.StatedMultiplier.E18);
    }

    private void WriteClock(Instant t, ClockMeasurement clock)
    {
        if (clock.Reference == ClockReference.Chain)
        {
            Kind(t, EventKind.ChainClock);
            _json.WriteString("chain"u8, clock.Name);
            Time("time"u8, t - clock.Offset);
        }
        else
        {
            Kind(t, EventKind.NodeClock);
            _json.WriteString("reference"u8, clock.Reference.ToString());
            _json.WriteString("name"u8, clock.Name);
            _json.WriteNumber("offsetMillis"u8, clock.Offset.ToInt64Nanoseconds() / 1_000_000m);
        }

        if (clock.Uncertainty != Duration.Zero) _json.WriteNumber("uncertaintyMillis"u8, clock.Uncertainty.ToInt64Nanoseconds() / 1_000_000m);
    }

    private void WriteCommand(OperatorCommand command)
    {
        _json.WriteString("action"u8, command.Action.ToString());
        if (command.Feed is { } feed) _json.WriteString("feed"u8, _names.Feeds[_names.PlaceOf(feed)].Name);
        if (!command.Price.IsNone) Price("price"u8, command.Price);
        if (command.Until is { } until) Time("until"u8, until);
        _json.WriteString("by"u8, command.By);
        if (command.Note.Length > 0) _json.WriteString("detail"u8, command.Note);
    }

    private void WriteCorporateAction(CorporateActionNotice notice)
    {
        _json.WriteString("symbol"u8, _names.Symbols[notice.Instrument.Index]);
        _json.WriteString("action"u8, notice.Kind.ToString());
        if (notice.NewShares != 0 || notice.OldShares != 0) _json.WriteString("ratio"u8, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{notice.NewShares}:{notice.OldShares}"));
        if (!notice.Cash.IsNone) Price("cash"u8, notice.Cash);
        _json.WriteString("on"u8, LocalDatePattern.Iso.Format(notice.EffectiveOn));
        _json.WriteString("class"u8, notice.Class.ToString());
        _json.WriteString("by"u8, notice.By);
        _json.WriteString("reference"u8, notice.Reference);
        if (notice.IsWithdrawn) _json.WriteBoolean("withdrawn"u8, true);
        if (notice.Detail.Length > 0) _json.WriteString("detail"u8, notice.Detail);
    }

    private void WriteRecord(in FeedRecord record)
    {
        Span<byte> bytes = stackalloc byte[RecordCodec.TokenLength];
        var length = RecordCodec.LengthOf(record);
        var error = RecordCodec.TryEncode(record, bytes[..length]);
        if (error != RecordError.None) throw new ArgumentException($"A record that no chain could hold: {error}.", nameof(record));
        _json.WriteString("record"u8, Convert.ToHexStringLower(bytes[..length]));
    }

    /// <summary>A calendar file may have any layout; here it is one value on one line.</summary>
    private void WriteOnOneLine(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        document.RootElement.WriteTo(_json);
    }

    private void Source(SourceId source) => _json.WriteString("source"u8, _names.Sources[source.Index].Name);

    private void Time(ReadOnlySpan<byte> key, Instant at) => _json.WriteString(key, InstantPattern.ExtendedIso.Format(at));

    private void Size(ReadOnlySpan<byte> key, long size)
    {
        if (size != 0) _json.WriteNumber(key, size);
    }

    /// <summary>Units scaled by 1e8, written as a price is; none where there are none.</summary>
    private void Units(ReadOnlySpan<byte> key, long e8)
    {
        if (Market.Price.TryFromE8(e8, out var units)) Price(key, units);
    }

    private void E18(ReadOnlySpan<byte> key, UInt128 value)
    {
        if (value == 0) _json.WriteString(key, "0"u8);
        else _json.WriteString(key, new Multiplier(value).ToString());
    }

    private void Price(ReadOnlySpan<byte> key, Price price)
    {
        if (price.IsNone)
        {
            _json.WriteNull(key);
            return;
        }

        Span<byte> text = stackalloc byte[Market.Price.MaxFormattedLength];
        price.TryFormat(text, out var length);
        _json.WriteString(key, text[..length]);
    }
}
