using Microsoft.Extensions.Logging;
using OracleNode.Chains.Evm;
using OracleNode.Deployment;
using OracleNode.Market;

namespace OracleNode.Chains;

/// <summary>What was deployed, as read back from the chain.</summary>
/// <param name="Contract">OracleFeeds.</param>
/// <param name="Epoch">The signer set's epoch.</param>
/// <param name="Feeds">The feeds, in the plan's order: id, and proxy address as <c>Address</c>.</param>
/// <param name="GasUsed">Gas of all transactions.</param>
internal sealed record EvmDeployment(EvmAddress Contract, uint Epoch, IReadOnlyList<OnChainFeed> Feeds, ulong GasUsed);

/// <summary>Sets OracleFeeds up on a local chain, as the verb <c>deploy</c> does on any.</summary>
internal static class EvmDeployer
{
    /// <summary>Deploys and sets up; the account becomes the owner and needs a balance.</summary>
    /// <exception cref="ChainException">The chain refused a step, or holds something else than planned.</exception>
    public static async Task<EvmDeployment> DeployAsync(AnvilChain chain, EvmAccount owner, ContractPlan plan, SignerProofs proofs, DeploymentRecordFile record, ILogger logger, CancellationToken cancellationToken)
    {
        var options = new EvmOptions { Name = chain.Name, RpcUrl = chain.RpcUrl.ToString(), ChainId = chain.ChainId, ReceiptPollInterval = TimeSpan.FromMilliseconds(20) };
        using var http = EvmRpcClient.CreateHttpClient();
        var deployment = new EvmChainDeployment(options, owner, plan, owner.Address, default, proofs, record, http, TimeProvider.System, logger);
        var done = await DeploymentRun.ExecuteAsync(deployment, _ => { }, cancellationToken);
        if (done.Steps.FirstOrDefault(s => s.State == StepState.Blocked) is { } blocked) throw new ChainException($"{chain.Name}: {blocked.Name}: {blocked.Detail}");

        FeedId[] ids = [.. plan.Feeds.Select(f => f.Id)];
        var registered = await chain.Rpc.CallAsync(new EvmCall(owner.Address, deployment.Contract, OracleFeedsContract.ReadMany(ids)), EvmBlockTag.Latest, cancellationToken);
        return new EvmDeployment(deployment.Contract, done.Observed.Epoch, OracleFeedsContract.ReadFeeds(registered, ids), deployment.GasUsed);
    }
}
