using System.Text;
using NSec.Cryptography;
using OracleNode.Market;

namespace OracleNode.Operator;

/// <summary>
/// The detached signature of a document. What is signed: the 18 bytes <c>OracleNodeOperator</c>, then keccak256 of the kind's name, a zero byte, the deployment's name,
/// a zero byte and keccak256 of the file. The tag keeps it apart from a batch, the name of the deployment from another one's documents.
/// </summary>
internal static class DocumentSignature
{
    /// <summary>Bytes of a signature.</summary>
    public const int Length = 64;

    private const int KeyLength = 32;

    private static ReadOnlySpan<byte> Tag => "OracleNodeOperator"u8;

    /// <summary>A kind's name in what is signed and on the command line.</summary>
    public static string NameOf(DocumentKind kind) => kind switch
    {
        DocumentKind.Calendar => "calendar",
        DocumentKind.Commands => "commands",
        DocumentKind.CorporateActions => "corporate-actions",
        DocumentKind.Reserves => "reserves",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind of document."),
    };

    /// <summary>The kind with a name; None when there is none.</summary>
    public static DocumentKind KindOf(string name) => Array.Find(Enum.GetValues<DocumentKind>(), k => k != DocumentKind.None && NameOf(k) == name);

    /// <summary>The bytes that are signed.</summary>
    public static byte[] Message(DocumentKind kind, string deployment, ReadOnlySpan<byte> file)
    {
        Span<byte> hash = stackalloc byte[Keccak256.Length];
        Keccak256.Hash(file, hash);
        byte[] named = [.. Encoding.ASCII.GetBytes(NameOf(kind)), 0, .. Encoding.UTF8.GetBytes(deployment), 0, .. hash];
        Keccak256.Hash(named, hash);
        return [.. Tag, .. hash];
    }

    /// <summary>Signs a document.</summary>
    public static byte[] Sign(Key key, DocumentKind kind, string deployment, ReadOnlySpan<byte> file) =>
        SignatureAlgorithm.Ed25519.Sign(key, Message(kind, deployment, file));

    /// <summary>True when one of the keys signed it.</summary>
    public static bool Verify(IReadOnlyList<PublicKey> keys, DocumentKind kind, string deployment, ReadOnlySpan<byte> file, ReadOnlySpan<byte> signature)
    {
        var message = Message(kind, deployment, file);
        foreach (var key in keys)
            if (SignatureAlgorithm.Ed25519.Verify(key, message, signature))
                return true;
        return false;
    }

    /// <summary>Reads a signature file: 64 bytes as hex or base64, with white space around.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out byte[] signature)
    {
        signature = [];
        var trimmed = Encoding.ASCII.GetString(text).Trim();
        try
        {
            var digits = trimmed.StartsWith("0x", StringComparison.Ordinal) ? trimmed[2..] : trimmed;
            signature = digits.Length == 2 * Length ? Convert.FromHexString(digits) : Convert.FromBase64String(trimmed);
        }
        catch (FormatException)
        {
            return false;
        }

        return signature.Length == Length;
    }

    /// <summary>Reads a public key.</summary>
    public static bool TryParseKey(string text, out PublicKey key)
    {
        key = null!;
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        if (digits.Length != 2 * KeyLength || !digits.All(char.IsAsciiHexDigit)) return false;
        if (!PublicKey.TryImport(SignatureAlgorithm.Ed25519, Convert.FromHexString(digits), KeyBlobFormat.RawPublicKey, out var imported) || imported is null) return false;
        key = imported;
        return true;
    }
}
