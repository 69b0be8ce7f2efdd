namespace OracleNode.Chains;

/// <summary>Who signs what we publish: what a contract or program must agree with before anything is sent to it.</summary>
/// <param name="Deployment">Deployment id, see <see cref="Updates.BatchMessage.DeploymentId"/>.</param>
/// <param name="Epoch">Signer-set epoch the batches carry.</param>
/// <param name="SignerIndex">Our place in that signer set.</param>
/// <param name="PublicKey">Our 32-byte Ed25519 public key.</param>
public sealed record ChainBinding(ulong Deployment, uint Epoch, byte SignerIndex, ReadOnlyMemory<byte> PublicKey);
