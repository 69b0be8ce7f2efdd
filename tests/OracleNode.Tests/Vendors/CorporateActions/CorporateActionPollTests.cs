using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Replay;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Massive;
using OracleNode.Vendors.XStocks;
using OracleNode.VendorServers;
using OracleNode.VendorServers.Alpaca;
using OracleNode.VendorServers.Massive;
using OracleNode.VendorServers.XStocks;

namespace OracleNode.Vendors.CorporateActions;

/// <summary>The question over real sockets, to the servers of the local system.</summary>
public sealed class CorporateActionPollTests : IAsyncLifetime
{
    private const string Key = "ORACLENODE_TEST_ACTIONS_KEY", Secret = "ORACLENODE_TEST_ACTIONS_SECRET";

    private readonly VendorBench _bench = new();
    private readonly PipelineHarness.ManualClock _clock = new() { Now = Instant.FromUtc(2026, 6, 10, 15, 0) };
    private readonly FakeTimeProvider _time = new();
    private readonly RareInputQueue _inputs = new(new PipelineSignal());
    private readonly NodeSettings _settings = ReplayFixture.Settings();
    private readonly AlpacaServer _alpaca;
    private readonly MassiveServer _massive;
    private readonly XStocksServer _xstocks = new();
    private readonly List<CorporateActionPoll> _polls = [];

    public CorporateActionPollTests()
    {
        var (alpaca, massive) = (new AlpacaServerOptions(), new MassiveServerOptions());
        _alpaca = new AlpacaServer(_bench.View, _bench.Clock, alpaca);
        _massive = new MassiveServer(_bench.View, _bench.Clock, massive);
        Environment.SetEnvironmentVariable(Key, alpaca.KeyId);
        Environment.SetEnvironmentVariable(Secret, alpaca.Secret);
        Environment.SetEnvironmentVariable(Key + "_MASSIVE", massive.ApiKey);
    }

