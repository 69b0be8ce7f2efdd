namespace OracleNode.Verification;

/// <summary>Who may sign: what the signatures of an envelope are held against.</summary>
/// <param name="Source">Where this comes from, for a person.</param>
/// <param name="Epoch">Signer-set epoch; null when it is not known and not compared.</param>
/// <param name="Threshold">Signatures a batch needs.</param>
/// <param name="Keys">32-byte Ed25519 public keys by signer index.</param>
/// <param name="Problem">Why this set may not be relied on, e.g. revoked; null when it may.</param>
internal sealed record SignerKeys(string Source, uint? Epoch, int Threshold, IReadOnlyDictionary<byte, byte[]> Keys, string? Problem = null);
