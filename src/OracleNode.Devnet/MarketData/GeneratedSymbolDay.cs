using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>
/// One symbol of a generated day. The fair price takes a step every 100 ms; quotes and prints fall at random milliseconds in between.
/// </summary>
internal sealed class GeneratedSymbolDay
{
    private const int SlotMillis = 100;
    private const long Tick = Price.One / 100;

    /// <summary>100 ms steps of a regular session are 234,000; the square root of that, times 1,000.</summary>
    private const long RootOfSlotsMilli = 483_735;

    private static readonly LocalTime Open = new(9, 30);
    private static readonly LocalTime Close = new(16, 0);

    /// <summary>New York times at which the listing market sends its official close; the repeats carry new trade ids.</summary>
    private static readonly LocalTime[] OfficialCloses = [new(16, 0, 10), new(16, 4), new(17, 0), new(19, 0)];

    /// <summary>SIP letters by how often a side of the NBBO stands there.</summary>
    private const string QuoteVenues = "QQQQPPPZZZKKKNYVU";

    private readonly GeneratedSymbol _symbol;
    private readonly SeededRandom _random;
    private readonly Instant _start;
    private readonly Instant _end;
    private readonly Instant _open;
    private readonly Instant _close;
    private readonly Queue<(Instant At, PrintConditions Conditions)> _auctions;
    private readonly Queue<(Instant From, Instant Until, HaltReason Reason)> _halts;
    private bool _gapPending;
    private long _fair;
    private long _lagged;
    private long _officialClose;
    private MarketEvent _quote;

    public GeneratedSymbolDay(
        GeneratedSymbol symbol,
        ulong seed,
        LocalDate date,
        Instant start,
        Instant end,
        IEnumerable<(Instant From, Instant Until, HaltReason Reason)> halts)
    {
        _symbol = symbol;
        _random = SeededRandom.For(seed, symbol.Symbol.Name);
        _start = start;
        _end = end;
        _open = MarketTimeline.At(date, Open);
        _close = MarketTimeline.At(date, Close);
        _halts = new(halts.Where(halt => halt.Until > start));
        _fair = symbol.PreviousClose.E8;
        _gapPending = true;
        if (start >= _open) ApplyOpeningGap();
        _lagged = _fair;

        var auctions = new List<(Instant At, PrintConditions Conditions)>
        {
            (_open + Duration.FromMilliseconds(500), PrintConditions.OpeningPrint),
            (_close + Duration.FromMilliseconds(300), PrintConditions.ClosingPrint),
        };
        auctions.AddRange(OfficialCloses.Select(time => (MarketTimeline.At(date, time), PrintConditions.OfficialClose)));
        _auctions = new(auctions.Where(auction => auction.At >= start).OrderBy(auction => auction.At));
    }

    public IEnumerable<MarketEvent> Events()
    {
        var offsets = new List<int>();
        if (!IsHalted(_start))
        {
            yield return NextQuote(_start);
            yield return FirstPrint(_start);
        }

        for (var slot = _start; slot < _end; slot += Duration.FromMilliseconds(SlotMillis))
        {
            var slotEnd = slot + Duration.FromMilliseconds(SlotMillis);
            if (_halts.TryPeek(out var halt) && halt.From < slotEnd)
            {
                yield return Status(halt.From < slot ? slot : halt.From, halt.Reason);
                while (slot < halt.Until && slot < _end)
                {
                    // The fair price moves on unseen: what is known on resumption is news.
                    if (_gapPending && slot >= _open) ApplyOpeningGap();
                    MoveFair(slot);
                    slot += Duration.FromMilliseconds(SlotMillis);
                }

                _halts.Dequeue();
                if (slot >= _end) yield break;
                yield return Status(slot, HaltReason.None);
                yield return NextQuote(slot);
                slotEnd = slot + Duration.FromMilliseconds(SlotMillis);
            }

            if (_gapPending && slot >= _open) ApplyOpeningGap();
            MoveFair(slot);

            DrawOffsets(slot, offsets);
            foreach (var offset in offsets)
            {
                var time = slot + Duration.FromMilliseconds(offset);
                while (_auctions.TryPeek(out var due) && due.At <= time) yield return AuctionPrint(_auctions.Dequeue(), slot);
                yield return _random.Chance(300) ? NextPrint(time) : NextQuote(time);
            }

            while (_auctions.TryPeek(out var auction) && auction.At < slotEnd) yield return AuctionPrint(_auctions.Dequeue(), slot);
        }
    }

