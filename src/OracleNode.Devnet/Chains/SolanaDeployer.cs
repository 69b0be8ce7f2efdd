using OracleNode.Chains.Solana;
using OracleNode.Deployment;
using OracleNode.Market;

namespace OracleNode.Chains;

/// <summary>What was deployed, as read back from the cluster.</summary>
/// <param name="GenesisHash">The cluster.</param>
/// <param name="Program">The program.</param>
/// <param name="Registry">The registry account.</param>
/// <param name="Table">The lookup table that holds the accounts of its transactions.</param>
/// <param name="Epoch">The signer set's epoch.</param>
/// <param name="Feeds">The feeds, in the plan's order: id, and account as <c>Address</c>.</param>
internal sealed record SolanaDeployment(SolanaAddress GenesisHash, SolanaAddress Program, SolanaAddress Registry, SolanaAddress Table, uint Epoch, IReadOnlyList<OnChainFeed> Feeds);

/// <summary>Sets the program up on a local cluster, as the verb <c>deploy</c> does on any, and places the mints of token feeds.</summary>
internal static class SolanaDeployer
{
    private const ulong OwnerLamports = 1_000_000_000_000;

    /// <summary>
    /// Deploys and sets up. The owner gets a balance and becomes base and owner of the registry; it may be the publisher's payer.
    /// </summary>
    /// <exception cref="ChainException">The cluster refused a step, or holds something else than planned.</exception>
    public static async Task<SolanaDeployment> DeployAsync(LiteSvmChain chain, SolanaKeypair owner, ContractPlan plan, SignerProofs proofs, DeploymentRecordFile record, CancellationToken cancellationToken)
    {
        try
        {
            return await DeployCheckedAsync(chain, owner, plan, proofs, record, cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            throw new ChainException($"{chain.Name}: {e.Message}", e);
        }
    }

    /// <summary>Places a Token-2022 mint, or replaces what it says.</summary>
    /// <exception cref="ChainException">The cluster refused it.</exception>
    public static async Task PlaceMintAsync(LiteSvmChain chain, Token2022Mint mint, CancellationToken cancellationToken)
    {
        try
        {
            await chain.SetAccountAsync(mint.Address, SolanaPrograms.Token2022, mint.Encode(), cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            throw new ChainException($"{chain.Name}: placing the mint {mint.Address}: {e.Message}", e);
        }
    }

    private static async Task<SolanaDeployment> DeployCheckedAsync(LiteSvmChain chain, SolanaKeypair owner, ContractPlan plan, SignerProofs proofs, DeploymentRecordFile record, CancellationToken cancellationToken)
    {
        await chain.AirdropAsync(owner.Address, OwnerLamports, cancellationToken);
        var options = new SolanaOptions
        {
            Name = chain.Name,
            RpcUrl = chain.RpcUrl.ToString(),
            GenesisHash = chain.GenesisHash.ToString(),
            StatusPollInterval = TimeSpan.FromMilliseconds(20),
            RequestTimeout = TimeSpan.FromSeconds(10),
        };

        // LiteSVM executes at once and never rolls back: processed is enough here.
        using var deployment = new SolanaChainDeployment(options, owner, plan, owner.Address, default, lookupTable: true, proofs, record, TimeProvider.System, commitment: SolanaCommitment.Processed);
        var done = await DeploymentRun.ExecuteAsync(deployment, _ => { }, cancellationToken);
        if (done.Steps.FirstOrDefault(s => s.State == StepState.Blocked) is { } blocked) throw new ChainException($"{chain.Name}: {blocked.Name}: {blocked.Detail}");

        var target = new SubmitTarget(deployment.Program, deployment.Registry, owner.Address, plan.Deployment);
        return new SolanaDeployment(chain.GenesisHash, deployment.Program, deployment.Registry, SolanaAddress.Parse(done.Observed.LookupTable ?? throw new ChainException($"{chain.Name}: no lookup table was made.")), done.Observed.Epoch, await ReadBackAsync(chain, target, [.. plan.Feeds.Select(f => f.Id)], cancellationToken));
    }

    private static async Task<IReadOnlyList<OnChainFeed>> ReadBackAsync(LiteSvmChain chain, SubmitTarget target, IReadOnlyList<FeedId> ids, CancellationToken cancellationToken)
    {
        var found = new List<OnChainFeed>(ids.Count);
        var retry = new SolanaRetry(0, TimeSpan.Zero, TimeProvider.System);
        foreach (var reading in await FeedReadings.ReadAsync(chain.Rpc, retry, target, [.. ids.Select(id => id.Tag)], 0, cancellationToken))
        {
            var id = ids[found.Count];
            var feed = reading.Feed ?? throw new ChainException($"{chain.Name}: feed {id}: {reading.Error}");
            if (feed.Id != id) throw new ChainException($"{chain.Name}: the program computed feed id {feed.Id}, this node {id}.");
            found.Add(new OnChainFeed(id, reading.Address.ToString(), feed.Sequence, feed.Record));
        }

        return found;
    }
}
