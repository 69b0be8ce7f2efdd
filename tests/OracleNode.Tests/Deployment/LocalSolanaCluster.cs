using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Updates;

namespace OracleNode.Deployment;

/// <summary>A LiteSVM cluster with nothing on it; each test deploys as a key of its own.</summary>
public sealed class LocalSolanaCluster : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oracle-deploy-solana-");
    private int _deployments;

    internal LiteSvmChain Chain { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var tools = await NodeToolchain.PrepareAsync(null, TestContext.Current.CancellationToken);
        Chain = await LiteSvmChain.StartAsync(tools, "solana", new WallClock(), NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Chain is not null) await Chain.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal SolanaOptions Options() => new()
    {
        Name = "solana",
        RpcUrl = Chain.RpcUrl.ToString(),
        GenesisHash = Chain.GenesisHash.ToString(),
        StatusPollInterval = TimeSpan.FromMilliseconds(10),
        RetryDelay = TimeSpan.FromMilliseconds(10),
        RequestTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>A deployment of its own: TSLA and TSLAx, one signer, a lookup table, an owner and a guardian that are not the deployer.</summary>
    internal async Task<SolanaCase> CaseAsync()
    {
        var name = $"solana-{Interlocked.Increment(ref _deployments)}";
        var signer = new KeySigner();
        var plan = new ContractPlan(BatchMessage.DeploymentId(name), [new PlannedSigner(0, signer.Key)], 1, [LocalEvmChain.Planned(LocalEvmChain.Tsla, 20, 5_000), LocalEvmChain.Planned(LocalEvmChain.Tslax, 1, 100_000)]);
        var (deployer, owner) = (SolanaKeypair.Generate(), SolanaKeypair.Generate());
        foreach (var key in new[] { deployer, owner }) await Chain.AirdropAsync(key.Address, 10_000_000_000, TestContext.Current.CancellationToken);
        return new SolanaCase(this, name, Path.Combine(_folder.FullName, name + ".json"), deployer, owner, SolanaKeypair.Generate(), signer, plan);
    }

    private sealed class WallClock : IMarketClock
    {
        public Instant Now => SystemClock.Instance.GetCurrentInstant();
    }
}

/// <summary>One deployment on the cluster.</summary>
internal sealed record SolanaCase(LocalSolanaCluster Local, string Name, string RecordPath, SolanaKeypair Deployer, SolanaKeypair Owner, SolanaKeypair Guardian, KeySigner Signer, ContractPlan Plan)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ChainRecord Recorded => DeploymentRecordFile.Read(RecordPath).Of("solana")!;

    /// <summary>A deployment as a new process would make it.</summary>
    public SolanaChainDeployment Deployment(HttpMessageHandler? handler = null, string program = "", int parallel = 8)
    {
        var options = Local.Options();
        options.ProgramId = program;
        options.MaxParallelRequests = parallel;
        return new SolanaChainDeployment(
            options, Deployer, Plan, Owner.Address, Guardian.Address, lookupTable: true, new SignerProofs(Signer, []), DeploymentRecordFile.Open(RecordPath, Name, Plan.Deployment), TimeProvider.System, handler, SolanaCommitment.Processed);
    }

    public async Task<ChainPlan> ExecuteAsync(HttpMessageHandler? handler = null, string program = "", int parallel = 8)
    {
        using var deployment = Deployment(handler, program, parallel);
        return await DeploymentRun.ExecuteAsync(deployment, _ => { }, Token);
    }

    public async Task<ChainPlan> PlanAsync(string program = "")
    {
        using var deployment = Deployment(program: program);
        return await deployment.PlanAsync(Token);
    }

    public async Task<IReadOnlyList<string>> ProblemsAsync(ChainRecord? record, params Feed[] feeds)
    {
        var options = Local.Options();
        (options.ProgramId, options.Registry) = (Recorded.Contract, Recorded.Registry!);
        using var check = new SolanaRecordCheck(options, record, feeds, TimeProvider.System);
        return await check.FindProblemsAsync(Token);
    }

    public Task SendAsync(SolanaKeypair from, Func<SolanaAddress, SolanaAddress, SolanaInstruction> instruction) => SendAllAsync(from, (program, registry) => [instruction(program, registry)]);

    public Task SendAllAsync(SolanaKeypair from, Func<SolanaAddress, SolanaAddress, IReadOnlyList<SolanaInstruction>> instructions)
    {
        var (program, registry) = (SolanaAddress.Parse(Recorded.Contract), SolanaAddress.Parse(Recorded.Registry!));
        return new SolanaTransactionSender(Local.Options(), Local.Chain.Rpc, from, program, TimeProvider.System).DeliverAsync("test", instructions(program, registry), Token);
    }
}
