using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Commands;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Operator;
using OracleNode.Pipeline;
using OracleNode.Replay;
using OracleNode.Signing;

namespace OracleNode.Reserves;

/// <summary>A custodian's signed file and a token on a real chain, through all of the node's own parts, into the fold.</summary>
public sealed class ReserveBreachTests(LocalTokens local) : IClassFixture<LocalTokens>, IDisposable
{
    private static readonly UInt128 One = 1_000_000_000_000_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-reserves-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Every statement is of a second of its own, however quickly one follows the other.</summary>
    private int _attested;

    [Fact]
    public async Task MoreTokensThanShares_Watched_DegradeThenHoldTheTokenAndNeverTheShare()
    {
        var key = Path.Combine(_folder, "bank.pem");
        var publicKey = Convert.ToHexStringLower(KeyFile.Create(key));
        var token = await local.DeployAsync("BackedToken");
        await local.CallAsync(token, "mint(uint256)", 1_000 * One);
        var settings = SettingsFor(token, publicKey);
        Attest(key, settings, "1000");

        var market = MarketFoldFactory.Create(settings, ReplayFixture.Calendar());
        var inputs = new RareInputQueue(new PipelineSignal());
        var editions = DocumentEditions.Open(settings.Options.Operator.StateFile);
        var books = new CustodianBooks(settings, local.Clock, TimeProvider.System, NullLogger<CustodianBooks>.Instance, editions);
        using var documents = new OperatorDocuments(
            settings, NodeHost.ReadCalendar(settings.Options), inputs, local.Clock, TimeProvider.System, NullLogger<OperatorDocuments>.Instance, editions, books.Documents);
        using var issues = new WatchedIssues(settings, books, editions, market.Actions.Of, local.Http, TimeProvider.System);
        using var watcher = new ReserveWatcher(issues.Issues, TimeSpan.FromMinutes(1), inputs, local.Clock, TimeProvider.System, NullLogger<ReserveWatcher>.Instance);

        var fold = new OracleFold(new PipelinePlan(market, [.. settings.Feeds.Select(f => new FeedSlot(f.Feed))], [], 1, 1, 0, 0), new SilentReport());
        var (tokenFeed, ratioFeed) = (Place(settings, FeedUnit.RawToken), Place(settings, FeedUnit.ReserveRatio));

        await LookUntilAsync(FeedState.Live, 1_00000000);
        await local.CallAsync(token, "mint(uint256)", 5 * One);
        await LookUntilAsync(FeedState.Degraded, 99_502_487);
        await local.CallAsync(token, "mint(uint256)", 50 * One);
        await LookUntilAsync(FeedState.Held, 94_786_729);
        Assert.Equal((DecisionReason.ReserveShort, HoldReasons.Reserve), (market.DecisionOf(tokenFeed)!.Reason, market.DecisionOf(tokenFeed)!.HoldReasons));

        Attest(key, settings, "1055");
        await LookUntilAsync(FeedState.Live, 1_00000000);

        // Signed by nobody who may: what was in force stays.
        Attest(CreateKey("thief.pem"), settings, "9999");
        await LookUntilAsync(FeedState.Live, 1_00000000);
        Assert.Contains("Reserves:Custodians:0:PublicKeys", books.Documents[0].Report().Problem);

        // A look at which a chain does not answer in time changes nothing: the next one does.
        async Task LookUntilAsync(FeedState state, long ratioE8)
        {
            for (var left = 40; await LookAsync() != (state, ratioE8); left--)
            {
                Assert.True(left > 0, $"never {state} at {ratioE8}: {market.DecisionOf(tokenFeed)!.State}, {market.DecisionOf(ratioFeed)!.Price.E8}; {books.Documents[0].Report().Problem}");
                await Task.Delay(250, TestContext.Current.CancellationToken);
            }
        }

        async Task<(FeedState Token, long RatioE8)> LookAsync()
        {
            foreach (var document in books.Documents) await document.LookAsync(TestContext.Current.CancellationToken);
            await watcher.LookAsync(TestContext.Current.CancellationToken);
            var now = local.Clock.Now;
            foreach (var source in settings.Sources.Take(3)) fold.Apply(MarketInput.Of(Quote(source, now)), 0);
            fold.Apply(MarketInput.Of(now, new MultiplierUpdate(new TokenId(settings.Feeds[tokenFeed].TokenPlace!.Value), new MultiplierTerms(Multiplier.One, default, null, now))), 0);
            inputs.Drain(now, fold);
            market.Tick(now, everything: true);
            Assert.Equal((FeedState.Live, HoldReasons.None), (market.DecisionOf(0)!.State, market.DecisionOf(0)!.HoldReasons));
            return (market.DecisionOf(tokenFeed)!.State, market.DecisionOf(ratioFeed)!.Price.E8);
        }
    }

