using OracleNode.Deployment;

namespace OracleNode.Configuration;

/// <summary>The checked section <c>Deploy</c>.</summary>
/// <param name="Plan">What every chain shall hold.</param>
/// <param name="ProofFiles">Proofs of possession from others.</param>
/// <param name="Chains">Who deploys and who owns, by chain name.</param>
internal sealed record DeploySettings(ContractPlan Plan, IReadOnlyList<string> ProofFiles, IReadOnlyDictionary<string, DeployChainOptions> Chains);
