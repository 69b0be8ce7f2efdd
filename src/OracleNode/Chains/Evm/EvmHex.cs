using System.Buffers;
using System.Globalization;

namespace OracleNode.Chains.Evm;

/// <summary>The two hex forms of the JSON-RPC interface: quantities (0x, no leading zeros) and data (0x, two digits per byte).</summary>
internal static class EvmHex
{
    /// <summary>Reads a quantity. Leading zeros, which some endpoints send, are accepted; anything past 128 bits is not.</summary>
    public static bool TryReadQuantity(string? text, out UInt128 value)
    {
        const int MostDigits = 32;
        value = 0;
        if (text is null || !text.StartsWith("0x", StringComparison.Ordinal)) return false;
        var digits = text.AsSpan(2);
        if (digits.IsEmpty) return false;
        var significant = digits.TrimStart('0');
        if (significant.IsEmpty) return true;
        return significant.Length <= MostDigits && UInt128.TryParse(significant, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Writes a quantity.</summary>
    public static string Quantity(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Reads data; null when it is not hex or not whole bytes.</summary>
    public static byte[]? ReadData(string? text)
    {
        if (text is null || text.Length % 2 != 0 || !text.StartsWith("0x", StringComparison.Ordinal)) return null;
        var bytes = new byte[text.Length / 2 - 1];
        return Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }

    /// <summary>Writes data.</summary>
    public static string Data(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);
}
