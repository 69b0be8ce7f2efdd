using OracleNode.Chains;
using OracleNode.Chains.Evm;

namespace OracleNode.Deployment;

/// <summary>How far a step has come.</summary>
internal enum StepState
{
    Unknown = 0,
    /// <summary>The chain holds it.</summary>
    Done,
    /// <summary>This run can do it.</summary>
    ToDo,
    /// <summary>Only somebody else can do it; nothing else waits for it.</summary>
    ForOthers,
    /// <summary>It cannot be done as things are; what follows waits for it.</summary>
    Blocked,
}

/// <summary>One step on the way from a configuration to a checked deployment.</summary>
/// <param name="Name">Short and stable, e.g. <c>feed TSLA</c>: what the record calls its transactions.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Detail">What exactly, why it cannot be done, or who must do it.</param>
/// <param name="Units">EVM: gas it is expected to take. Solana: transactions. 0 when there is nothing to do.</param>
/// <param name="Deposit">Solana: lamports that stay in the accounts it makes, rent-exempt. EVM: 0.</param>
internal sealed record DeploymentStep(string Name, StepState State, string Detail, ulong Units = 0, UInt128 Deposit = default)
{
    /// <summary>Does it; null when there is nothing that this run can do.</summary>
    public Func<CancellationToken, Task<StepOutcome>>? Run { get; init; }

    /// <summary>EVM: the one call it makes, for an estimate; null when it makes none or cannot be estimated yet.</summary>
    public (EvmAddress To, byte[] Data)? Call { get; init; }
}

/// <summary>What a step that was done leaves to be recorded.</summary>
/// <param name="Transactions">Hashes or signatures, in order.</param>
/// <param name="Apply">Changes the chain's entry of the record.</param>
internal sealed record StepOutcome(IReadOnlyList<string> Transactions, Func<ChainRecord, ChainRecord> Apply);

/// <summary>What stands on one chain and what is missing.</summary>
/// <param name="Chain">Configured name.</param>
/// <param name="ChainId">EIP-155 chain id, or the cluster's genesis hash.</param>
/// <param name="Contract">Contract or program: where it is, or where it will be.</param>
/// <param name="Deployer">Who pays.</param>
/// <param name="Balance">What the deployer holds, wei or lamports.</param>
/// <param name="UnitPrice">Expected price of one unit of a step, wei per gas or lamports per transaction.</param>
/// <param name="Steps">In the order they are done.</param>
internal sealed record ChainPlan(string Chain, ChainKind Kind, string ChainId, string Contract, string Deployer, UInt128 Balance, UInt128 UnitPrice, IReadOnlyList<DeploymentStep> Steps)
{
    /// <summary>The chain's entry of the record as the chain has it now.</summary>
    public required ChainRecord Observed { get; init; }

    /// <summary>Everything that this run can do is done, and nothing is in the way.</summary>
    public bool IsComplete => Steps.All(s => s.State is StepState.Done or StepState.ForOthers);

    /// <summary>Gas or transactions still to spend.</summary>
    public ulong Units => Steps.Aggregate(0UL, (sum, s) => sum + s.Units);

    /// <summary>Expected cost of what is still to do, wei or lamports.</summary>
    public UInt128 Cost => Steps.Aggregate((UInt128)0, (sum, s) => sum + CostOf(s));

    /// <summary>Expected cost of a step, wei or lamports.</summary>
    public UInt128 CostOf(DeploymentStep step) => step.Units * UnitPrice + step.Deposit;
}
