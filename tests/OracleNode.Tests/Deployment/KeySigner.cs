using NSec.Cryptography;
using OracleNode.Signing;

namespace OracleNode.Deployment;

/// <summary>A signer with a key of its own, in memory.</summary>
internal sealed class KeySigner : ISigner, IDisposable
{
    private readonly NSec.Cryptography.Key _key = NSec.Cryptography.Key.Create(SignatureAlgorithm.Ed25519);

    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

    public byte[] Key => PublicKey.ToArray();

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => ValueTask.FromResult(SignatureAlgorithm.Ed25519.Sign(_key, message.Span));

    public void Dispose() => _key.Dispose();
}
