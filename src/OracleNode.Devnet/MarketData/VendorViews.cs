using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>
/// One market, told by three vendors whose data is born at different places. Pure: the same timeline and options give the same views.
/// </summary>
internal static class VendorViews
{
    private const char Iex = 'V';
    private static readonly LocalTime IexOpens = new(8, 0);
    private static readonly LocalTime IexCloses = new(17, 0);

    /// <summary>Every change of the NBBO and every print.</summary>
    public static IEnumerable<VendorEvent> Massive(MarketTimeline timeline, VendorViewOptions options)
    {
        var clock = new DeliveryClock(options, options.MassiveLatency, "massive");
        foreach (var happened in timeline.Events()) yield return new VendorEvent(clock.After(happened.Time), happened);
    }

    /// <summary>
    /// IEX, from 08:00 to 17:00: quotes conflated to <see cref="VendorViewOptions.ConflationWindow"/>, the prints of the exchanges
    /// (none that was made off exchange), and halts.
    /// </summary>
    public static IEnumerable<VendorEvent> Alpaca(MarketTimeline timeline, VendorViewOptions options)
    {
        var behindCents = options.IexBehindCents ?? (timeline.IsGenerated ? 2 : 0);
        var random = SeededRandom.For(options.Seed, "iex-book");
        var clock = new DeliveryClock(options, options.AlpacaLatency, "alpaca");
        var opens = timeline.At(IexOpens);
        var closes = timeline.At(IexCloses);
        var waiting = new SortedDictionary<string, MarketEvent>(StringComparer.Ordinal);
        var window = Instant.MinValue;

        foreach (var happened in timeline.Events())
        {
            if (happened.Time >= window)
            {
                foreach (var quote in waiting.Values) yield return new VendorEvent(clock.After(window), AsIex(quote, behindCents, random));
                waiting.Clear();
                window = NextWindow(happened.Time, options.ConflationWindow);
            }

            if (happened.Time < opens || happened.Time >= closes) continue;
            switch (happened.Kind)
            {
                case MarketEventKind.Quote:
                    waiting[happened.Symbol.Name] = happened;
                    break;
                case MarketEventKind.Trade when happened.Venue != MarketEvent.OffExchange:
                    yield return new VendorEvent(clock.After(happened.Time), happened with { Venue = Iex });
                    break;
                case MarketEventKind.Status:
                    yield return new VendorEvent(clock.After(happened.Time), happened);
                    break;
            }
        }

        foreach (var quote in waiting.Values) yield return new VendorEvent(clock.After(window), AsIex(quote, behindCents, random));
    }

    /// <summary>Every print of the consolidated tape, and no quote. Polled, so its latency is that of the vendor's store.</summary>
    public static IEnumerable<VendorEvent> Finazon(MarketTimeline timeline, VendorViewOptions options)
    {
        var clock = new DeliveryClock(options, options.FinazonLatency, "finazon");
        foreach (var happened in timeline.Events())
        {
            if (happened.Kind == MarketEventKind.Trade) yield return new VendorEvent(clock.After(happened.Time), happened);
        }
    }

    private static Instant NextWindow(Instant time, Duration window)
    {
        var ticks = time.ToUnixTimeTicks();
        var length = window.BclCompatibleTicks;
        return Instant.FromUnixTimeTicks((ticks / length + 1) * length);
    }

    private static MarketEvent AsIex(MarketEvent quote, int behindCents, SeededRandom random)
    {
        var iex = quote with { BidVenue = Iex, AskVenue = Iex };
        if (behindCents == 0) return iex;
        return iex with
        {
            Bid = Behind(quote.Bid, -Cents(behindCents, random)),
            Ask = Behind(quote.Ask, Cents(behindCents, random)),
            BidSize = 100 * random.Between(1, 4),
            AskSize = 100 * random.Between(1, 4),
        };
    }

    /// <summary>Most often none.</summary>
    private static int Cents(int limit, SeededRandom random) => random.Chance(550) ? 0 : random.Between(1, limit);

    private static Price Behind(Price side, int cents) =>
        !side.IsNone && Price.TryFromE8(side.E8 + cents * (Price.One / 100), out var price) ? price : side;

    /// <summary>Adds a vendor's latency; what it delivers stays in order.</summary>
    private sealed class DeliveryClock(VendorViewOptions options, Duration latency, string vendor)
    {
        private readonly SeededRandom _random = SeededRandom.For(options.Seed, vendor);
        private readonly int _jitterMicros = (int)(options.Jitter.BclCompatibleTicks / 10);
        private Instant _last = Instant.MinValue;

        public Instant After(Instant time)
        {
            var at = time + latency + Duration.FromTicks(10L * _random.Next(_jitterMicros + 1));
            return _last = at > _last ? at : _last;
        }
    }
}
