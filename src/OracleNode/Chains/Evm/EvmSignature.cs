using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>An ECDSA signature over secp256k1 as a typed transaction carries it.</summary>
/// <param name="R">x coordinate, big-endian.</param>
/// <param name="S">At most half the group order (EIP-2).</param>
/// <param name="YParity">True when the y coordinate of the point is odd.</param>
internal readonly record struct EvmSignature(Hash32 R, Hash32 S, bool YParity);
