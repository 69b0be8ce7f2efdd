using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Chains.Solana;

public class MultiplierWatcherTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private static readonly Instant Start = Instant.FromUtc(2026, 6, 10, 13, 30);
    private readonly ManualClock _clock = new() { Now = Start };
    private readonly FakeTimeProvider _time = new();
    private readonly EventList<MultiplierWatcher> _events = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PollAsync_StagedMultiplier_AppliesAtItsSecondWithoutAnotherReading()
    {
        var mint = NewMint();
        var at = Start + Duration.FromMinutes(10);
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.0, 20.0, at), Token);
        using var watcher = Watcher([mint]);

        Assert.True(await watcher.PollAsync(Token));

        var reading = watcher.Latest(mint)!;
        Assert.Equal((mint, Start), (reading.Mint, reading.ReadAt));
        Assert.Equal((Multiplier.One, new Multiplier(20 * Multiplier.One.E18), at), (reading.ValueAt(Start), reading.NextAt(Start), reading.ActivationAt(Start)!.Value));
        Assert.Equal((new Multiplier(20 * Multiplier.One.E18), default, null), (reading.ValueAt(at), reading.NextAt(at), reading.ActivationAt(at)));
        Assert.Equal(["MultiplierFirstReading", "MultiplierStaged"], _events.Names);

        _clock.Now = at;
        Assert.True(await watcher.PollAsync(Token));
        Assert.Equal("MultiplierActivated", _events.Names.Last());
    }

    [Fact]
    public async Task PollAsync_MultiplierChangedAtOnce_IsTakenAndSaid()
    {
        var mint = NewMint();
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "SP500 xStock", "SPYx", 1.005715), Token);
        using var watcher = Watcher([mint]);
        Assert.True(await watcher.PollAsync(Token));

        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "SP500 xStock", "SPYx", 2.0), Token);
        Assert.True(await watcher.PollAsync(Token));

        Assert.Equal(2 * Multiplier.One.E18, watcher.Latest(mint)!.ValueAt(Start).E18);
        Assert.Equal(["MultiplierFirstReading", "MultiplierUnannounced"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_MintBecomesUnusable_HasNoReadingAndSaysSoOnce()
    {
        var (mint, other) = (NewMint(), NewMint());
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.0), Token);
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(other, "Apple xStock", "AAPLx", 1.003269), Token);
        using var watcher = Watcher([mint, other]);
        Assert.True(await watcher.PollAsync(Token));

        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", double.NaN), Token);
        Assert.False(await watcher.PollAsync(Token));
        Assert.False(await watcher.PollAsync(Token));

        Assert.Null(watcher.Latest(mint));
        Assert.NotNull(watcher.Latest(other));
        Assert.Single(_events.Names, "MultiplierUnusable");
    }

    [Fact]
    public async Task PollAsync_NoSuchMint_HasNoReading()
    {
        var mint = NewMint();
        using var watcher = Watcher([mint]);

        Assert.False(await watcher.PollAsync(Token));

        Assert.Null(watcher.Latest(mint));
        Assert.Null(watcher.Latest(NewMint()));
        Assert.Equal(["MultiplierUnusable"], _events.Names);
    }

    [Fact]
    public async Task Latest_ReadingTooOld_IsNotHandedOut()
    {
        var mint = NewMint();
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.0), Token);
        using var watcher = Watcher([mint]);
        Assert.True(await watcher.PollAsync(Token));

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.NotNull(watcher.Latest(mint));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(watcher.Latest(mint));
    }

    [Fact]
    public async Task PollAsync_OtherCluster_BelievesNothing()
    {
        var mint = NewMint();
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.0), Token);
        using var watcher = Watcher([mint], genesisHash: SolanaAddress.Parse("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"));

        Assert.False(await watcher.PollAsync(Token));

        Assert.Null(watcher.Latest(mint));
        Assert.Equal(["MultiplierReadFailed"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_EndpointFailsAndRecovers_KeepsTheReadingMeanwhile()
    {
        var mint = NewMint();
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.0), Token);
        var down = false;
        using var tamper = new RpcTamper((_, _, forward) => down ? throw new HttpRequestException("connection refused") : forward());
        using var watcher = Watcher([mint], tamper);
        Assert.True(await watcher.PollAsync(Token));

        down = true;
        Assert.False(await watcher.PollAsync(Token));
        Assert.False(await watcher.PollAsync(Token));
        Assert.NotNull(watcher.Latest(mint));
        down = false;
        Assert.True(await watcher.PollAsync(Token));

        Assert.Equal(["MultiplierFirstReading", "MultiplierReadFailed", "MultiplierReadRecovered"], _events.Names);
    }

    [Fact]
    public async Task PollAsync_EndpointFallsBehind_DoesNotTakeAMultiplierBack()
    {
        var mint = NewMint();
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.0), Token);
        JsonNode? old = null;
        using var tamper = RpcTamper.Result("getMultipleAccounts", (call, result) =>
        {
            if (call == 1) old = result!.DeepClone();
            return call == 3 ? old : result;
        });
        using var watcher = Watcher([mint], tamper);
        Assert.True(await watcher.PollAsync(Token));
        var firstSlot = watcher.Latest(mint)!.Slot;
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 2.0), Token);
        // A slot lasts 400 ms; only a later one shows that the third answer is of the past.
        while (watcher.Latest(mint)!.Slot == firstSlot && tamper.Count("getMultipleAccounts") < 2)
        {
            await Task.Delay(450, Token);
            Assert.True(await watcher.PollAsync(Token));
        }

        Assert.True(await watcher.PollAsync(Token));

        Assert.Equal(3, tamper.Count("getMultipleAccounts"));
        Assert.Equal(2 * Multiplier.One.E18, watcher.Latest(mint)!.ValueAt(Start).E18);
    }

    [Fact]
    public async Task StartAsync_AsAHostDoes_PollsUntilStopped()
    {
        var mint = NewMint();
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.0), Token);
        var polls = new SemaphoreSlim(0);
        using var tamper = RpcTamper.Result("getMultipleAccounts", (_, result) =>
        {
            polls.Release();
            return result;
        });
        using var watcher = Watcher([mint], tamper);

        await watcher.StartAsync(Token);
        await polls.WaitAsync(Token);
        while (watcher.Latest(mint) is null) await Task.Delay(5, Token);
        _time.Advance(TimeSpan.FromSeconds(3));
        await polls.WaitAsync(Token);
        await watcher.StopAsync(Token);

        Assert.NotNull(watcher.Latest(mint));
    }

    [Fact]
    public async Task Encode_MintAsOnMainnet_IsReadAlikeByTheRealTokenProgram()
    {
        var mint = NewMint();
        var soon = cluster.Clock.Now + Duration.FromHours(1);
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.5, 3.0, soon), Token);
        Assert.Equal("1.5", await UiAmountAsync(mint, 100_000_000));

        var past = cluster.Clock.Now - Duration.FromSeconds(10);
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(mint, "Tesla xStock", "TSLAx", 1.5, 3.0, past), Token);
        Assert.Equal("3", await UiAmountAsync(mint, 100_000_000));
    }

    [Fact]
    public void Constructor_BrokenOptions_NamesEveryError()
    {
        var e = Assert.Throws<ArgumentException>(() => new MultiplierWatcher(
            new MultiplierWatcherOptions { Commitment = SolanaCommitment.Processed, PollInterval = TimeSpan.FromSeconds(20) }, [], _clock, _time, _events));

        foreach (var key in (string[])["RpcUrl", "GenesisHash", "Commitment", "MaxReadingAge"]) Assert.Contains($"Multipliers:{key} = ", e.Message, StringComparison.Ordinal);
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

    private MultiplierWatcher Watcher(SolanaAddress[] mints, HttpMessageHandler? handler = null, SolanaAddress? genesisHash = null) => new(
        new MultiplierWatcherOptions { RpcUrl = cluster.Chain.RpcUrl.ToString(), GenesisHash = (genesisHash ?? cluster.Chain.GenesisHash).ToString() },
        mints, _clock, _time, _events, handler);

    private static SolanaAddress NewMint()
    {
        using var key = SolanaKeypair.Generate();
        return key.Address;
    }

    private sealed class ManualClock : IMarketClock
    {
        public Instant Now { get; set; }
    }
}
