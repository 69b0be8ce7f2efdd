using OracleNode.Signing;

namespace OracleNode.Pipeline;

/// <summary>Signs with the real signer and notes when.</summary>
internal sealed class StampingSigner(ISigner signer, TimeProvider time) : ISigner
{
    public ReadOnlyMemory<byte> PublicKey => signer.PublicKey;

    /// <summary>Monotonic time of the last signature.</summary>
    public long SignedAt { get; private set; }

    public long Signatures { get; private set; }

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var signature = await signer.SignAsync(message, cancellationToken);
        SignedAt = time.GetTimestamp();
        Signatures++;
        return signature;
    }
}
