namespace OracleNode.Signing;

/// <summary>Holds one Ed25519 key and signs batch messages with it. The private key never leaves it.</summary>
public interface ISigner
{
    /// <summary>The 32-byte public key.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs; the result is 64 bytes and was verified against <see cref="PublicKey"/> before it is returned.</summary>
    /// <exception cref="SigningException">The key could not be used, or the signature did not verify.</exception>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}
