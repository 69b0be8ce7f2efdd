using NSec.Cryptography;

namespace OracleNode.Chains.Evm;

/// <summary>libsodium's word on a signature.</summary>
internal static class Libsodium
{
    public static bool Verifies(byte[] key, byte[] message, byte[] signature) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, key, KeyBlobFormat.RawPublicKey, out var imported)
        && SignatureAlgorithm.Ed25519.Verify(imported!, message, signature);
}
