using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>Reads an event file, line by line. Strict: whatever is not as <c>README.md</c> says is an error that names the line.</summary>
internal sealed class EventReader
{
    private readonly EventNames _names;
    private readonly LineSource _lines;
    private readonly EventLine _line = new();
    private Instant? _last;

    /// <exception cref="EventFileException">The header is missing or wrong.</exception>
    public EventReader(Stream stream, EventNames names)
    {
        _names = names;
        _lines = new LineSource(stream);
        Header = ReadHeader();
    }

    public EventHeader Header { get; }

    /// <summary>The next entry; false at the end.</summary>
    /// <exception cref="EventFileException">A line is wrong.</exception>
    public bool TryRead(out ReplayEvent entry)
    {
        while (_lines.TryRead(out var text))
        {
            if (IsBlank(text.Span)) continue;
            _line.Read(text, _lines.Number);
            var kind = _line.Kind();
            var (required, allowed) = EventFormat.KeysOf(kind);
            _line.Require(required, allowed, $"kind {EventFormat.NameOf(kind)}");
            entry = Read(kind, NextTime());
            return true;
        }

        entry = default;
        return false;
    }

    private EventHeader ReadHeader()
    {
        if (!_lines.TryRead(out var text)) throw new EventFileException(1, $"the file is empty; it begins with {{\"format\":\"{EventFormat.Name}\",\"version\":{EventFormat.Version}}}");
        _line.Read(text, _lines.Number);
        _line.Require(EventFormat.Header.Required, EventFormat.Header.Allowed, "the header");
        if (_line.Text(EventKey.Format) != EventFormat.Name) throw _line.Error(EventKey.Format, EventFormat.Name);
        if (_line.UnsignedOrZero(EventKey.Version) != EventFormat.Version) throw _line.Error(EventKey.Version, $"{EventFormat.Version}");
        var ticks = _line.Has(EventKey.Ticks) ? _line.Text(EventKey.Ticks) : "auto";
        if (ticks is not ("auto" or "listed")) throw _line.Error(EventKey.Ticks, "auto or listed");
        var millis = _line.Has(EventKey.TickMillis) ? _line.WholeOrZero(EventKey.TickMillis) : EventHeader.DefaultTickPeriod.BclCompatibleTicks / NodaConstants.TicksPerMillisecond;
        if (millis is < 1 or > 3_600_000) throw _line.Error(EventKey.TickMillis, "1 to 3600000");
        return new EventHeader(ticks == "listed", Duration.FromMilliseconds(millis));
    }

    /// <summary>Where the file lists its ticks, time goes on with them alone, and what several sources sent may come in any order.</summary>
    private Instant NextTime()
    {
        var at = _line.Time(EventKey.T);
        if (!Header.ListsTicks && at < _last) throw _line.Error(EventKey.T, $"not before the line above it ({_last})");
        _last = at;
        return at;
    }

    private ReplayEvent Read(EventKind kind, Instant t) => kind switch
    {
        EventKind.Tick => ReplayEvent.Tick(t, _line.Flag(EventKey.Full, otherwise: true)),
        EventKind.Gap => ReplayEvent.Gap(t, _line.UnsignedOrZero(EventKey.Lost)),
        EventKind.Restore => ReadRestore(t),
        EventKind.Multiplier => Of(MarketInput.Of(t, ReadMultiplier(t))),
        EventKind.TokenStatus => Of(MarketInput.Of(t, new TokenStatus(Token(), _line.Flag(EventKey.Paused, otherwise: false), _line.Has(EventKey.Code) ? _line.Text(EventKey.Code) : null, At(t)) { IsRemembered = _line.Flag(EventKey.Remembered, otherwise: false) })),
        EventKind.Calendar => Of(MarketInput.Of(t, ReadCalendar())),
        EventKind.Reserve => Of(MarketInput.Of(t, new ReserveReading(Token(), _line.E18(EventKey.Backing).E18, _line.E18(EventKey.Issued).E18, At(t)))),
        EventKind.Peg => Of(MarketInput.Of(t, new PegReading(Source().Id, Source().Upstream, _line.Text(EventKey.Currency), _line.PriceOrNone(EventKey.Price), At(t)))),
        EventKind.TokenQuote => Of(MarketInput.Of(t, ReadTokenQuote(t))),
        EventKind.ChainClock => Of(MarketInput.Of(t, new ClockMeasurement(ClockReference.Chain, Chain(), t - _line.Time(EventKey.Time), Uncertainty()))),
        EventKind.NodeClock => Of(MarketInput.Of(t, new ClockMeasurement(_line.Member<ClockReference>(EventKey.Reference), _line.Text(EventKey.Name), _line.Millis(EventKey.OffsetMillis), Uncertainty()))),
        EventKind.SourceUp => Of(MarketInput.Of(t, new SourceStatus(Source().Id, IsUp: true, ""))),
        EventKind.SourceDown => Of(MarketInput.Of(t, new SourceStatus(Source().Id, IsUp: false, _line.Text(EventKey.Detail)))),
        EventKind.Operator => Of(MarketInput.Of(t, ReadCommand())),
        EventKind.CorporateAction => Of(MarketInput.Of(t, ReadCorporateAction())),
        EventKind.WrapperRate => Of(MarketInput.Of(t, ReadWrapperRate(t))),
        _ => ReadObservation(kind, t),
    };

