namespace OracleNode.Updates;

/// <summary>Merkle tree over the encoded records of a batch; see <c>Updates/README.md</c>.</summary>
public sealed class MerkleTree
{
}
