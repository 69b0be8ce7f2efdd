using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Updates;

namespace OracleNode.Deployment;

/// <summary>An anvil chain with nothing on it; each test deploys as an account of its own.</summary>
public sealed class LocalEvmChain : IAsyncLifetime
{
    private static readonly UInt128 OneEther = 1_000_000_000_000_000_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oracle-deploy-evm-");
    private int _deployments;

    internal static Feed Tsla { get; } = new("TSLA", default, "figi:BBG000N9P426@XNAS", "USD", FeedUnit.UnderlyingShare);
    internal static Feed Tslax { get; } = new("TSLAx", default, "figi:BBG000N9P426@XNAS;solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", "USD", FeedUnit.RawToken);

    /// <summary>A feed of each unit there is.</summary>
    internal static Feed[] EveryUnit { get; } = [.. Enum.GetValues<FeedUnit>().Where(u => u != FeedUnit.Unknown).Select(u => new Feed($"F{(byte)u}", default, "figi:BBG000N9P426@XNAS", "USD", u))];

    internal AnvilChain Chain { get; private set; } = null!;

    internal EvmRpcClient Rpc => Chain.Rpc;

    public async ValueTask InitializeAsync()
    {
        var tools = await NodeToolchain.PrepareAsync(null, TestContext.Current.CancellationToken);
        Chain = await AnvilChain.StartAsync(tools, "local", 42161, new WallClock(), NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Chain is not null) await Chain.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal async Task<EvmAccount> AccountAsync()
    {
        var account = EvmAccount.Create();
        await Chain.SetBalanceAsync(account.Address, 100 * OneEther, TestContext.Current.CancellationToken);
        return account;
    }

    internal EvmOptions Options(EvmAddress? contract = null) => new()
    {
        Name = "local",
        RpcUrl = Chain.RpcUrl.ToString(),
        ChainId = Chain.ChainId,
        Contract = contract?.ToString() ?? "",
        ReceiptPollInterval = TimeSpan.FromMilliseconds(20),
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    /// <summary>A deployment of its own: TSLA and TSLAx, one signer, an owner and a guardian that are not the deployer.</summary>
    internal async Task<EvmCase> CaseAsync()
    {
        var name = $"evm-{Interlocked.Increment(ref _deployments)}";
        var signer = new KeySigner();
        var plan = new ContractPlan(BatchMessage.DeploymentId(name), [new PlannedSigner(0, signer.Key)], 1, [Planned(Tsla, 20, 5_000), Planned(Tslax, 1, 100_000)]);
        return new EvmCase(this, name, Path.Combine(_folder.FullName, name + ".json"), await AccountAsync(), await AccountAsync(), EvmAccount.Create(), signer, plan);
    }

    internal static PlannedFeed Planned(Feed feed, long min, long max) => new(feed, Price.FromE8(min * Price.One), Price.FromE8(max * Price.One), $"{feed.Name} / {feed.Quote}", Detailed: false);

    private sealed class WallClock : IMarketClock
    {
        public Instant Now => SystemClock.Instance.GetCurrentInstant();
    }
}

/// <summary>One deployment on the chain.</summary>
internal sealed record EvmCase(LocalEvmChain Local, string Name, string RecordPath, EvmAccount Deployer, EvmAccount Owner, EvmAccount Guardian, KeySigner Signer, ContractPlan Plan)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public DeploymentRecordFile OpenRecord() => DeploymentRecordFile.Open(RecordPath, Name, Plan.Deployment);

    public ChainRecord Recorded => DeploymentRecordFile.Read(RecordPath).Of("local")!;

    /// <summary>A deployment as a new process would make it.</summary>
    public EvmChainDeployment Deployment(HttpClient? http = null) =>
        new(Local.Options(), Deployer, Plan, Owner.Address, Guardian.Address, new SignerProofs(Signer, []), OpenRecord(), http ?? EvmRpcClient.CreateHttpClient(), TimeProvider.System, NullLogger.Instance);

    public Task<ChainPlan> ExecuteAsync(HttpClient? http = null) => DeploymentRun.ExecuteAsync(Deployment(http), _ => { }, Token);

    public async Task<IReadOnlyList<string>> ProblemsAsync(ChainRecord? record, params Feed[] feeds)
    {
        using var http = EvmRpcClient.CreateHttpClient();
        var contract = EvmAddress.Parse(Recorded.Contract);
        return await new EvmRecordCheck(Local.Options(contract), record, feeds, http, TimeProvider.System).FindProblemsAsync(Token);
    }

    public async Task SendAsync(EvmAccount from, byte[] data, ulong gas = 200_000)
    {
        var sender = new EvmTransactionSender(Local.Options(), from, Local.Rpc, TimeProvider.System, NullLogger.Instance);
        var delivery = await sender.DeliverAsync(EvmAddress.Parse(Recorded.Contract), data, gas, Token);
        Assert.True(delivery.Receipt?.Succeeded, delivery.Detail);
    }

    public Task<ulong> NonceAsync() => Local.Rpc.GetTransactionCountAsync(Deployer.Address, EvmBlockTag.Pending, Token);
}
