using OracleNode.Chains.Solana;
using OracleNode.Market;

namespace OracleNode.Chains;

/// <summary>A signer to register.</summary>
/// <param name="PublicKey">32-byte Ed25519 key.</param>
/// <param name="Sign">Signs the proof of possession: 47 bytes in, 64 out.</param>
internal sealed record SolanaSignerPlan(byte[] PublicKey, Func<byte[], byte[]> Sign);

/// <summary>A feed to register.</summary>
/// <param name="Feed">Its identity.</param>
/// <param name="Min">Lowest price the program takes.</param>
/// <param name="Max">Highest price it takes.</param>
internal sealed record SolanaFeedPlan(Feed Feed, Price Min, Price Max);

/// <summary>What to deploy.</summary>
/// <param name="Deployment">Deployment id.</param>
/// <param name="Signers">The first signer set; a signer's index is its place.</param>
/// <param name="Threshold">Signatures a batch needs.</param>
/// <param name="Feeds">The feeds.</param>
internal sealed record SolanaDeploymentPlan(ulong Deployment, IReadOnlyList<SolanaSignerPlan> Signers, byte Threshold, IReadOnlyList<SolanaFeedPlan> Feeds)
{
    /// <summary>How far an attestation may lie after the cluster's time, ms. That counts whole seconds, and a fast replay is some behind.</summary>
    public ulong MaxFutureMillis { get; init; } = 60_000;

    /// <summary>How far it may lie before it, ms.</summary>
    public ulong MaxAttestationAgeMillis { get; init; } = 600_000;
}

/// <summary>What was deployed, as read back from the cluster.</summary>
/// <param name="GenesisHash">The cluster.</param>
/// <param name="Program">The program.</param>
/// <param name="Registry">The registry account.</param>
/// <param name="Table">The lookup table that holds the accounts of its transactions.</param>
/// <param name="Epoch">The signer set's epoch.</param>
/// <param name="Feeds">The feeds, in the plan's order: id, and account as <c>Address</c>.</param>
internal sealed record SolanaDeployment(SolanaAddress GenesisHash, SolanaAddress Program, SolanaAddress Registry, SolanaAddress Table, uint Epoch, IReadOnlyList<OnChainFeed> Feeds);
