using OracleNode.Market;

namespace OracleNode.Deployment;

/// <summary>What every chain of a deployment shall hold.</summary>
/// <param name="Deployment">Deployment id, see <see cref="Updates.BatchMessage.DeploymentId"/>.</param>
/// <param name="Signers">The first signer set.</param>
/// <param name="Threshold">Signatures a batch needs.</param>
/// <param name="Feeds">The feeds.</param>
internal sealed record ContractPlan(ulong Deployment, IReadOnlyList<PlannedSigner> Signers, byte Threshold, IReadOnlyList<PlannedFeed> Feeds)
{
    /// <summary>How far an attestation may lie after the chain's time, ms. 1,000 to 600,000.</summary>
    public ulong MaxFutureMillis { get; init; } = 30_000;

    /// <summary>How far it may lie before it, ms. 1,000 to 86,400,000.</summary>
    public ulong MaxAttestationAgeMillis { get; init; } = 120_000;
}

/// <summary>A signer to register.</summary>
/// <param name="Index">Its place in the signer set. On Solana the places are 0, 1, 2, ... without a gap.</param>
/// <param name="PublicKey">32-byte Ed25519 key.</param>
internal sealed record PlannedSigner(byte Index, byte[] PublicKey);

/// <summary>A feed to register.</summary>
/// <param name="Feed">Its identity.</param>
/// <param name="Min">Lowest price the chain takes.</param>
/// <param name="Max">Highest price it takes.</param>
/// <param name="Description">For people, 1 to 64 printable ASCII characters without parentheses. EVM chains only.</param>
/// <param name="Detailed">Bid, ask and moving average are stored as well. EVM chains only.</param>
internal sealed record PlannedFeed(Feed Feed, Price Min, Price Max, string Description, bool Detailed)
{
    /// <summary>The feed's id.</summary>
    public FeedId Id { get; } = FeedIdentity.Compute(Feed);

    /// <summary>True when a bound is exact on every chain: below 2^52 and at most three significant digits, as m x 10^e with m below 1,024.</summary>
    public static bool IsExactBound(Price bound)
    {
        var mantissa = bound.E8;
        while (mantissa >= 1 << 10 && mantissa % 10 == 0) mantissa /= 10;
        return mantissa < 1 << 10 && bound.E8 < 1L << 52;
    }
}
