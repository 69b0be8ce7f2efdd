namespace OracleNode.Chains;

/// <summary>Who signs this node's batches, as every chain's registry must know it.</summary>
/// <param name="Deployment">Deployment id that batches carry.</param>
/// <param name="Epoch">Signer-set epoch that batches carry.</param>
/// <param name="SignerIndex">Our place in that set.</param>
/// <param name="PublicKey">Our Ed25519 public key, 32 bytes.</param>
public sealed record SignerIdentity(ulong Deployment, uint Epoch, byte SignerIndex, byte[] PublicKey);
