using System.Buffers;
using OracleNode.Updates;

namespace OracleNode.Verification;

/// <summary>Reads an envelope from a file: as it is, or in hex with or without 0x.</summary>
internal static class BatchFile
{
    /// <summary>The longest envelope there can be: every signature, a path of 16 hashes and 65,535 token records.</summary>
    public const int MaxEnvelopeBytes = BatchEnvelope.PrefixLength + 255 * 65 + 3 + 16 * Hash32.Length + ushort.MaxValue * RecordCodec.TokenLength;

    /// <summary>Two digits a byte, 0x, and line breaks for those who wrap their hex.</summary>
    private const int MaxFileBytes = 2 * MaxEnvelopeBytes + MaxEnvelopeBytes / 8;

    /// <exception cref="VerificationException">The file cannot be read, or is larger than any envelope.</exception>
    public static byte[] Read(string path)
    {
        var bytes = ReadBytes(path, MaxFileBytes);

        // A binary envelope begins with its version, which is no hex digit.
        if (bytes.Length > 0 && bytes[0] is not BatchMessage.Version && bytes.All(b => b is < 128) && ReadHex(System.Text.Encoding.ASCII.GetString(bytes)) is { } decoded) bytes = decoded;
        return bytes.Length <= MaxEnvelopeBytes ? bytes : throw new VerificationException($"'{path}' holds {bytes.Length} bytes; the longest envelope has {MaxEnvelopeBytes}.");
    }

    /// <summary>Bytes from hex, with or without 0x, white space ignored; null when it is not hex.</summary>
    public static byte[]? ReadHex(string text)
    {
        var digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) digits = digits[2..];
        if (digits.Length == 0 || digits.Length % 2 != 0) return null;
        var bytes = new byte[digits.Length / 2];
        return Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }

    /// <summary>A whole file of bounded size.</summary>
    /// <exception cref="VerificationException">It cannot be read, or is larger.</exception>
    public static byte[] ReadBytes(string path, int maxBytes)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            // A pipe has no length: it is read up to the bound like anything else.
            using var collected = new MemoryStream();
            var chunk = new byte[64 * 1024];
            int read;
            while ((read = stream.Read(chunk)) > 0)
            {
                collected.Write(chunk, 0, read);
                if (collected.Length > maxBytes) throw new VerificationException($"'{path}' is larger than {maxBytes} bytes, more than such a file can have.");
            }

            return collected.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new VerificationException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Text from outside, fit for a terminal.</summary>
    public static string Printable(string text, int maxLength)
    {
        var cut = text.Length > maxLength ? text[..maxLength] + "..." : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
