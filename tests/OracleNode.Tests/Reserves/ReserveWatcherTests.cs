using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Operator;
using OracleNode.Pipeline;
using OracleNode.Replay;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>From custodians and chains into the fold.</summary>
public sealed class ReserveWatcherTests : IDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2026, 6, 10, 13, 0);
    private static readonly UInt128 One = 1_000_000_000_000_000_000;

    private readonly HandClock _clock = new() { Now = Start };
    private readonly CustodianBook _bank = new("bank", DocumentEditions.Open(""));
    private readonly CustodianBook _vault = new("vault", DocumentEditions.Open(""));
    private readonly SaidSupply _solana = new("TSLAx");
    private readonly SaidSupply _ethereum = new("TSLAx-ethereum");
    private readonly RareInputQueue _inputs = new(new PipelineSignal());
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-reserves-").FullName;
    private readonly List<CorporateAction> _actions = [];
    private readonly MarketFold _market;
    private readonly OracleFold _fold;
    private ReserveWatcher _watcher;

    public ReserveWatcherTests()
    {
        var settings = ReplayFixture.Settings(ReplayFixture.RatioFeed);
        _market = MarketFoldFactory.Create(settings, ReplayFixture.Calendar());
        var report = new FoldReport();
        _fold = new OracleFold(new PipelinePlan(_market, [.. settings.Feeds.Select(f => new FeedSlot(f.Feed))], [], 1, 1, 0, 0), report);
        _watcher = Watcher();
        Place = settings.Feeds.ToList().FindIndex(f => f.Derived is ReserveFeedRules);
        TokenPlace = settings.Feeds.ToList().FindIndex(f => f.Feed.Name == "TSLAx");
    }

    private int Place { get; }

    private int TokenPlace { get; }

    /// <summary>What the token's guards are told.</summary>
    private int? RatioBps => _market.InputsFor(TokenPlace).ReserveRatioBps;

    private string? Problem => Assert.Single(_watcher.Reports).Report().Problem;

    public void Dispose()
    {
        _watcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task EveryPart_There_IsTheRatio_MeasuredWithTheOldest()
    {
        Attest(_bank, "900", Start - Duration.FromHours(3));
        Attest(_vault, "100", Start - Duration.FromHours(9));
        Supply(600, 401);
        var decision = await LookAsync();
        Assert.Equal((FeedState.Live, Start - Duration.FromHours(9)), (decision.State, decision.ObservedAt));
        Assert.Equal(99_900_099, decision.Price.E8);
        Assert.Null(Assert.Single(_watcher.Reports).Report().Problem);

        // More tokens, the same statements: less is covered at once.
        Supply(600, 600);
        Assert.Equal(83_333_333, (await LookAsync()).Price.E8);
    }

    [Fact]
    public async Task OnePart_Missing_IsNoReading()
    {
        Attest(_bank, "900", Start);
        Supply(600, 400);
        var decision = await LookAsync();
        Assert.Equal(DecisionReason.ReserveMissing, decision.Reason);
        Assert.Contains("vault", Assert.Single(_watcher.Reports).Report().Problem);

        Attest(_vault, "100", Start);
        Assert.Equal(FeedState.Live, (await LookAsync()).State);
    }

    [Fact]
    public async Task StatementWithoutTheIssue_IsNoReading()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start, issue: "SPYx");
        Supply(600, 400);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
        Assert.Contains("says nothing of TSLAx", Assert.Single(_watcher.Reports).Report().Problem);
    }

    [Fact]
    public async Task ChainThatCannotBeRead_LeavesTheLastReadingUntilItIsOld_ThenNothingCanBeTold()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        Assert.Equal(FeedState.Live, (await LookAsync()).State);

        _ethereum.Failure = "no answer";
        _clock.Now = Start + Duration.FromMinutes(10);
        _solana.At(_clock.Now);
        Assert.Equal(FeedState.Live, (await LookAsync()).State);
        _clock.Now += Duration.FromSeconds(1);
        _solana.At(_clock.Now);
        var decision = await LookAsync();
        Assert.Equal((FeedState.Held, DecisionReason.ReserveMissing, HoldReasons.Stale), (decision.State, decision.Reason, decision.HoldReasons));
        Assert.Contains("no answer", Assert.Single(_watcher.Reports).Report().Problem);

        // The same numbers again are news: they can be told again.
        _ethereum.Failure = null;
        _ethereum.At(_clock.Now);
        Assert.Equal(FeedState.Live, (await LookAsync()).State);
    }

    [Fact]
    public async Task ChainThatIsFarBehind_IsNoReading()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        _solana.At(Start - Duration.FromMinutes(11));
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
        Assert.Contains("behind", Assert.Single(_watcher.Reports).Report().Problem);
    }

    [Fact]
    public async Task StatementThatRanOut_IsNone()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start, validUntil: Start + Duration.FromHours(1));
        Supply(600, 400);
        Assert.Equal(FeedState.Live, (await LookAsync()).State);
        _clock.Now = Start + Duration.FromHours(1);
        Supply(600, 400);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
        Assert.Contains("valid until", Assert.Single(_watcher.Reports).Report().Problem);
    }

    [Fact]
    public async Task StatementOfLongAgo_IsNone()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        _clock.Now = Start + Duration.FromDays(2) + Duration.FromSeconds(1);
        Supply(600, 400);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
    }

    [Fact]
    public async Task BlockOfThePast_ChangesNothing()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        _ethereum.Reading = _ethereum.Reading with { Height = 1, SharesE18 = 1 };
        Assert.Equal(Price.One, (await LookAsync()).Price.E8);
    }

    [Fact]
    public async Task NothingIssued_IsNoReading()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(0, 0);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
        Assert.Contains("no token", Assert.Single(_watcher.Reports).Report().Problem);
    }

    [Fact]
    public async Task SameNumbers_LookedAtAgain_AreToldOnce()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        await LookAsync();
        Assert.Equal(1, Assert.Single(_watcher.Reports).Report().Accepted);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(1, 20)]
    public async Task Split_AfterTheStatements_CannotBeToldUntilAllOfThemAreOfAfterIt(int shares, int before)
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        Assert.Equal(Price.One, (await LookAsync()).Price.E8);

        Step(shares, before);
        var decision = await LookAsync();
        Assert.Equal((FeedState.Held, DecisionReason.ReserveMissing, Price.One), (decision.State, decision.Reason, decision.Price.E8));
        Assert.Null(RatioBps);
        Assert.Contains("custodian bank's statement of 2026-06-10T13:00:00Z", Problem);
        Assert.Contains("stepped from 1 to", Problem);

        _clock.Now += Duration.FromHours(1);
        Supply(600, 400, shares, before);
        Attest(_bank, Shares(900 * shares, before), _clock.Now);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
        Assert.Contains("custodian vault's statement", Problem);
        Attest(_vault, Shares(90 * shares, before), _clock.Now);
        Assert.Equal((FeedState.Live, 99_000_000), ((await LookAsync()).State, _market.DecisionOf(Place)!.Price.E8));
        Assert.Equal(9_900, RatioBps);
    }

    [Fact]
    public async Task Split_WhileTheTokenIsShort_LeavesItShort()
    {
        Attest(_bank, "700", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        Assert.Equal(8_000, RatioBps);

        // A reverse split that nobody rescales would make it sixteen times covered.
        Step(1, 20);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
        Assert.Equal(8_000, RatioBps);
    }

    [Theory]
    [InlineData(10, 1, EvidenceClasses.Vendor | EvidenceClasses.IssuerChain, true)]
    [InlineData(1, 20, EvidenceClasses.Vendor | EvidenceClasses.Operator, true)]
    [InlineData(10, 1, EvidenceClasses.Vendor, false)]
    [InlineData(10, 1, EvidenceClasses.Operator, false)]
    public async Task Split_ProvenByTwoKindsOfWitness_CountsTheStatementInSharesOfAfter(int shares, int before, EvidenceClasses classes, bool isTold)
    {
        Attest(_bank, "899", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        _actions.Add(Action(shares, before, Start + Duration.FromMinutes(30), classes));
        Step(shares, before);
        var decision = await LookAsync();
        Assert.Equal(isTold ? (FeedState.Live, 99_900_000, Start) : (FeedState.Held, 99_900_000, Start), (decision.State, decision.Price.E8, decision.ObservedAt));
        Assert.Equal(isTold ? 9_990 : (int?)null, isTold ? RatioBps : null);
    }

    [Theory]
    [InlineData(9, 1, 30, CorporateActionKind.Split)]
    [InlineData(10, 1, -30, CorporateActionKind.Split)]
    [InlineData(10, 1, 300, CorporateActionKind.Split)]
    [InlineData(10, 1, 30, CorporateActionKind.SpinOff)]
    public async Task Split_WithAnActionThatIsNotItsOwn_CannotBeTold(int shares, int before, int minutes, CorporateActionKind kind)
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        _actions.Add(Action(shares, before, Start + Duration.FromMinutes(minutes), EvidenceClasses.Vendor | EvidenceClasses.IssuerChain) with { Kind = kind });
        Step(10, 1);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
    }

    [Fact]
    public async Task Split_OfTokensBeforeTheSharesTradeDate_CountsTheStatementsOfBetweenOnceThatHasBegun()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        _actions.Add(Action(10, 1, Start + Duration.FromHours(3), EvidenceClasses.Vendor | EvidenceClasses.IssuerChain));
        Step(10, 1);
        _clock.Now += Duration.FromHours(1);
        Supply(600, 400, 10);
        Attest(_bank, "890", _clock.Now);
        Attest(_vault, "100", _clock.Now);
        Assert.Equal((DecisionReason.ReserveMissing, (int?)null), ((await LookAsync()).Reason, RatioBps));

        _clock.Now += Duration.FromHours(1);
        Supply(600, 400, 10);
        Assert.Equal((FeedState.Live, 99_000_000), ((await LookAsync()).State, _market.DecisionOf(Place)!.Price.E8));
        Attest(_bank, "8900", _clock.Now);
        Attest(_vault, "1000", _clock.Now);
        Assert.Equal((FeedState.Live, 99_000_000), ((await LookAsync()).State, _market.DecisionOf(Place)!.Price.E8));
    }

    [Fact]
    public async Task TwoSplits_AfterTheStatements_CannotBeToldByOneAction()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        _actions.Add(Action(10, 1, Start + Duration.FromMinutes(30), EvidenceClasses.Vendor | EvidenceClasses.IssuerChain));
        Step(10, 1);
        Assert.Equal(FeedState.Live, (await LookAsync()).State);
        Step(100, 1);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
    }

    [Fact]
    public async Task Split_BeforeARestart_IsNotForgotten()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        Step(10, 1);

        // It is read for the first time by the next run.
        for (var run = 0; run < 2; run++)
        {
            Restart();
            await LookAsync();
            Assert.Contains("stepped from 1 to 10", Problem);
            Assert.Equal(0, Assert.Single(_watcher.Reports).Report().Accepted);
        }
    }

    [Fact]
    public async Task Split_ThenNoStatement_IsStaleAsEver()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        Step(10, 1);
        await LookAsync();
        _clock.Now = Start + Duration.FromDays(2) + Duration.FromSeconds(1);
        Supply(600, 400, 10);
        await LookAsync();
        Assert.Contains("longer ago than", Problem);
    }

    [Fact]
    public async Task Dividend_AfterTheStatements_IsTold()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        Step(101, 100);
        Assert.Equal((FeedState.Live, 99_009_900), ((await LookAsync()).State, _market.DecisionOf(Place)!.Price.E8));
    }

    [Fact]
    public async Task Split_OnOneChainOnly_CannotBeTold()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        await LookAsync();
        _clock.Now += Duration.FromHours(1);
        var ethereum = _ethereum.Reading;
        Supply(600, 400, 10);
        _ethereum.Reading = ethereum with { ChainTime = _clock.Now, Height = ethereum.Height + 1 };
        Attest(_bank, "9000", _clock.Now);
        Attest(_vault, "1000", _clock.Now);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
        Assert.Contains("a step that the other has not", Problem);
    }

    [Fact]
    public async Task Split_DueOnAChainThatIsBehind_CannotBeToldUntilItIsRead()
    {
        Attest(_bank, "900", Start);
        Attest(_vault, "100", Start);
        Supply(600, 400);
        _ethereum.Reading = _ethereum.Reading with { Terms = new TokenTerms(Multiplier.One, new Multiplier(10 * One), Start + Duration.FromMinutes(2), IsPaused: false) };
        Assert.Equal(FeedState.Live, (await LookAsync()).State);
        _clock.Now += Duration.FromMinutes(2);
        Assert.Equal(DecisionReason.ReserveMissing, (await LookAsync()).Reason);
        Assert.Contains("before it", Problem);
    }

    private static CorporateAction Action(int shares, int before, Instant opensAt, EvidenceClasses classes) =>
        new(CorporateActionKind.Split, ShareRatio.Of(shares, before), default, opensAt.InUtc().Date, opensAt, classes);

    private static string Shares(int shares, int of) => ((decimal)shares / of).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>An hour later every chain's multiplier is another.</summary>
    private void Step(int shares, int before)
    {
        _clock.Now += Duration.FromHours(1);
        Supply(600, 400, shares, before);
    }

    private void Restart()
    {
        _watcher.Dispose();
        _watcher = Watcher();
    }

    private ReserveWatcher Watcher()
    {
        var editions = DocumentEditions.Open(Path.Combine(_folder, "state.json"));
        var reserve = new IssueReserve(
            "TSLAx", [_bank, _vault], [new MultiplierBook("solana", 100, editions), new MultiplierBook("ethereum", 100, editions)], Duration.FromDays(2), Duration.FromMinutes(10), () => _actions);
        return new ReserveWatcher(
            [new WatchedIssue(reserve, [_solana, _ethereum], [new TokenId(0)])], TimeSpan.FromMinutes(1), _inputs, _clock, TimeProvider.System, NullLogger<ReserveWatcher>.Instance);
    }

    private async Task<FeedDecision> LookAsync()
    {
        await _watcher.LookAsync(TestContext.Current.CancellationToken);
        _inputs.Drain(_clock.Now, _fold);
        _market.Tick(_clock.Now, everything: true);
        return _market.DecisionOf(Place)!;
    }

    /// <summary>Raw tokens on each chain, at so many shares for so many tokens.</summary>
    private void Supply(int solana, int ethereum, int shares = 1, int of = 1)
    {
        var terms = new TokenTerms(new Multiplier((uint)shares * One / (uint)of), default, null, IsPaused: false);
        _solana.Reading = new SupplyReading((uint)solana * terms.Current.E18, _solana.Reading.Height + 10, _clock.Now, terms);
        _ethereum.Reading = new SupplyReading((uint)ethereum * terms.Current.E18, _ethereum.Reading.Height + 10, _clock.Now, terms);
    }

    private void Attest(CustodianBook book, string shares, Instant measuredAt, string issue = "TSLAx", Instant? validUntil = null) => book.Take(
        JsonSerializer.SerializeToUtf8Bytes(new { custodian = book.Custodian, measuredAt = measuredAt.ToString(), validUntil = validUntil?.ToString(), holdings = new[] { new { issue, shares } } }), _clock.Now);

    private sealed class HandClock : IMarketClock
    {
        public Instant Now { get; set; }
    }

    private sealed class SaidSupply(string name) : ISupplySource
    {
        public string Name { get; } = name;

        public SupplyReading Reading { get; set; } = new(0, 1, Start, new TokenTerms(Multiplier.One, default, null, IsPaused: false));

        public string? Failure { get; set; }

        public void At(Instant time) => Reading = Reading with { ChainTime = time, Height = Reading.Height + 1 };

        public Task<SupplyReading> ReadAsync(CancellationToken cancellationToken) => Failure is null ? Task.FromResult(Reading) : throw new ChainException(Failure);
    }

    private sealed class FoldReport : IFoldReport
    {
        public void FeedStopped(string feed, string problem, Exception? cause) => Assert.Fail(problem);
        public void FeedNotPublished(string feed, string problem) { }
        public void GuardStopped(string problem, Exception? cause) => Assert.Fail(problem);
        public void ChainNotCredible(string chain, string problem) { }
        public void PlanFault(string chain, Exception cause) { }
        public void Changed(int feed, in FeedTransition transition) { }
        public void Alarm(string? feed, AlarmKind kind, string message) { }
        public void MarketDistrusted(string problem) { }
        public void MarketTrusted(string problem) { }
        public void Restored(int feeds, int of) { }
    }
}
