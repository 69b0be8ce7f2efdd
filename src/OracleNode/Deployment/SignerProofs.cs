using NSec.Cryptography;
using OracleNode.Signing;

namespace OracleNode.Deployment;

/// <summary>
/// Proofs of possession at hand: this node makes those of its own key, other operators send theirs as files
/// (<c>keys prove</c>). A proof that does not verify against what must be signed is not used, whoever gave it.
/// </summary>
internal sealed class SignerProofs
{
    private readonly ISigner? _own;
    private readonly IReadOnlyList<ProofFile> _files;

    /// <param name="own">This node's signer; null when there is none.</param>
    /// <param name="files">What others sent.</param>
    public SignerProofs(ISigner? own, IReadOnlyList<ProofFile> files)
    {
        _own = own;
        _files = files;
    }

    /// <summary>The signature of a key over a message; null when nobody gave a good one.</summary>
    /// <exception cref="SigningException">This node's signer failed.</exception>
    public async Task<byte[]?> FindAsync(byte[] publicKey, byte[] message, CancellationToken cancellationToken)
    {
        if (_own is not null && _own.PublicKey.Span.SequenceEqual(publicKey))
        {
            var signature = await _own.SignAsync(message, cancellationToken);
            return Verifies(publicKey, message, signature) ? signature : null;
        }

        return _files.Where(f => f.PublicKeyBytes.AsSpan().SequenceEqual(publicKey)).Select(f => f.ProofBytes).FirstOrDefault(proof => Verifies(publicKey, message, proof));
    }

    internal static bool Verifies(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key) && key is not null
        && signature.Length == SignatureAlgorithm.Ed25519.SignatureSize && SignatureAlgorithm.Ed25519.Verify(key, message, signature);
}
