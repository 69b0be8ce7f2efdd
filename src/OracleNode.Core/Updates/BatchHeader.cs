namespace OracleNode.Updates;

/// <summary>What one signature vouches for. The byte layout is in <c>Updates/README.md</c>.</summary>
/// <param name="Deployment">First 8 bytes of keccak("OracleNode deployment v1" || name), big-endian.</param>
/// <param name="Epoch">Signer-set epoch.</param>
/// <param name="Sequence">Attestation time in Unix ms x 16 + node slot.</param>
/// <param name="Count">Records in the whole batch, 1 to 65535.</param>
/// <param name="RecordsRoot">Merkle root of the records.</param>
/// <param name="EvidenceRoot">Commitment to the inputs; <c>default</c> = none.</param>
public readonly record struct BatchHeader(
    ulong Deployment, uint Epoch, ulong Sequence, ushort Count, Hash32 RecordsRoot, Hash32 EvidenceRoot)
{
    /// <summary>When the batch was attested, Unix milliseconds.</summary>
    public long AttestedAtUnixMillis => (long)(Sequence >> 4);
}
