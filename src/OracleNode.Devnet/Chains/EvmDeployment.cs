using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Chains;

/// <summary>A signer to register.</summary>
/// <param name="Index">Its place in the signer set.</param>
/// <param name="PublicKey">32-byte Ed25519 key.</param>
/// <param name="Sign">Signs the proof of possession: 47 bytes in, 64 out.</param>
internal sealed record EvmSignerPlan(byte Index, byte[] PublicKey, Func<byte[], byte[]> Sign);

/// <summary>A feed to register.</summary>
/// <param name="Feed">Its identity.</param>
/// <param name="MinPriceE8">Lowest price the contract takes, 1e-8; at most three significant digits.</param>
/// <param name="MaxPriceE8">Highest price it takes, 1e-8; below 2^52, at most three significant digits.</param>
/// <param name="Detailed">Whether the contract stores quote, EMA and counts too.</param>
internal sealed record EvmFeedPlan(Feed Feed, long MinPriceE8, long MaxPriceE8, bool Detailed = true);

/// <summary>What to deploy.</summary>
/// <param name="Deployment">Deployment id.</param>
/// <param name="Signers">The first signer set.</param>
/// <param name="Threshold">Signatures a batch needs.</param>
/// <param name="Feeds">The feeds.</param>
internal sealed record EvmDeploymentPlan(ulong Deployment, IReadOnlyList<EvmSignerPlan> Signers, byte Threshold, IReadOnlyList<EvmFeedPlan> Feeds)
{
    /// <summary>How far an attestation may lie after the block's time, ms. Blocks are stamped in whole seconds, and a fast replay is some behind.</summary>
    public ulong MaxFutureMillis { get; init; } = 60_000;

    /// <summary>How far it may lie before it, ms.</summary>
    public ulong MaxAttestationAgeMillis { get; init; } = 600_000;
}

/// <summary>What was deployed, as read back from the chain.</summary>
/// <param name="Contract">OracleFeeds.</param>
/// <param name="Epoch">The signer set's epoch.</param>
/// <param name="Feeds">The feeds, in the plan's order: id, and proxy address as <c>Address</c>.</param>
/// <param name="GasUsed">Gas of all transactions.</param>
internal sealed record EvmDeployment(EvmAddress Contract, uint Epoch, IReadOnlyList<OnChainFeed> Feeds, ulong GasUsed);
