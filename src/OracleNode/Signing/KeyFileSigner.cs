using NSec.Cryptography;

namespace OracleNode.Signing;

/// <summary>Signs with a key from a <see cref="KeyFile"/>, held in libsodium's guarded memory.</summary>
public sealed class KeyFileSigner : ISigner, IDisposable
{
    private readonly Key _key;
    private readonly byte[] _publicKey;

    private KeyFileSigner(Key key)
    {
        _key = key;
        _publicKey = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Opens the key file.</summary>
    /// <exception cref="SigningException">The file is missing, readable by others, or holds no Ed25519 key.</exception>
    public static KeyFileSigner Open(string path) => new(KeyFile.Read(path));

    /// <inheritdoc/>
    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var signature = SignatureAlgorithm.Ed25519.Sign(_key, message.Span);

        // A fault while signing (bad memory) can give the key away with the signature: never let one out unchecked.
        return SignatureAlgorithm.Ed25519.Verify(_key.PublicKey, message.Span, signature)
            ? ValueTask.FromResult(signature)
            : throw new SigningException("A fresh signature did not verify against its own key. Stop using this machine: its memory or CPU is faulty.");
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
