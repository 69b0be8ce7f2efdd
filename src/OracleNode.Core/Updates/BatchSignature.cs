namespace OracleNode.Updates;

/// <summary>One signer's Ed25519 signature over a batch.</summary>
/// <param name="SignerIndex">Place in the signer set.</param>
/// <param name="PublicKey">32 bytes.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record BatchSignature(byte SignerIndex, byte[] PublicKey, byte[] Signature);
