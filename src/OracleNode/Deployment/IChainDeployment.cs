using OracleNode.Chains;

namespace OracleNode.Deployment;

/// <summary>Brings one chain from nothing, or from wherever a former run stopped, to what the plan says.</summary>
internal interface IChainDeployment
{
    /// <summary>Configured name of the chain.</summary>
    string Name { get; }

    /// <summary>Looks at the chain and says what is there and what is missing. Sends no transaction and writes no file.</summary>
    /// <exception cref="ChainException">The endpoint is of another chain, failed, or the chain holds what contradicts the plan.</exception>
    Task<ChainPlan> PlanAsync(CancellationToken cancellationToken);

    /// <summary>Waits, for a while, until nothing that this deployer sent before is still under way.</summary>
    /// <exception cref="ChainException">The endpoint failed.</exception>
    Task SettleAsync(CancellationToken cancellationToken);

    /// <summary>Changes the chain's entry of the record and writes it.</summary>
    /// <exception cref="ChainException">The record cannot be written.</exception>
    void Record(Func<ChainRecord, ChainRecord> change);
}
