using OracleNode.Chains;

namespace OracleNode.Deployment;

/// <summary>Compares what stands on a chain with the deployment's record and with what this node is configured to publish.</summary>
internal interface IRecordCheck
{
    /// <summary>Every difference, in words; empty when all is as recorded.</summary>
    /// <exception cref="ChainException">The endpoint failed or answered nonsense.</exception>
    Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken);
}
