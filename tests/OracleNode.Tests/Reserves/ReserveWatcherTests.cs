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
    private readonly ReserveWatcher _watcher;
    private readonly MarketFold _market;
    private readonly OracleFold _fold;

    public ReserveWatcherTests()
    {
        var settings = ReplayFixture.Settings(ReplayFixture.RatioFeed);
        _market = MarketFoldFactory.Create(settings, ReplayFixture.Calendar());
        var report = new FoldReport();
        _fold = new OracleFold(new PipelinePlan(_market, [.. settings.Feeds.Select(f => new FeedSlot(f.Feed))], [], 1, 1, 0, 0), report);
        _watcher = new ReserveWatcher(
            [new WatchedIssue(new IssueReserve("TSLAx", [_bank, _vault], 2, Duration.FromDays(2), Duration.FromMinutes(10)), [_solana, _ethereum], [new TokenId(0)])],
            TimeSpan.FromMinutes(1), _inputs, _clock, TimeProvider.System, NullLogger<ReserveWatcher>.Instance);
        Place = settings.Feeds.ToList().FindIndex(f => f.Derived is ReserveFeedRules);
    }

    private int Place { get; }

    public void Dispose() => _watcher.Dispose();

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

    private async Task<FeedDecision> LookAsync()
    {
        await _watcher.LookAsync(TestContext.Current.CancellationToken);
        _inputs.Drain(_clock.Now, _fold);
        _market.Tick(_clock.Now, everything: true);
        return _market.DecisionOf(Place)!;
    }

    private void Supply(int solana, int ethereum)
    {
        _solana.Reading = new SupplyReading((uint)solana * One, _solana.Reading.Height + 10, _clock.Now);
        _ethereum.Reading = new SupplyReading((uint)ethereum * One, _ethereum.Reading.Height + 10, _clock.Now);
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

        public SupplyReading Reading { get; set; } = new(0, 1, Start);

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
