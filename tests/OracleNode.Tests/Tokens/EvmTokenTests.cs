using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Updates;

namespace OracleNode.Tokens;

/// <summary>Token contracts on a real EVM, read by the watcher that the node runs.</summary>
public class EvmTokenTests(EvmTokenTests.TokenChain local) : IClassFixture<EvmTokenTests.TokenChain>
{
    private static readonly UInt128 One = Multiplier.One.E18;
    private readonly FakeTimeProvider _time = new();
    private readonly EventList<TokenWatcher> _events = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TokenContracts Contracts => local.Contracts;

    [Theory]
    [InlineData(TokenStandard.Backed, 1)]
    [InlineData(TokenStandard.Backed, 50)]
    [InlineData(TokenStandard.Erc8056, 50)]
    internal async Task Schedule_StagedOverriddenAndApplied_IsSeenByTheChainsClock(TokenStandard standard, int batchSize)
    {
        var token = await DeployAsync(standard);
        using var watcher = Watcher(batchSize, (token, standard));
        await PollAsync(watcher);
        Assert.Equal((One, default, null), (Terms(watcher).Current.E18, Terms(watcher).Next, Terms(watcher).ActivationAt));

        var far = local.Seconds + 3_600;
        await ScheduleAsync(token, standard, One * 2, far);
        await PollAsync(watcher);
        Assert.Equal((One, One * 2, Instant.FromUnixTimeSeconds(far)), (Terms(watcher).Current.E18, Terms(watcher).Next.E18, Terms(watcher).ActivationAt!.Value));

        // The schedule is replaced by a nearer one before it was due.
        var near = local.Seconds + 10;
        await ScheduleAsync(token, standard, One * 3, near);
        await PollAsync(watcher);
        Assert.Equal((One, One * 3, Instant.FromUnixTimeSeconds(near)), (Terms(watcher).Current.E18, Terms(watcher).Next.E18, Terms(watcher).ActivationAt!.Value));

        await UntilAsync(watcher, t => t.Current.E18 == One * 3);
        Assert.True(Terms(watcher).ChainTime >= Instant.FromUnixTimeSeconds(near));
        Assert.Equal((default, null), (Terms(watcher).Next, Terms(watcher).ActivationAt));

        await ScheduleAsync(token, standard, One * 4, 0);
        await PollAsync(watcher);
        Assert.Equal((One * 4, default, null), (Terms(watcher).Current.E18, Terms(watcher).Next, Terms(watcher).ActivationAt));
        Assert.Equal(["MultiplierFirstReading", "MultiplierStaged", "MultiplierOverridden", "MultiplierActivated", "MultiplierUnannounced"], _events.Names);
    }

    [Theory]
    [InlineData(TokenStandard.Backed, "setPause(bool)")]
    [InlineData(TokenStandard.Erc8056, "setOraclePaused(bool)")]
    internal async Task Pause_SetAndEnded_IsSeen(TokenStandard standard, string function)
    {
        var token = await DeployAsync(standard);
        using var watcher = Watcher(50, (token, standard));
        foreach (var paused in (bool[])[false, true, false])
        {
            await Contracts.SendAsync(token, new AbiWriter(function, 1).Unsigned(paused ? 1u : 0u).ToArray(), Token);
            await PollAsync(watcher);
            Assert.Equal(paused, watcher.Latest(0)!.IsPaused);
        }

        Assert.Equal(["MultiplierFirstReading", "TokenPaused", "TokenResumed"], _events.Names);
    }

