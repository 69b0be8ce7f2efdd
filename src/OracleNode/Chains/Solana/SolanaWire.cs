namespace OracleNode.Chains.Solana;

/// <summary>Reads the instructions of a transaction as it travelled; nothing in it is trusted. https://solana.com/docs/core/transactions</summary>
internal static class SolanaWire
{
    private const int SignatureLength = 64;
    private const int MessageHeaderLength = 3;

    /// <summary>
    /// The instructions in order, each with its program. Programs always stand among the accounts that the message itself lists,
    /// so address lookup tables need not be read.
    /// </summary>
    /// <returns>Null when the bytes are no legacy or version 0 transaction.</returns>
    public static IReadOnlyList<(SolanaAddress Program, byte[] Data)>? ReadInstructions(ReadOnlySpan<byte> wire)
    {
        if (!TryLength(ref wire, out var signatures) || !TrySkip(ref wire, signatures * SignatureLength) || wire.IsEmpty) return null;
        if ((wire[0] & 0x80) != 0)
        {
            if (wire[0] != 0x80) return null;
            wire = wire[1..];
        }

        if (!TrySkip(ref wire, MessageHeaderLength) || !TryLength(ref wire, out var accounts) || wire.Length < accounts * SolanaAddress.Length) return null;
        var addresses = wire[..(accounts * SolanaAddress.Length)];
        if (!TrySkip(ref wire, (accounts + 1) * SolanaAddress.Length) || !TryLength(ref wire, out var count) || count > wire.Length) return null;

        var instructions = new (SolanaAddress, byte[])[count];
        for (var i = 0; i < count; i++)
        {
            if (wire.IsEmpty || wire[0] >= accounts) return null;
            var program = new SolanaAddress(addresses.Slice(wire[0] * SolanaAddress.Length, SolanaAddress.Length));
            wire = wire[1..];
            if (!TryLength(ref wire, out var uses) || !TrySkip(ref wire, uses) || !TryLength(ref wire, out var length) || length > wire.Length) return null;
            instructions[i] = (program, wire[..length].ToArray());
            wire = wire[length..];
        }

        return instructions;
    }

    private static bool TryLength(ref ReadOnlySpan<byte> source, out int value)
    {
        if (!CompactLength.TryRead(source, out value, out var size)) return false;
        source = source[size..];
        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> source, int length)
    {
        if (length > source.Length) return false;
        source = source[length..];
        return true;
    }
}
