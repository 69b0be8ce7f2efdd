using System.Buffers.Binary;

namespace OracleNode.Chains.Solana;

/// <summary>
/// The Ed25519 native program's instruction, in the one shape that our program accepts: one signature, key, signature and
/// message inside the instruction itself and named by its own index. https://solana.com/docs/core/programs/precompiles
/// </summary>
internal static class Ed25519Program
{
    private const int KeyOffset = 16;
    private const int SignatureOffset = 48;
    private const int MessageOffset = 112;

    /// <summary>The signature in an instruction of the shape that <see cref="Verify"/> makes; null for any other.</summary>
    public static byte[]? ReadSignature(SolanaAddress program, ReadOnlySpan<byte> data) =>
        program == SolanaPrograms.Ed25519 && data.Length == MessageOffset + Updates.BatchMessage.Length ? data[SignatureOffset..MessageOffset].ToArray() : null;

    /// <summary>Asks the cluster to verify one signature; the transaction fails when it is wrong.</summary>
    /// <param name="instructionIndex">Where this instruction will stand in its transaction.</param>
    /// <param name="publicKey">32 bytes.</param>
    /// <param name="signature">64 bytes.</param>
    /// <param name="message">What was signed.</param>
    public static SolanaInstruction Verify(int instructionIndex, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message)
    {
        if (publicKey.Length != 32) throw new ArgumentException($"An Ed25519 public key has 32 bytes, not {publicKey.Length}.", nameof(publicKey));
        if (signature.Length != 64) throw new ArgumentException($"An Ed25519 signature has 64 bytes, not {signature.Length}.", nameof(signature));

        var index = (ushort)instructionIndex;
        var data = new byte[MessageOffset + message.Length];
        data[0] = 1;
        Span<ushort> offsets = [SignatureOffset, index, KeyOffset, index, MessageOffset, (ushort)message.Length, index];
        for (var i = 0; i < offsets.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 + 2 * i), offsets[i]);
        publicKey.CopyTo(data.AsSpan(KeyOffset));
        signature.CopyTo(data.AsSpan(SignatureOffset));
        message.CopyTo(data.AsSpan(MessageOffset));
        return new SolanaInstruction(SolanaPrograms.Ed25519, [], data);
    }
}