    [Fact]
    public async Task Ondo_ScheduledPause_HoldsUntilTheIssuerAppliesTheStep()
    {
        var oracle = await Contracts.DeployAsync("SharesOracle", default, Token);
        var token = EvmAddress.Parse("0x00000000000000000000000000000000000000aa");
        await Contracts.SendAsync(oracle, new AbiWriter("initialize(address)", 1).Address(TokenContracts.Owner).ToArray(), Token);
        using var watcher = Watcher(50, (token, TokenStandard.Ondo), oracle);
        Assert.False(await watcher.PollAsync(Token));
        Assert.Null(watcher.Latest(0)!.Terms);

        await Contracts.SendAsync(oracle, new AbiWriter("setSValue(address,uint128)", 2).Address(token).Unsigned(One).ToArray(), Token);
        await PollAsync(watcher);
        await Contracts.SendAsync(oracle, new AbiWriter("schedule(address,uint128,uint256)", 3).Address(token).Unsigned(One * 2).Unsigned((ulong)local.Seconds).ToArray(), Token);
        await UntilAsync(watcher, _ => watcher.Latest(0)!.IsPaused);
        Assert.Equal((One, default), (Terms(watcher).Current.E18, Terms(watcher).Next));

        await Contracts.SendAsync(oracle, new AbiWriter("unpause(address)", 1).Address(token).ToArray(), Token);
        await PollAsync(watcher);
        Assert.Equal((One * 2, false), (Terms(watcher).Current.E18, watcher.Latest(0)!.IsPaused));
    }

    [Fact]
    public async Task Dinari_Rebased_IsSeen()
    {
        var token = await Contracts.DeployAsync("SplitRebasingToken", default, Token);
        await Contracts.SendAsync(token, new AbiWriter("initialize(address,uint128)", 2).Address(TokenContracts.Owner).Unsigned(One).ToArray(), Token);
        using var watcher = Watcher(50, (token, TokenStandard.Dinari));
        await PollAsync(watcher);
        await Contracts.SendAsync(token, new AbiWriter("setBalancePerShare(uint128)", 1).Unsigned(One * 10).ToArray(), Token);
        await PollAsync(watcher);
        Assert.Equal(One * 10, Terms(watcher).Current.E18);
    }

    [Fact]
    public async Task Code_BehindProxyBeaconAndClone_IsFoundAndItsUpgradeSeen()
    {
        var implementation = await Contracts.DeployAsync("BackedLikeToken", default, Token);
        var other = await Contracts.DeployAsync("ScaledUiToken", default, Token);
        var beacon = await Contracts.DeployAsync("Beacon", Word(implementation), Token);
        var behindBeacon = await Contracts.DeployAsync("BeaconProxy", Word(beacon), Token);
        var proxy = await Contracts.DeployAsync("UpgradeableProxy", Word(implementation), Token);
        var clone = await Contracts.CreateAsync([0x3d, 0x60, 0x2d, 0x80, 0x60, 0x0a, 0x3d, 0x39, 0x81, 0xf3, 0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73, .. implementation.ToArray(), 0x5a, 0xf4, 0x3d, 0x82, 0x80, 0x3e, 0x90, 0x3d, 0x91, 0x60, 0x2b, 0x57, 0xfd, 0x5b, 0xf3], Token);
        foreach (var token in (EvmAddress[])[behindBeacon, proxy, clone, implementation]) await Contracts.InitializeAsync(token, One, Token);
        using var watcher = Watcher(50, (behindBeacon, TokenStandard.Backed), (proxy, TokenStandard.Backed), (clone, TokenStandard.Backed), (implementation, TokenStandard.Backed));
        await PollAsync(watcher);

        var expected = await HashAsync(implementation);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(expected, watcher.Latest(i)!.CodeHash));

        // One upgrade changes what every token behind the beacon is: here it no longer has Backed's interface, so it has no reading either.
        await Contracts.SendAsync(beacon, new AbiWriter("upgradeTo(address)", 1).Address(other).ToArray(), Token);
        Assert.False(await watcher.PollAsync(Token));
        Assert.Equal(new TokenReadout(null, IsPaused: false, await HashAsync(other)), watcher.Latest(0));
        Assert.Equal(expected, watcher.Latest(1)!.CodeHash);

