using NodaTime;
using OracleNode.Market;
using OracleNode.MarketData;
using OracleNode.Replay;
using OracleNode.Vendors;
using OracleNode.VendorServers;

namespace OracleNode.Scenarios;

/// <summary>A recorded day as the three vendors tell it, in the order in which the node has it. Read once, played many times.</summary>
internal sealed class RecordedViews
{
    /// <summary>The vendors, in the order of <c>base.json</c>.</summary>
    public static readonly string[] Vendors = ["massive", "alpaca", "finazon"];

    private readonly List<Told> _told = [];

    public RecordedViews(IReadOnlyList<string> paths, LocalTime from, LocalTime to)
    {
        var ticks = new RecordedTicks(paths);
        var options = new VendorViewOptions();
        Symbols = [.. ticks.Symbols.Select(s => s.Name)];
        Date = ticks.Date;
        (From, To) = (ticks.At(from), ticks.At(to));
        IEnumerable<VendorEvent>[] views = [VendorViews.Massive(ticks, options), VendorViews.Alpaca(ticks, options), VendorViews.Finazon(ticks, options)];
        for (var vendor = 0; vendor < views.Length; vendor++)
            foreach (var told in views[vendor])
                if (told.DeliverAt >= From && told.DeliverAt < To)
                    _told.Add(new Told(told.DeliverAt, vendor, told.Event));
        _told.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Vendor.CompareTo(b.Vendor));
    }

    public IReadOnlyList<string> Symbols { get; }

    public LocalDate Date { get; }

    public Instant From { get; }

    public Instant To { get; }

    /// <summary>The log with a tick for every feed four times a second.</summary>
    /// <param name="silent">Vendor that says nothing; null for none.</param>
    /// <param name="liar">Vendor whose every word the adversary makes up; null for none.</param>
    public IEnumerable<ReplayEvent> Log(int? silent, int? liar)
    {
        var period = EventHeader.DefaultTickPeriod;
        var tick = From;
        var words = 0L;
        foreach (var told in _told)
        {
            for (; tick <= told.At; tick += period) yield return ReplayEvent.Tick(tick);
            if (told.Vendor == silent) continue;
            var observation = Observation(told);
            if (told.Vendor == liar) observation = Lie(observation, words++);
            yield return ReplayEvent.Of(MarketInput.Of(observation));
        }
    }

    /// <summary>Every change of the mid of the national best bid and offer: what an honest price is held against.</summary>
    public IEnumerable<(Instant At, string Symbol, long MidE8)> Mids()
    {
        foreach (var told in _told)
            if (told.Vendor == 0 && told.Event is { Kind: MarketEventKind.Quote, Bid.IsNone: false, Ask.IsNone: false } quote && quote.Bid <= quote.Ask)
                yield return (told.At, quote.Symbol.Name, (quote.Bid.E8 + quote.Ask.E8) / 2);
    }

    private Observation Observation(in Told told)
    {
        var happened = told.Event;
        return new Observation
        {
            Kind = happened.Kind switch
            {
                MarketEventKind.Quote => ObservationKind.Quote,
                MarketEventKind.Trade => ObservationKind.Trade,
                _ => ObservationKind.Status,
            },
            Source = new SourceId(told.Vendor),
            Upstream = new UpstreamId(told.Vendor),
            Instrument = new InstrumentId(Place(happened.Symbol.Name)),
            EventTime = happened.Time,
            ReceiveTime = told.At,
            Bid = happened.Bid,
            Ask = happened.Ask,
            BidSize = happened.BidSize,
            AskSize = happened.AskSize,
            Last = happened.Last,
            LastSize = happened.Size,
            Conditions = happened.Kind == MarketEventKind.Trade ? Flags(happened) : ConditionFlags.None,
            Halt = happened.Halt,
        };
    }

    private int Place(string symbol)
    {
        for (var i = 0; i < Symbols.Count; i++)
            if (Symbols[i] == symbol)
                return i;
        throw new ArgumentException($"{symbol} is none of {string.Join(", ", Symbols)}.", nameof(symbol));
    }

    /// <summary>Through the letters of the tape, as a vendor's server writes and its adapter reads them.</summary>
    private static ConditionFlags Flags(in MarketEvent print)
    {
        var flags = ConditionFlags.None;
        var tape = print.Symbol.Tape == Tape.C ? SipTape.Utp : SipTape.Cta;
        foreach (var letter in TapeCodes.SaleConditions(print.Conditions, print.Symbol.Tape)) flags |= SipSaleConditions.FlagsOf((byte)letter, tape);
        return flags;
    }

    /// <summary>
    /// A hundred words each of: ten times the price, a tenth, half a percent beside it, to either side in turn, no sides, crossed, stamped ahead, halted, one cent.
    /// </summary>
    private static Observation Lie(in Observation honest, long word) => (word / 100 % 10) switch
    {
        0 => Scaled(honest, 10, 1),
        1 => Scaled(honest, 1, 10),
        2 => Scaled(honest, 1_005, 1_000),
        3 => Scaled(honest, word % 2 == 0 ? 1_020 : 980, 1_000),
        4 => honest with { Kind = ObservationKind.Quote, Bid = default, Ask = default },
        5 => honest with { Kind = ObservationKind.Quote, Bid = Price.FromE8(300 * Price.One), Ask = Price.FromE8(Price.One) },
        6 => honest with { EventTime = honest.EventTime + Duration.FromSeconds(90) },
        7 => honest with { Kind = ObservationKind.Status, Halt = word % 20 == 0 ? HaltReason.None : HaltReason.MarketWide3 },
        8 => honest with { Kind = ObservationKind.Trade, Last = Price.FromE8(1_000_000), LastSize = 100, Conditions = ConditionFlags.ReopeningPrint },
        _ => honest,
    };

    private static Observation Scaled(in Observation honest, long times, long over) => honest with
    {
        Bid = Scaled(honest.Bid, times, over),
        Ask = Scaled(honest.Ask, times, over),
        Last = Scaled(honest.Last, times, over),
    };

    private static Price Scaled(Price price, long times, long over)
    {
        Price.TryFromE8(price.E8 * times / over, out var scaled);
        return scaled;
    }

    private readonly record struct Told(Instant At, int Vendor, MarketEvent Event);
}