    public async ValueTask InitializeAsync()
    {
        await _alpaca.StartAsync(TestContext.Current.CancellationToken);
        await _massive.StartAsync(TestContext.Current.CancellationToken);
        await _xstocks.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var poll in _polls) poll.Dispose();
        await _alpaca.DisposeAsync();
        await _massive.DisposeAsync();
        await _xstocks.DisposeAsync();
    }

    [Theory]
    [InlineData("alpaca")]
    [InlineData("massive")]
    [InlineData("xstocks")]
    public async Task Announcement_Asked_IsToldOnceAndWhenItChangesAndWhenItIsOff(string vendor)
    {
        var (poll, book, symbol, evidence) = Of(vendor);
        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Empty(Told());

        book.Announce(new AnnouncedAction("a1", symbol, new LocalDate(2026, 6, 15), 3, 1, 0));
        book.Announce(new AnnouncedAction("a2", symbol, new LocalDate(2026, 6, 22), 0, 0, 0.26m));
        Assert.True(await poll.AskAsync(Cancelled));
        var told = Told().OrderBy(n => n.Reference).ToList();
        Assert.Equal(
            [(CorporateActionKind.Split, 3, 1, default, new LocalDate(2026, 6, 15)), (CorporateActionKind.CashDividend, 0L, 0L, Price.FromE8(26_000_000), new LocalDate(2026, 6, 22))],
            told.Select(n => (n.Kind, n.NewShares, n.OldShares, n.Cash, n.EffectiveOn)));
        Assert.All(told, n => Assert.Equal((new InstrumentId(0), evidence, poll.Name, false), (n.Instrument, n.Class, n.By, n.IsWithdrawn)));

        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Empty(Told());
        book.Announce(new AnnouncedAction("a1", symbol, new LocalDate(2026, 6, 16), 3, 1, 0));
        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Equal(new LocalDate(2026, 6, 16), Assert.Single(Told()).EffectiveOn);

        // One answer without it may be a slip; two are not.
        book.Remove("a1");
        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Empty(Told());
        Assert.True(await poll.AskAsync(Cancelled));
        var off = Assert.Single(Told());
        Assert.Equal(("a1", true), (off.Reference, off.IsWithdrawn));
        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Empty(Told());
    }

    [Theory]
    [InlineData("alpaca")]
    [InlineData("massive")]
    [InlineData("xstocks")]
    public async Task ManyPages_Asked_AreAllRead(string vendor)
    {
        var (poll, book, symbol, _) = Of(vendor);
        book.PageSize = 2;
        for (var i = 0; i < 7; i++) book.Announce(new AnnouncedAction($"a{i}", symbol, new LocalDate(2026, 6, 15 + i), 3, 1, 0));
        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Equal(7, Told().Count);

        book.PageSize = 1;
        for (var i = 7; i < 30; i++) book.Announce(new AnnouncedAction($"a{i}", symbol, new LocalDate(2026, 6, 15).PlusDays(i), 3, 1, 0));
        Assert.False(await poll.AskAsync(Cancelled));
        Assert.Empty(Told());
    }

    [Theory]
    [InlineData(StatusCodes.Status403Forbidden, null)]
    [InlineData(StatusCodes.Status500InternalServerError, null)]
    [InlineData(StatusCodes.Status429TooManyRequests, null)]
    [InlineData(StatusCodes.Status200OK, "<html>we are sorry</html>")]
    [InlineData(StatusCodes.Status200OK, "")]
    public async Task AnswerThatIsNone_Asked_TakesNothingBack(int status, string? garbage)
    {
        foreach (var vendor in new[] { "alpaca", "massive", "xstocks" })
        {
            var (poll, book, symbol, _) = Of(vendor);
            book.Announce(new AnnouncedAction("a1", symbol, new LocalDate(2026, 6, 15), 3, 1, 0));
            Assert.True(await poll.AskAsync(Cancelled));
            Assert.Single(Told());
            (book.Status, book.Garbage) = (status, garbage);
            for (var i = 0; i < 3; i++) Assert.False(await poll.AskAsync(Cancelled));
            Assert.Empty(Told());
        }
    }

    [Fact]
    public async Task EndlessAnswer_Asked_IsRefused()
    {
        var (poll, book, _, _) = Of("alpaca");
        book.Garbage = new string(' ', CorporateActionPoll.MaxBytes + 1);
        Assert.False(await poll.AskAsync(Cancelled));
    }

    [Fact]
    public async Task ActionOutsideTheTickersValidity_Asked_IsNotOfTheInstrument()
    {
        var settings = ReplayFixture.Settings(("Instruments:0:TickerValidFrom", "2026-06-16"));
        var (poll, book, symbol, _) = Of("alpaca", settings);
        book.Announce(new AnnouncedAction("former", symbol, new LocalDate(2026, 6, 15), 3, 1, 0));
        book.Announce(new AnnouncedAction("ours", symbol, new LocalDate(2026, 6, 16), 3, 1, 0));
        book.Announce(new AnnouncedAction("another's", "MSFT", new LocalDate(2026, 6, 16), 3, 1, 0));
        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Equal("ours", Assert.Single(Told()).Reference);
    }

    [Fact]
    public async Task LongPast_Asked_IsForgottenWithoutBeingTakenBack()
    {
        var (poll, book, symbol, _) = Of("massive");
        book.Announce(new AnnouncedAction("a1", symbol, new LocalDate(2026, 6, 11), 3, 1, 0));
        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Single(Told());
        _clock.Now += Duration.FromDays(30);
        book.Remove("a1");
        for (var i = 0; i < 3; i++) Assert.True(await poll.AskAsync(Cancelled));
        Assert.Empty(Told());
    }

    [Fact]
    public async Task KeyThatIsWrong_Asked_IsNotLetIn()
    {
        Environment.SetEnvironmentVariable(Secret, "wrong");
        Assert.False(await Of("alpaca").Poll.AskAsync(Cancelled));
        Assert.Equal(0, _alpaca.CorporateActions.Requests);
    }

    [Fact]
    public async Task Silence_OfSeveralPeriods_IsReportedOnceAndEndsWithAnAnswer()
    {
        var (poll, book, symbol, _) = Of("alpaca");
        book.Announce(new AnnouncedAction("a1", symbol, new LocalDate(2026, 6, 15), 3, 1, 0));
        Assert.True(await poll.AskAsync(Cancelled));
        var good = poll.Report();
        Assert.Equal(("alpaca", null, 1L, 0L, 1, 0), (good.Name, good.Problem, good.Answers, good.Faults, good.Rows, good.NotUnderstood));
        Assert.Equal((true, false, 0L), (good.HasAnswered, good.IsSilent, good.Silences));

        // Asked every minute, each time up to a fifth later: silent from 3.6 minutes on.
        book.Status = StatusCodes.Status500InternalServerError;
        Assert.False(await poll.AskAsync(Cancelled));
        _time.Advance(TimeSpan.FromMinutes(3.6));
        poll.SayIfSilent();
        Assert.Equal((false, 0L, 1L), (poll.Report().IsSilent, poll.Report().Silences, poll.Report().Faults));
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++) poll.SayIfSilent();
        var silent = poll.Report();
        Assert.Equal((true, 1L, 1, TimeSpan.FromMinutes(3.6) + TimeSpan.FromSeconds(1)), (silent.IsSilent, silent.Silences, silent.Rows, silent.SinceAnswer));
        Assert.Contains("500", silent.Problem, StringComparison.Ordinal);

        book.Status = StatusCodes.Status200OK;
        Assert.True(await poll.AskAsync(Cancelled));
        Assert.Equal((false, null, 2L, 1L), (poll.Report().IsSilent, poll.Report().Problem, poll.Report().Answers, poll.Report().Silences));
        _time.Advance(TimeSpan.FromMinutes(10));
        poll.SayIfSilent();
        Assert.Equal(2, poll.Report().Silences);
    }

    [Fact]
    public void List_ThatNeverAnswered_IsSilentFromTheStartOn()
    {
        var poll = Of("xstocks").Poll;
        _time.Advance(TimeSpan.FromMinutes(4));
        poll.SayIfSilent();
        Assert.Equal((false, true, 1L, 0L), (poll.Report().HasAnswered, poll.Report().IsSilent, poll.Report().Silences, poll.Report().Answers));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private List<CorporateActionNotice> Told()
    {
        var market = MarketFoldFactory.Create(_settings, ReplayFixture.Calendar());
        var recorder = new NoticeRecorder();
        _inputs.Drain(_clock.Now, new OracleFold(new PipelinePlan(market, [.. _settings.Feeds.Select(f => new FeedSlot(f.Feed))], [], 1, 1, 0, 0), new SilentReport(), recorder));
        return recorder.Notices;
    }

    private (CorporateActionPoll Poll, CorporateActionBook Book, string Symbol, EvidenceClass Evidence) Of(string vendor, NodeSettings? settings = null)
    {
        var options = new SourceOptions { Name = vendor, ApiKey = "env:" + Key + (vendor == "massive" ? "_MASSIVE" : ""), ApiSecret = "env:" + Secret };
        (ICorporateActionList List, CorporateActionBook Book, string Symbol, EvidenceClass Evidence) of = vendor switch
        {
            "alpaca" => (new AlpacaCorporateActions(options, new UriBuilder(_alpaca.Url) { Scheme = "http", Path = "/v1/corporate-actions" }.Uri), _alpaca.CorporateActions, "TSLA", EvidenceClass.Vendor),
            "massive" => (new MassiveCorporateActions(options, new UriBuilder(_massive.Url) { Scheme = "http", Path = "/stocks/v1" }.Uri), _massive.CorporateActions, "TSLA", EvidenceClass.Vendor),
            _ => (new XStocksCorporateActions(_xstocks.Url), _xstocks.CorporateActions, "TSLAx", EvidenceClass.IssuerChain),
        };
        var source = new CorporateActionSource(vendor, of.Evidence, of.List, new Dictionary<string, InstrumentId> { [of.Symbol] = new InstrumentId(0) }, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20));
        var poll = new CorporateActionPoll(source, new ListedTickers(settings ?? _settings), _inputs, _clock, _time, () => 0.5, NullLogger.Instance);
        _polls.Add(poll);
        return (poll, of.Book, of.Symbol, of.Evidence);
    }

    private sealed class NoticeRecorder : IInputRecorder
    {
        public List<CorporateActionNotice> Notices { get; } = [];

        public void Record(in MarketInput input) => Notices.Add(input.CorporateAction);

        public void RecordTick(Instant now, bool everything)
        {
        }

        public void RecordRestore(Instant now, Feed feed, in Updates.FeedRecord record, ulong sequence)
        {
        }
    }
}