    private bool IsHalted(Instant at) => _halts.TryPeek(out var halt) && halt.From <= at;

    private void ApplyOpeningGap()
    {
        _gapPending = false;
        _fair += (long)((Int128)_fair * _symbol.OpeningGapBps / 10_000);
    }

    private void MoveFair(Instant slot)
    {
        // Standard deviation of one step, in 1e-12 of the price: 1 bps is 1e8 of them.
        var sigma = _symbol.DailyVolatilityBps * 100_000_000L * 1_000 / RootOfSlotsMilli * VolatilityPercent(slot) / 100;
        var step = (Int128)_fair * sigma * _random.NextNormal() / SeededRandom.Sigma / 1_000_000_000_000;
        var origin = _symbol.PreviousClose.E8;
        // A day further than 20 % from its beginning is no normal day: lean back.
        _fair = Math.Clamp(_fair + (long)step, origin / 100 * 80, origin / 100 * 120);
        _lagged += (_fair - _lagged) / 1_024;
    }

    private int VolatilityPercent(Instant at) =>
        at < _open || at >= _close ? 30
        : at < _open + Duration.FromMinutes(15) ? 250
        : at < _open + Duration.FromMinutes(60) ? 150
        : at >= _close - Duration.FromMinutes(30) ? 130
        : 80;

    /// <summary>Events per second of this symbol, 5 to 50.</summary>
    private int EventsPerSecond(Instant at) =>
        at < _open - Duration.FromMinutes(30) ? 5
        : at < _open ? 10
        : at < _open + Duration.FromMinutes(15) ? 50
        : at < _open + Duration.FromMinutes(60) ? 30
        : at < _close - Duration.FromMinutes(60) ? 15
        : at < _close - Duration.FromMinutes(15) ? 25
        : at < _close ? 45
        : at < _close + Duration.FromMinutes(60) ? 8
        : 5;

    private int SpreadPercent(Instant at) =>
        at < _open || at >= _close ? 600 : at < _open + Duration.FromMinutes(5) ? 300 : at < _open + Duration.FromMinutes(30) ? 180 : 100;

    /// <summary>The milliseconds of this slot at which something happens, in order.</summary>
    private void DrawOffsets(Instant slot, List<int> offsets)
    {
        offsets.Clear();
        var twiceTheMean = 2 * EventsPerSecond(slot) * SlotMillis;
        // Uniform from 0 to twice the mean, so that quiet and busy moments alternate; thousandths are settled by chance.
        var drawn = _random.Next(twiceTheMean + 1);
        var count = drawn / 1_000 + (_random.Chance(drawn % 1_000) ? 1 : 0);
        for (var i = 0; i < count; i++) offsets.Add(_random.Next(SlotMillis));
        offsets.Sort();
    }

    private MarketEvent NextQuote(Instant time)
    {
        var half = (long)((Int128)_fair * _symbol.SpreadMilliBps * SpreadPercent(time) / 100 / 20_000_000) * _random.Between(70, 140) / 100;
        var bid = (_fair - half) / Tick * Tick;
        var ask = (_fair + half + Tick - 1) / Tick * Tick;
        if (ask <= bid) ask = bid + Tick;
        _quote = new MarketEvent
        {
            Time = time,
            Kind = MarketEventKind.Quote,
            Symbol = _symbol.Symbol,
            Bid = Price.FromE8(bid),
            Ask = Price.FromE8(ask),
            BidSize = 100 * _random.Between(1, 12),
            AskSize = 100 * _random.Between(1, 12),
            BidVenue = QuoteVenues[_random.Next(QuoteVenues.Length)],
            AskVenue = QuoteVenues[_random.Next(QuoteVenues.Length)],
        };
        return _quote;
    }

