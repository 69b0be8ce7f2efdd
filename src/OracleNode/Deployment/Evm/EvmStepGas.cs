namespace OracleNode.Deployment;

/// <summary>
/// Gas to reckon with for steps that cannot be estimated yet, because the contract does not stand: a little above what they take
/// on a local chain, which a test holds them to. A rollup's fee for its data on L1 is not in them.
/// </summary>
internal static class EvmStepGas
{
    public const ulong Create = 15_000_000;
    public const ulong RegisterFeed = 400_000;
    public const ulong SetBounds = 60_000;
    public const ulong SetGuardian = 60_000;
    public const ulong RegisterSigner = 6_500_000;
    public const ulong ActivateEpoch = 120_000;
    public const ulong TransferOwnership = 60_000;
}
