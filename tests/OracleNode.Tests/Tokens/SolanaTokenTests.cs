using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>Token-2022 mints on a real SVM, read by the watcher that the node runs.</summary>
public class SolanaTokenTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private readonly FakeTimeProvider _time = new();
    private readonly EventList<TokenWatcher> _events = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PollAsync_StagedMultiplier_IsInForceFromItsSecondOfTheChainsClock()
    {
        var mint = NewMint();
        var at = Seconds(cluster.Clock.Now + Duration.FromSeconds(12));
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.0, 20.0, at), Token);
        using var watcher = Watcher([mint]);

        await UntilAsync(watcher, 0, r => r.ActivationAt is not null);

        var staged = Terms(watcher);
        Assert.Equal((Multiplier.One, new Multiplier(20 * Multiplier.One.E18), at), (staged.Current, staged.Next, staged.ActivationAt!.Value));
        Assert.True(staged.ChainTime < at);
        // The node's own clock decides nothing.
        Assert.Equal(staged, staged.At(at + Duration.FromHours(1)));
        Assert.True(watcher.NextPause() <= (at - staged.ChainTime!.Value).ToTimeSpan());

        await UntilAsync(watcher, 0, r => r.Current == staged.Next);
        var due = Terms(watcher);
        Assert.True(due.ChainTime >= at);
        Assert.Equal((default, null), (due.Next, due.ActivationAt));
        Assert.Equal(["MultiplierFirstReading", "MultiplierStaged", "MultiplierActivated"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_ScheduleOverriddenAndWithdrawn_IsDropped()
    {
        var mint = NewMint();
        var at = Seconds(cluster.Clock.Now + Duration.FromHours(2));
        await PlaceAsync(mint, 1.0, 1.01, at);
        using var watcher = Watcher([mint]);
        Assert.True(await watcher.PollAsync(Token));

        await PlaceAsync(mint, 1.0, 1.02, at + Duration.FromHours(1));
        await watcher.PollAsync(Token);
        Assert.Equal((1.02m, at + Duration.FromHours(1)), (Number(Terms(watcher).Next), Terms(watcher).ActivationAt!.Value));

        await PlaceAsync(mint, 1.0, 1.0, at);
        await watcher.PollAsync(Token);
        Assert.Equal((default, null), (Terms(watcher).Next, Terms(watcher).ActivationAt));
        Assert.Equal(["MultiplierFirstReading", "MultiplierStaged", "MultiplierOverridden", "MultiplierWithdrawn"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_MultiplierChangedAtOnce_IsTakenAndSaid()
    {
        var mint = NewMint();
        await PlaceAsync(mint, 1.005715);
        using var watcher = Watcher([mint]);
        Assert.True(await watcher.PollAsync(Token));

        await PlaceAsync(mint, 2.0);
        Assert.True(await watcher.PollAsync(Token));

        Assert.Equal(2 * Multiplier.One.E18, Terms(watcher).Current.E18);
        Assert.Equal(["MultiplierFirstReading", "MultiplierUnannounced"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_IssuerPausesAndResumes_IsTakenAndSaid()
    {
        var mint = NewMint();
        using var watcher = Watcher([mint]);
        foreach (var paused in (bool[])[false, true, false])
        {
            var data = TokenMints.Mint((26, [.. new byte[32], (byte)(paused ? 1 : 0)]), (25, TokenMints.Value(1, 0, 1)));
            await cluster.Chain.SetAccountAsync(mint, SolanaPrograms.Token2022, data, Token);
            Assert.True(await watcher.PollAsync(Token));
            Assert.Equal(paused, watcher.Latest(0)!.IsPaused);
        }

        Assert.Equal(["MultiplierFirstReading", "TokenPaused", "TokenResumed"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_MintBecomesUnusable_HasNoReadingAndSaysSoOnce()
    {
        var (mint, other) = (NewMint(), NewMint());
        await PlaceAsync(mint, 1.0);
        await PlaceAsync(other, 1.003269);
        using var watcher = Watcher([mint, other]);
        Assert.True(await watcher.PollAsync(Token));

        await PlaceAsync(mint, double.NaN);
        Assert.False(await watcher.PollAsync(Token));
        Assert.False(await watcher.PollAsync(Token));

        Assert.Null(watcher.Latest(0));
        Assert.NotNull(watcher.Latest(1));
        Assert.Single(_events.Names, "MultiplierUnusable");
    }

    [Fact]
    public async Task PollAsync_NoSuchMint_HasNoReading()
    {
        using var watcher = Watcher([NewMint()]);

        Assert.False(await watcher.PollAsync(Token));

        Assert.Null(watcher.Latest(0));
        Assert.Equal(["MultiplierUnusable"], _events.Names);
    }

    [Fact]
    public async Task Latest_ReadingTooOld_IsNotHandedOut()
    {
        var mint = NewMint();
        await PlaceAsync(mint, 1.0);
        using var watcher = Watcher([mint]);
        Assert.True(await watcher.PollAsync(Token));

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.NotNull(watcher.Latest(0));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(watcher.Latest(0));
    }

    [Fact]
    public async Task PollAsync_ClusterWhoseTimeStandsStill_GivesNoFreshReading()
    {
        var mint = NewMint();
        await PlaceAsync(mint, 1.0);
        JsonNode? clock = null;
        using var tamper = RpcTamper.Result("getMultipleAccounts", (_, result) =>
        {
            clock ??= result!["value"]![0]!.DeepClone();
            result!["value"]![0] = clock.DeepClone();
            return result;
        });
        using var watcher = Watcher([mint], tamper);
        Assert.True(await watcher.PollAsync(Token));
        var first = watcher.Latest(0)!;

        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.True(await watcher.PollAsync(Token));
        Assert.Equal(first, watcher.Latest(0));
        _time.Advance(TimeSpan.FromSeconds(11));
        await watcher.PollAsync(Token);
        await watcher.PollAsync(Token);

        Assert.Null(watcher.Latest(0));
        Assert.Single(_events.Names, "TokenChainStandsStill");
    }

    [Fact]
    public async Task PollAsync_OtherCluster_BelievesNothing()
    {
        var mint = NewMint();
        await PlaceAsync(mint, 1.0);
        using var watcher = Watcher([mint], genesisHash: SolanaAddress.Parse("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"));

        Assert.False(await watcher.PollAsync(Token));

        Assert.Null(watcher.Latest(0));
        Assert.Equal(["TokensReadFailed"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_EndpointFailsAndRecovers_KeepsTheReadingMeanwhile()
    {
        var mint = NewMint();
        await PlaceAsync(mint, 1.0);
        var down = false;
        using var tamper = new RpcTamper((_, _, forward) => down ? throw new HttpRequestException("connection refused") : forward());
        using var watcher = Watcher([mint], tamper);
        Assert.True(await watcher.PollAsync(Token));

        down = true;
        Assert.False(await watcher.PollAsync(Token));
        Assert.False(await watcher.PollAsync(Token));
        Assert.NotNull(watcher.Latest(0));
        down = false;
        Assert.True(await watcher.PollAsync(Token));

        Assert.Equal(["MultiplierFirstReading", "TokensReadFailed", "TokensReadRecovered"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_EndpointFallsBehind_DoesNotTakeAMultiplierBack()
    {
        var mint = NewMint();
        await PlaceAsync(mint, 1.0);
        JsonNode? old = null;
        var goesBack = false;
        using var tamper = RpcTamper.Result("getMultipleAccounts", (call, result) =>
        {
            if (call == 1) old = result!.DeepClone();
            return goesBack ? old!.DeepClone() : result;
        });
        using var watcher = Watcher([mint], tamper);
        Assert.True(await watcher.PollAsync(Token));
        await PlaceAsync(mint, 2.0);
        var firstTime = Terms(watcher).ChainTime;
        // A second of the chain's clock shows that the old answer is of the past.
        await UntilAsync(watcher, 0, r => r.ChainTime > firstTime);

        goesBack = true;
        Assert.False(await watcher.PollAsync(Token));

        Assert.Equal(2 * Multiplier.One.E18, Terms(watcher).Current.E18);
    }

    [Fact]
    public async Task StartAsync_AsAHostDoes_PollsUntilStopped()
    {
        var mint = NewMint();
        await PlaceAsync(mint, 1.0);
        var polls = new SemaphoreSlim(0);
        using var tamper = RpcTamper.Result("getMultipleAccounts", (_, result) =>
        {
            polls.Release();
            return result;
        });
        using var watcher = Watcher([mint], tamper);

        await watcher.StartAsync(Token);
        await polls.WaitAsync(Token);
        while (watcher.Latest(0) is null) await Task.Delay(5, Token);
        // The pause begins a moment after the reading is there.
        var polled = polls.WaitAsync(Token);
        while (!polled.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            await Task.WhenAny(polled, Task.Delay(20, Token));
        }

        await watcher.StopAsync(Token);
    }

    [Fact]
    public async Task Encode_MintAsOnMainnet_IsReadAlikeByTheRealTokenProgram()
    {
        var mint = NewMint();
        var soon = cluster.Clock.Now + Duration.FromHours(1);
        await PlaceAsync(mint, 1.5, 3.0, soon);
        Assert.Equal("1.5", await UiAmountAsync(mint, 100_000_000));

        var past = cluster.Clock.Now - Duration.FromSeconds(10);
        await PlaceAsync(mint, 1.5, 3.0, past);
        Assert.Equal("3", await UiAmountAsync(mint, 100_000_000));
    }

    /// <summary>Asks the Token-2022 program itself: AmountToUiAmount in a simulation, its answer in the return data.</summary>
    private async Task<string> UiAmountAsync(SolanaAddress mint, ulong amount)
    {
        using var payer = SolanaKeypair.Generate();
        await cluster.Chain.AirdropAsync(payer.Address, 1_000_000_000, Token);
        var data = new byte[9];
        data[0] = 23;
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(1), amount);
        var blockhash = await cluster.Chain.Rpc.GetLatestBlockhashAsync(Token);
        var message = SolanaMessage.Compile(payer.Address, blockhash.Blockhash, [new SolanaInstruction(SolanaPrograms.Token2022, [AccountUse.Readonly(mint)], data)]);
        var result = await cluster.Chain.Rpc.SimulateTransactionAsync(SolanaTransaction.Sign(message, payer), Token);
        Assert.True(result.Error is null, $"{result.Error}: {string.Join('\n', result.Logs)}");
        return Encoding.UTF8.GetString(result.ReturnData);
    }

    private Task PlaceAsync(SolanaAddress mint, double multiplier, double? next = null, Instant? at = null) =>
        SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", multiplier, next ?? multiplier, at), Token);

    private static async Task UntilAsync(TokenWatcher watcher, int token, Func<MultiplierTerms, bool> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (watcher.Latest(token)?.Terms is not { } terms || !holds(terms))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(2), $"It is {watcher.Latest(token)?.Terms}.");
            await Task.Delay(50, Token);
            await watcher.PollAsync(Token);
        }
    }

    private static MultiplierTerms Terms(TokenWatcher watcher) => watcher.Latest(0)!.Terms!.Value;

    private static decimal Number(Multiplier multiplier) => decimal.Round((decimal)multiplier.E18 / 1_000_000_000_000_000_000m, 9);

    private static Instant Seconds(Instant time) => Instant.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private TokenWatcher Watcher(SolanaAddress[] mints, HttpMessageHandler? handler = null, SolanaAddress? genesisHash = null)
    {
        var options = new SolanaTokenChainOptions { Name = "solana", RpcUrl = cluster.Chain.RpcUrl.ToString(), GenesisHash = (genesisHash ?? cluster.Chain.GenesisHash).ToString() };
        TokenDefinition[] tokens = [.. mints.Select((m, i) => new TokenDefinition($"t{i}", $"solana:x/token:{m}", "solana", m.ToString(), TokenStandard.ScaledUiAmount, $"t{i}", "Backed", null, null))];
        return new TokenWatcher(new SolanaTokenChain(options, tokens, _time, handler), options, tokens, cluster.Clock, _time, _events);
    }

    private static SolanaAddress NewMint()
    {
        using var key = SolanaKeypair.Generate();
        return key.Address;
    }
}
