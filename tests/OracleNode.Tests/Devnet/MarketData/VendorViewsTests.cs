using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

public class VendorViewsTests
{
    private static readonly VendorViewOptions Options = new();

    [Fact]
    public void AnyView_Always_IsInOrderAndNeverEarly()
    {
        var day = new GeneratedDay(new GeneratedDayOptions());
        Func<MarketTimeline, VendorViewOptions, IEnumerable<VendorEvent>>[] views = [VendorViews.Massive, VendorViews.Alpaca, VendorViews.Finazon];
        foreach (var view in views)
        {
            var events = view(day, Options).Take(20_000).ToList();
            Assert.Equal(20_000, events.Count);
            Assert.All(events, told => Assert.True(told.DeliverAt > told.Event.Time));
            Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.DeliverAt <= pair.Second.DeliverAt));
            Assert.Equal(events, view(day, Options).Take(20_000));
        }
    }

    [Fact]
    public void Massive_OfATimeline_TellsEverythingSoon()
    {
        var timeline = new ListedTimeline(false, Quote(0, 100), Trade(1, 'D'), Quote(2, 101), Trade(3, 'N'));
        var told = VendorViews.Massive(timeline, Options).ToList();
        Assert.Equal(timeline.Events(), told.Select(one => one.Event));
        Assert.All(told, one => Assert.InRange(one.DeliverAt - one.Event.Time, Options.MassiveLatency, Options.MassiveLatency + Options.Jitter + Duration.FromMilliseconds(1)));
    }

    [Fact]
    public void Alpaca_ManyQuotesInAWindow_TellsTheLastOneAfterIt()
    {
        // The windows are of 250 ms of Unix time; the timeline begins on a whole second.
        var timeline = new ListedTimeline(false, Quote(10, 100), Quote(120, 101), Quote(240, 102), Quote(260, 103), Quote(900, 104));
        var told = VendorViews.Alpaca(timeline, Options).ToList();
        Assert.Equal([102, 103, 104], told.Select(one => one.Event.Bid.E8 / Price.One));
        Assert.Equal([240, 260, 900], told.Select(one => Millis(one.Event.Time)));
        Assert.Equal([250, 500, 1_000], told.Select(one => Millis(one.DeliverAt - Options.AlpacaLatency) / 250 * 250));
        Assert.All(told, one => Assert.Equal(('V', 'V'), (one.Event.BidVenue, one.Event.AskVenue)));
    }

    [Fact]
    public void Alpaca_Prints_AreThoseOfTheExchanges()
    {
        var timeline = new ListedTimeline(false, Trade(1, 'D'), Trade(2, 'N'), Trade(3, 'D'), Trade(4, 'Q'));
        var told = VendorViews.Alpaca(timeline, Options).ToList();
        Assert.Equal([2, 4], told.Select(one => Millis(one.Event.Time)));
    }

    [Fact]
    public void Alpaca_OutsideTheHoursOfIex_IsSilent()
    {
        var day = new GeneratedDay(new GeneratedDayOptions { From = new LocalTime(7, 59) });
        var first = VendorViews.Alpaca(day, Options).First();
        Assert.True(first.Event.Time >= day.At(new LocalTime(8, 0)));

        var evening = new GeneratedDay(new GeneratedDayOptions { From = new LocalTime(16, 59) });
        var last = VendorViews.Alpaca(evening, Options).Last();
        Assert.True(last.Event.Time < evening.At(new LocalTime(17, 0)));
    }

    [Fact]
    public void Alpaca_OfAGeneratedDay_StandsAtOrBehindTheNationalQuote()
    {
        var day = new GeneratedDay(new GeneratedDayOptions { From = new LocalTime(10, 0) });
        var national = day.Events().Where(happened => happened.Kind == MarketEventKind.Quote).Take(20_000).ToLookup(quote => (quote.Symbol.Name, quote.Time));
        var differing = 0;
        var quotes = VendorViews.Alpaca(day, Options).Where(one => one.Event.Kind == MarketEventKind.Quote).Take(2_000).ToList();
        foreach (var quote in quotes.Select(one => one.Event))
        {
            // Two quotes of a symbol may share a millisecond: the last one stood.
            var nbbo = national[(quote.Symbol.Name, quote.Time)].Last();
            Assert.InRange(nbbo.Bid.E8 - quote.Bid.E8, 0, 2_000_000);
            Assert.InRange(quote.Ask.E8 - nbbo.Ask.E8, 0, 2_000_000);
            if (nbbo.Bid != quote.Bid || nbbo.Ask != quote.Ask) differing++;
        }

        Assert.InRange(differing, quotes.Count / 4, quotes.Count);
    }

    [Fact]
    public void Finazon_OfATimeline_TellsThePrintsOnly()
    {
        var timeline = new ListedTimeline(false, Quote(0, 100), Trade(1, 'D'), Quote(2, 101), Trade(3, 'N'));
        Assert.Equal([1, 3], VendorViews.Finazon(timeline, Options).Select(one => Millis(one.Event.Time)));
    }

    private static long Millis(Instant time) => (long)(time - ListedTimeline.Beginning).TotalMilliseconds;

    private static MarketEvent Quote(int millis, int bid) => new()
    {
        Time = ListedTimeline.Beginning + Duration.FromMilliseconds(millis),
        Kind = MarketEventKind.Quote,
        Symbol = ListedTimeline.Symbol,
        Bid = Price.FromE8(bid * Price.One),
        Ask = Price.FromE8((bid + 1) * Price.One),
        BidSize = 100,
        AskSize = 100,
        BidVenue = 'N',
        AskVenue = 'P',
    };

    private static MarketEvent Trade(int millis, char venue) => new()
    {
        Time = ListedTimeline.Beginning + Duration.FromMilliseconds(millis),
        Kind = MarketEventKind.Trade,
        Symbol = ListedTimeline.Symbol,
        Last = Price.FromE8(100 * Price.One),
        Size = 100,
        Venue = venue,
    };
}