    private static Observation Quote(Source source, Instant now) => new()
    {
        Kind = ObservationKind.Quote,
        Source = source.Id,
        Upstream = source.Upstream,
        Instrument = new InstrumentId(0),
        EventTime = now,
        ReceiveTime = now,
        Bid = Price.FromE8(399_99000000),
        Ask = Price.FromE8(400_01000000),
    };

    private NodeSettings SettingsFor(EvmAddress token, string publicKey)
    {
        var asset = LocalTokens.TokenAt(token, Tokens.TokenStandard.Backed).Asset;
        return ReplayFixture.Settings(
            ("OvernightCalendarFile", ""), ("Operator:StateFile", Path.Combine(_folder, "state.json")),
            ("Tokens:Evm:1:Name", "arbitrum"), ("Tokens:Evm:1:ChainId", "42161"), ("Tokens:Evm:1:RpcUrl", local.Chain.RpcUrl.ToString()), ("Tokens:Evm:1:RequestTimeout", "00:00:20"),
            ("Tokens:List:3:Name", "xTSLA"), ("Tokens:List:3:Asset", asset), ("Tokens:List:3:Issue", "xTSLA"), ("Tokens:List:3:Issuer", "Backed"), ("Tokens:List:3:Standard", "Backed"),
            ("Feeds:5:Name", "xTSLA"), ("Feeds:5:Underlying", "TSLA"), ("Feeds:5:Unit", "RawToken"), ("Feeds:5:Token", asset), ("Feeds:5:TokenLimits:MinReserveRatioBps", "9900"),
            ("Feeds:6:Name", "xTSLA-reserve"), ("Feeds:6:Underlying", "xTSLA"), ("Feeds:6:Unit", "ReserveRatio"),
            ("Reserves:Custodians:0:Name", "bank"), ("Reserves:Custodians:0:PublicKeys:0", publicKey), ("Reserves:Custodians:0:Statement", StatementPath),
            ("Reserves:Issues:0:Issue", "xTSLA"), ("Reserves:Issues:0:Custodians:0", "bank"));
    }

    private string StatementPath => Path.Combine(_folder, "bank.json");

    private static int Place(NodeSettings settings, FeedUnit unit) => settings.Feeds.ToList().FindLastIndex(f => f.Feed.Unit == unit);

    private string CreateKey(string name)
    {
        var path = Path.Combine(_folder, name);
        KeyFile.Create(path);
        return path;
    }

    /// <summary>A statement as a custodian makes it: by the verb.</summary>
    private void Attest(string key, NodeSettings settings, string shares)
    {
        var statement = new { custodian = "bank", measuredAt = (local.Clock.Now - Duration.FromMinutes(1) + Duration.FromSeconds(_attested++)).ToString(), holdings = new[] { new { issue = "xTSLA", shares } } };
        File.WriteAllBytes(StatementPath, JsonSerializer.SerializeToUtf8Bytes(statement));
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.True(OperatorCommands.Run("reserves", key, settings.Options.Deployment, StatementPath, output, error) == 0, error.ToString());
    }

    private sealed class SilentReport : IFoldReport
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
