using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Halts;

public class HaltBoardTests
{
    private static readonly Instant Begin = Instant.FromUtc(2026, 8, 7, 19, 42, 38);
    private static readonly InstrumentId Tsla = new(0);
    private static readonly InstrumentId Bksy = new(1);

    private readonly HaltBoard _board = new([new VendorSymbol("TSLA", Tsla), new VendorSymbol("BKSY WS", Bksy)], new SourceId(4), new UpstreamId(5));

    [Fact]
    public void Halt_Listed_IsSaidOnce_AndEndsWithTheTimeOfItsResumption()
    {
        var notice = new HaltNotice("TSLA", Begin, HaltReason.VolatilityPause, null);
        Assert.Equal((Tsla, HaltReason.VolatilityPause, Begin), Assert.Single(Take(Begin + Seconds(3), notice)));
        Assert.Empty(Take(Begin + Seconds(8), notice));

        // The resumption is printed long before its time.
        var resumes = Begin + Seconds(300);
        Assert.Empty(Take(Begin + Seconds(20), notice with { ResumesAt = resumes }));
        Assert.Empty(Take(resumes - Seconds(1), null));
        Assert.Equal((Tsla, HaltReason.None, resumes), Assert.Single(Take(resumes + Seconds(2), null)));
        Assert.Empty(Take(resumes + Seconds(9), notice with { ResumesAt = resumes }));
    }

    [Fact]
    public void Symbol_LeavesTheListWithoutAResumption_StaysHalted()
    {
        Take(Begin, new HaltNotice("TSLA", Begin, HaltReason.News, null));
        Assert.Empty(Take(Begin + Duration.FromHours(1)));
        Assert.Empty(Take(Begin + Duration.FromHours(2), new HaltNotice("TSLA", Begin, HaltReason.News, null)));
    }

    [Fact]
    public void TwoTickersOfOneInstrument_AreSaidApart()
    {
        // One may be its former name, which is another's by now: which counts when is not the list's to say.
        var board = new HaltBoard([new VendorSymbol("META", Tsla), new VendorSymbol("FB", Tsla) { Alias = 1 }], new SourceId(4), new UpstreamId(5));
        var output = new ObservationBuffer();
        board.Take([new HaltNotice("META", Begin, HaltReason.News, null), new HaltNotice("FB", Begin + Seconds(5), HaltReason.Regulatory, Begin + Seconds(9))], Begin + Seconds(10), output);
        Assert.Equal(
            [(Tsla, (byte)0, HaltReason.News, Begin), (Tsla, (byte)1, HaltReason.None, Begin + Seconds(9))],
            output.Written.ToArray().Select(o => (o.Instrument, o.Alias, o.Halt, o.EventTime)).OrderBy(o => o.Alias));
    }

    [Fact]
    public void Reason_ChangesOnOneHalt_IsSaidWithTheSameTime()
    {
        Take(Begin, new HaltNotice("TSLA", Begin, HaltReason.News, null));
        Assert.Equal((Tsla, HaltReason.Regulatory, Begin), Assert.Single(Take(Begin + Seconds(60), new HaltNotice("TSLA", Begin, HaltReason.Regulatory, null))));
    }

    [Fact]
    public void OneHaltTwice_WithAndWithoutResumption_HasResumed()
    {
        var notice = new HaltNotice("BKSY.W", Begin, HaltReason.News, null);
        var said = Take(Begin + Seconds(600), notice, notice with { ResumesAt = Begin + Seconds(300) }, notice);
        Assert.Equal((Bksy, HaltReason.None, Begin + Seconds(300)), Assert.Single(said));
    }

    [Fact]
    public void Resumption_PutOffAfterItHasPassed_HaltsAgainWithANewerTime()
    {
        var notice = new HaltNotice("TSLA", Begin, HaltReason.VolatilityPause, Begin + Seconds(300));
        Take(Begin, notice);
        Assert.Equal(HaltReason.None, Assert.Single(Take(Begin + Seconds(301), notice)).Halt);
        var again = Assert.Single(Take(Begin + Seconds(305), notice with { ResumesAt = Begin + Seconds(600) }));
        Assert.Equal((HaltReason.VolatilityPause, Begin + Seconds(300)), (again.Halt, again.EventTime));
    }

    [Fact]
    public void OlderHalt_ListedBesideANewer_SaysNothing()
    {
        var newer = new HaltNotice("TSLA", Begin, HaltReason.News, null);
        var older = new HaltNotice("TSLA", Begin - Duration.FromDays(1), HaltReason.News, Begin - Duration.FromHours(20));
        Assert.Equal(HaltReason.News, Assert.Single(Take(Begin, older, newer, older)).Halt);
    }

    [Fact]
    public void Halt_OfTheFuture_IsSaidWithTheTimeOfNow() =>
        Assert.Equal(Begin, Assert.Single(Take(Begin, new HaltNotice("TSLA", Begin + Seconds(30), HaltReason.News, null))).EventTime);

    [Fact]
    public void MarketWide_OfAConfiguredSymbol_IsOfEveryInstrument_AndEndsByItsTime()
    {
        var notice = new HaltNotice("TSLA", Begin, HaltReason.MarketWide1, Begin + Seconds(900));
        Assert.Equal((InstrumentId.Every, HaltReason.MarketWide1, Begin), Assert.Single(Take(Begin + Seconds(1), notice)));
        Assert.Equal((InstrumentId.Every, HaltReason.None, Begin + Seconds(900)), Assert.Single(Take(Begin + Seconds(901), null)));
    }

    [Fact]
    public void MarketWide_OfSymbolsNobodyAskedFor_NeedsThreeOfThem()
    {
        var notices = new[] { "AAA", "BBB", "CCC" }.Select(s => new HaltNotice(s, Begin, HaltReason.MarketWide2, null)).ToArray();
        Assert.Empty(Take(Begin, notices[0]));
        Assert.Empty(Take(Begin, notices[0], notices[1], notices[0]));
        Assert.Equal(HaltReason.MarketWide2, Assert.Single(Take(Begin, notices)).Halt);
    }

    [Fact]
    public void MarketWide_WithoutATime_EndsWithItsDay()
    {
        Take(Begin, new HaltNotice("TSLA", Begin, HaltReason.MarketWide3, null));
        Assert.Empty(Take(Instant.FromUtc(2026, 8, 8, 3, 59), null));
        Assert.Equal((InstrumentId.Every, HaltReason.None), (Assert.Single(Take(Instant.FromUtc(2026, 8, 8, 4, 0), null)) is var s ? (s.Instrument, s.Halt) : default));
    }

    [Fact]
    public void Deleted_TakesTheHaltBack()
    {
        Take(Begin, new HaltNotice("TSLA", Begin, HaltReason.News, null));
        Assert.Equal(HaltReason.None, Assert.Single(Take(Begin + Seconds(60), new HaltNotice("TSLA", Begin, HaltReason.Other, null, IsDeleted: true))).Halt);
    }

    private static Duration Seconds(int seconds) => Duration.FromSeconds(seconds);

    private List<(InstrumentId Instrument, HaltReason Halt, Instant EventTime)> Take(Instant now, params HaltNotice[]? notices)
    {
        var buffer = new ObservationBuffer();
        _board.Take(notices, now, buffer);
        return [.. buffer.Written.ToArray().Select(o => (o.Instrument, o.Halt, o.EventTime))];
    }
}