    /// <summary>A round lot at the bid, so that a source of prints alone knows a price from the first moment.</summary>
    private MarketEvent FirstPrint(Instant time) => Print(time, _quote.Bid.E8, 100, _symbol.Symbol.PrimaryVenue, PrintConditions.None);

    private MarketEvent NextPrint(Instant time)
    {
        var conditions = PrintConditions.None;
        var price = _random.Chance(500) ? _quote.Bid.E8 : _quote.Ask.E8;
        var venue = QuoteVenues[_random.Next(QuoteVenues.Length)];
        if (_random.Chance(350))
        {
            venue = MarketEvent.OffExchange;
            // Off exchange the price is a little better than the quote, down to a hundredth of a cent.
            var room = (_quote.Ask.E8 - _quote.Bid.E8) / 2;
            var improvement = room * _random.Next(101) / 100 / (Tick / 100) * (Tick / 100);
            price += price == _quote.Bid.E8 ? improvement : -improvement;
        }
        else if (_random.Chance(250))
        {
            conditions |= PrintConditions.IntermarketSweep;
        }

        var size = _random.Chance(450) ? _random.Between(1, 99) : 100 * _random.Between(1, _random.Chance(30) ? 80 : 5);
        switch (_random.Next(1_000))
        {
            case < 3:
                (venue, price, conditions) = (MarketEvent.OffExchange, RoundToTick(_lagged), PrintConditions.AveragePrice);
                break;
            case < 5:
                (price, conditions) = (RoundToTick(_lagged), PrintConditions.OutOfSequence);
                break;
            case < 6:
                (venue, price, conditions) = (MarketEvent.OffExchange, RoundToTick(_lagged), PrintConditions.DerivativelyPriced);
                break;
        }

        return Print(time, price, size, venue, conditions);
    }

    private MarketEvent AuctionPrint((Instant At, PrintConditions Conditions) auction, Instant earliest)
    {
        // An auction that fell into a halt takes place after it.
        var time = auction.At < earliest ? earliest : auction.At;
        var price = RoundToTick(_fair);
        if (auction.Conditions == PrintConditions.ClosingPrint) _officialClose = price;
        if (auction.Conditions == PrintConditions.OfficialClose && _officialClose != 0) price = _officialClose;
        return Print(time, price, 100 * _random.Between(2_000, 9_000), _symbol.Symbol.PrimaryVenue, auction.Conditions);
    }

    private MarketEvent Print(Instant time, long priceE8, int size, char venue, PrintConditions conditions)
    {
        const PrintConditions auctions = PrintConditions.OpeningPrint | PrintConditions.ClosingPrint | PrintConditions.OfficialClose;
        if (size < 100) conditions |= PrintConditions.OddLot;
        if ((time < _open || time >= _close) && (conditions & auctions) == 0) conditions |= PrintConditions.ExtendedHours;
        return new MarketEvent
        {
            Time = time,
            Kind = MarketEventKind.Trade,
            Symbol = _symbol.Symbol,
            Last = Price.FromE8(priceE8),
            Size = size,
            Venue = venue,
            Conditions = conditions,
        };
    }

    private MarketEvent Status(Instant time, HaltReason reason) => new()
    {
        Time = time,
        Kind = MarketEventKind.Status,
        Symbol = _symbol.Symbol,
        Halt = reason,
    };

    private static long RoundToTick(long e8) => (e8 + Tick / 2) / Tick * Tick;
}