    private static ReplayEvent Of(in MarketInput input) => ReplayEvent.Of(input);

    private ReplayEvent ReadObservation(EventKind kind, Instant t)
    {
        var source = Source();
        var observation = new Observation
        {
            Kind = kind switch
            {
                EventKind.Quote => ObservationKind.Quote,
                EventKind.Trade => ObservationKind.Trade,
                EventKind.Cancel => ObservationKind.Cancel,
                EventKind.Correction => ObservationKind.Correction,
                EventKind.Band => ObservationKind.Band,
                EventKind.Session => ObservationKind.Session,
                _ => ObservationKind.Status,
            },
            Source = source.Id,
            Upstream = source.Upstream,
            Instrument = default,
            EventTime = At(t),
            ReceiveTime = t,
            Bid = kind == EventKind.Band ? _line.Price(EventKey.Lower) : _line.PriceOrNone(EventKey.Bid),
            Ask = kind == EventKind.Band ? _line.Price(EventKey.Upper) : _line.PriceOrNone(EventKey.Ask),
            Last = _line.PriceOrNone(EventKey.Price),
            BidSize = _line.WholeOrZero(EventKey.BidSize),
            AskSize = _line.WholeOrZero(EventKey.AskSize),
            LastSize = _line.WholeOrZero(EventKey.Size),
            Conditions = _line.Conditions(EventKey.Conditions),
            Halt = kind == EventKind.Halt ? _line.Member<HaltReason>(EventKey.Halt) : HaltReason.None,
            TradeId = _line.UnsignedOrZero(EventKey.Id),
            Claims = kind == EventKind.Session ? _line.Claims(EventKey.Session) : SessionClaims.None,
        };

        var symbol = _line.Name(EventKey.Symbol);
        if (_names.TrySymbol(symbol, out var place, out var alias)) return Of(MarketInput.Of(observation with { Instrument = new InstrumentId(place), Alias = alias }));
        if (kind is not (EventKind.Halt or EventKind.Resume or EventKind.Session) || !symbol.SequenceEqual("*"u8))
            throw _line.Error(EventKey.Symbol, "one of " + string.Join(", ", _names.Symbols) + ", or in a halt, resume or session *");
        return Of(MarketInput.Of(observation with { Instrument = InstrumentId.Every }));
    }

    private ReplayEvent ReadRestore(Instant t)
    {
        var feed = Feed();
        var text = _line.Text(EventKey.Record);
        byte[] bytes;
        try
        {
            bytes = Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            throw _line.Error(EventKey.Record, "a record in hex");
        }

        var error = RecordCodec.TryDecode(bytes, out var record);
        if (error != RecordError.None) throw _line.Error(EventKey.Record, $"a canonical record in hex ({error})");
        var tag = FeedIdentity.Compute(_names.Feeds[feed]).Tag;
        if (record.FeedTag != tag) throw _line.Error(EventKey.Record, $"a record of {_names.Feeds[feed].Name}, whose tag is {tag:x16}");
        return ReplayEvent.Restore(t, feed, record, _line.UnsignedOrZero(EventKey.Sequence));
    }

    private MultiplierUpdate ReadMultiplier(Instant t)
    {
        var token = Token();
        if (_line.IsNull(EventKey.Value)) return new MultiplierUpdate(token, null);
        var current = _line.E18(EventKey.Value);
        if (current.IsNone) throw _line.Error(EventKey.Value, "positive, or null when it can no longer be read");
        if (_line.Has(EventKey.Next) != _line.Has(EventKey.Activation)) throw _line.Error("next and activation come together");
        var terms = _line.Has(EventKey.Next)
            ? new MultiplierTerms(current, _line.E18(EventKey.Next), _line.Time(EventKey.Activation), At(t))
            : new MultiplierTerms(current, default, null, At(t));
        return new MultiplierUpdate(token, terms with { ChainTime = _line.Has(EventKey.Time) ? _line.Time(EventKey.Time) : null });
    }