        // Another with the same interface: a reading, by other code.
        var changed = await Contracts.DeployAsync("BackedLikeTokenNext", default, Token);
        await Contracts.SendAsync(beacon, new AbiWriter("upgradeTo(address)", 1).Address(changed).ToArray(), Token);
        await Contracts.SendAsync(proxy, new AbiWriter("upgradeTo(address)", 1).Address(changed).ToArray(), Token);
        await PollAsync(watcher);
        var next = await HashAsync(changed);
        Assert.NotEqual(expected, next);
        Assert.Equal([next, next, expected, expected], Enumerable.Range(0, 4).Select(i => watcher.Latest(i)!.CodeHash!));
        Assert.Equal(3, _events.Names.Count(n => n == "TokenCodeChanged"));
    }

    [Fact]
    public async Task Address_WithoutAContract_HasNoReadingAndSaysWhy()
    {
        var token = await DeployAsync(TokenStandard.Backed);
        using var watcher = Watcher(50, (EvmAddress.Parse("0x00000000000000000000000000000000000000bb"), TokenStandard.Backed), (token, TokenStandard.Erc8056), (token, TokenStandard.Backed));
        Assert.False(await watcher.PollAsync(Token));
        Assert.Null(watcher.Latest(0));
        Assert.Null(watcher.Latest(1)!.Terms);
        Assert.NotNull(watcher.Latest(2)!.Terms);
        Assert.Equal(2, _events.Names.Count(n => n == "MultiplierUnusable"));
    }

    [Fact]
    public async Task Chain_WithAnotherId_IsNotBelieved()
    {
        using var watcher = Watcher(50, [(await DeployAsync(TokenStandard.Backed), TokenStandard.Backed)], null, o => o.ChainId = 1);
        Assert.False(await watcher.PollAsync(Token));
        Assert.Null(watcher.Latest(0));
        Assert.Equal(["TokensReadFailed"], _events.Names);
    }

    [Fact]
    public async Task Chain_WhoseTimeStandsStill_GivesNoFreshReading()
    {
        var token = await DeployAsync(TokenStandard.Backed);
        using var watcher = Watcher(50, (token, TokenStandard.Backed));
        await PollAsync(watcher);
        using (await local.Chain.PauseAsync(Token))
        {
            await watcher.PollAsync(Token);
            _time.Advance(TimeSpan.FromSeconds(50));
            await watcher.PollAsync(Token);
            Assert.NotNull(watcher.Latest(0));
            _time.Advance(TimeSpan.FromSeconds(11));
            await watcher.PollAsync(Token);
            Assert.Null(watcher.Latest(0));
            Assert.Single(_events.Names, "TokenChainStandsStill");
        }

        await UntilAsync(watcher, _ => true);
        Assert.Equal("TokenChainMovesAgain", _events.Names.Last());
    }

    [Fact]
    public async Task Endpoint_ThatAnswersNonsense_GivesNoReadingAndNeverThrows()
    {
        var token = await DeployAsync(TokenStandard.Backed);
        foreach (var body in (string[])["", "null", "[]", "[1]", "{}", "local_rate_limited", """{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"batches are not served"}}""", """[{"id":1,"result":"0x"}]""", new string('[', 5_000)])
        {
            using var tampered = new HttpClient(new BatchTamper(body));
            using var watcher = Watcher(50, [(token, TokenStandard.Backed)], null, null, tampered);
            Assert.False(await watcher.PollAsync(Token));
            Assert.Null(watcher.Latest(0));
        }

        Assert.All(_events.Names, n => Assert.Equal("TokensReadFailed", n));
    }

    [Fact]
    public async Task Contracts_CompiledAnew_AreWhatIsCommitted()
    {
        var made = Path.Combine(local.Folder.FullName, "tokens.json");
        await local.Tools.RunNodeAsync([RepositoryFiles.Path("src", "OracleNode.Devnet", "Chains", "Tokens", "build.mjs"), made], Token);
        Assert.Equal(await File.ReadAllTextAsync(RepositoryFiles.Path("src", "OracleNode.Devnet", "Chains", "Tokens", "tokens.json"), Token), await File.ReadAllTextAsync(made, Token));
    }

    private static MultiplierTerms Terms(TokenWatcher watcher) => watcher.Latest(0)!.Terms!.Value;

    private static byte[] Word(EvmAddress address) => [.. new byte[12], .. address.ToArray()];

    private Task<EvmAddress> DeployAsync(TokenStandard standard) => standard == TokenStandard.Backed ? Contracts.DeployBackedAsync(One, Token) : Contracts.DeployScaledAsync(One, Token);

    private Task ScheduleAsync(EvmAddress token, TokenStandard standard, UInt128 multiplier, long at) =>
        standard == TokenStandard.Backed ? Contracts.ScheduleBackedAsync(token, multiplier, at, Token) : Contracts.ScheduleScaledAsync(token, multiplier, at, Token);

    private async Task<string> HashAsync(EvmAddress contract)
    {
        var hash = new byte[Hash32.Length];
        Keccak256.Hash(await local.Chain.Rpc.GetCodeAsync(contract, Token), hash);
        return new Hash32(hash).ToString();
    }

    private static async Task PollAsync(TokenWatcher watcher) => Assert.True(await watcher.PollAsync(Token));

    private static async Task UntilAsync(TokenWatcher watcher, Func<MultiplierTerms, bool> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (watcher.Latest(0)?.Terms is not { } terms || !holds(terms))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(2), $"It is {watcher.Latest(0)?.Terms}.");
            await Task.Delay(50, Token);
            await watcher.PollAsync(Token);
        }
    }

    private TokenWatcher Watcher(int batchSize, params (EvmAddress Address, TokenStandard Standard)[] tokens) => Watcher(batchSize, tokens, null, null);

    private TokenWatcher Watcher(int batchSize, (EvmAddress Address, TokenStandard Standard) token, EvmAddress oracle) => Watcher(batchSize, [token], oracle, null);

    private TokenWatcher Watcher(int batchSize, (EvmAddress Address, TokenStandard Standard)[] tokens, EvmAddress? oracle, Action<EvmTokenChainOptions>? change, HttpClient? http = null)
    {
        var options = new EvmTokenChainOptions { Name = "local", RpcUrl = local.Chain.RpcUrl.ToString(), ChainId = local.Chain.ChainId, BatchSize = batchSize };
        change?.Invoke(options);
        TokenDefinition[] all = [.. tokens.Select((t, i) => new TokenDefinition($"t{i}", $"eip155:42161/erc20:{t.Address}", "local", t.Address.ToString(), t.Standard, $"t{i}", "issuer", null, oracle?.ToString()))];
        return new TokenWatcher(new EvmTokenChain(options, all, _time, http), options, all, local.Clock, _time, _events);
    }

    /// <summary>An anvil chain for tokens; each test deploys its own.</summary>
    public sealed class TokenChain : IAsyncLifetime
    {
        internal DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("oracle-tokens-");

        internal NodeToolchain Tools { get; private set; } = null!;

        internal AnvilChain Chain { get; private set; } = null!;

        internal TokenContracts Contracts { get; private set; } = null!;

        internal IMarketClock Clock { get; } = new LocalCluster.RunningClock(Instant.FromUtc(2026, 6, 10, 13, 30));

        internal long Seconds => Clock.Now.ToUnixTimeSeconds();

        public async ValueTask InitializeAsync()
        {
            Tools = await NodeToolchain.PrepareAsync(null, TestContext.Current.CancellationToken);
            Chain = await AnvilChain.StartAsync(Tools, "local", 42161, Clock, NullLogger.Instance, TestContext.Current.CancellationToken);
            Contracts = new TokenContracts(Chain.Rpc);
        }

        public async ValueTask DisposeAsync()
        {
            if (Chain is not null) await Chain.DisposeAsync();
            Folder.Delete(recursive: true);
        }
    }

    /// <summary>Answers every batch with one body, and lets everything else through.</summary>
    private sealed class BatchTamper(string body) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)) is JsonArray
                ? new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent(body) }
                : await base.SendAsync(request, cancellationToken);
    }
}