    private TokenMarketQuote ReadTokenQuote(Instant t)
    {
        var unit = _line.Member<FeedUnit>(EventKey.Unit);
        if (unit is not (FeedUnit.RawToken or FeedUnit.UiToken)) throw _line.Error(EventKey.Unit, "RawToken or UiToken");
        var source = Source();
        return new TokenMarketQuote(
            source.Id, source.Upstream, Token(), _line.Text(EventKey.Currency), unit, _line.PriceOrNone(EventKey.Bid), _line.PriceOrNone(EventKey.Ask), _line.PriceOrNone(EventKey.Price),
            _line.PriceOrNone(EventKey.BidSize).E8, _line.PriceOrNone(EventKey.AskSize).E8, _line.Flag(EventKey.Trading, otherwise: true), At(t))
        {
            StatedMultiplier = _line.Has(EventKey.Value) ? _line.E18(EventKey.Value) : default,
        };
    }

    private CalendarActivation ReadCalendar()
    {
        var json = _line.Object(EventKey.Calendar);
        try
        {
            return new CalendarActivation(TradingCalendar.Parse(json), json);
        }
        catch (CalendarException e)
        {
            throw _line.Error(EventKey.Calendar, $"a calendar: {e.Message}");
        }
    }

    private WrapperRateReading ReadWrapperRate(Instant t)
    {
        var wrapper = _names.TryWrapper(_line.Text(EventKey.Wrapper)) ?? throw _line.Error(EventKey.Wrapper, "one of " + string.Join(", ", _names.WrapperNames));
        if (_line.IsNull(EventKey.Value)) return new WrapperRateReading(wrapper, 0, "", At(t));
        var rate = _line.E18(EventKey.Value);
        if (rate.IsNone || !_line.Has(EventKey.Code)) throw _line.Error(EventKey.Value, "positive, and with the code that answers, or null when it can no longer be read");
        return new WrapperRateReading(wrapper, rate.E18, _line.Text(EventKey.Code), At(t));
    }

    private OperatorCommand ReadCommand()
    {
        FeedId? feed = _line.Has(EventKey.Feed) ? FeedIdentity.Compute(_names.Feeds[Feed()]) : null;
        Instant? until = _line.Has(EventKey.Until) ? _line.Time(EventKey.Until) : null;
        return new OperatorCommand(_line.Member<OperatorAction>(EventKey.Action), feed, _line.PriceOrNone(EventKey.Price), until, _line.Text(EventKey.By), _line.Text(EventKey.Detail));
    }

    private CorporateActionNotice ReadCorporateAction()
    {
        var (now, old) = _line.Has(EventKey.Ratio) ? _line.Ratio(EventKey.Ratio) : (0, 0);
        return new CorporateActionNotice(
            Instrument(), _line.Member<CorporateActionKind>(EventKey.Action), now, old, _line.PriceOrNone(EventKey.Cash), _line.Date(EventKey.On),
            _line.Member<EvidenceClass>(EventKey.Class), _line.Text(EventKey.By), _line.Text(EventKey.Reference), _line.Flag(EventKey.Withdrawn, otherwise: false), _line.Text(EventKey.Detail));
    }

    private InstrumentId Instrument() =>
        _names.TrySymbol(_line.Name(EventKey.Symbol), out var place, out _) ? new InstrumentId(place) : throw _line.Error(EventKey.Symbol, "one of " + string.Join(", ", _names.Symbols));

    private Instant At(Instant t) => _line.Has(EventKey.At) ? _line.Time(EventKey.At) : t;

    private Duration Uncertainty()
    {
        var uncertainty = _line.Millis(EventKey.UncertaintyMillis);
        return uncertainty >= Duration.Zero ? uncertainty : throw _line.Error(EventKey.UncertaintyMillis, "0 or more");
    }

    private Source Source() =>
        _names.TrySource(_line.Name(EventKey.Source), out var place) ? _names.Sources[place] : throw _line.Error(EventKey.Source, "one of " + string.Join(", ", _names.SourceNames));

    private TokenId Token() =>
        _names.TryToken(_line.Name(EventKey.Token), out var place) ? new TokenId(place) : throw _line.Error(EventKey.Token, "one of " + string.Join(", ", _names.NamesOfTokens));

    private int Feed() =>
        _names.TryFeed(_line.Name(EventKey.Feed), out var place) ? place : throw _line.Error(EventKey.Feed, "one of " + string.Join(", ", _names.FeedNames));

    private string Chain()
    {
        var name = _line.Text(EventKey.Chain);
        return _names.Chains.Contains(name) ? name : throw _line.Error(EventKey.Chain, "one of " + string.Join(", ", _names.Chains));
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r"u8) < 0;
}
