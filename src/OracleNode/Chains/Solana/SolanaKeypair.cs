using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NSec.Cryptography;

namespace OracleNode.Chains.Solana;

/// <summary>
/// An Ed25519 key that pays for and signs transactions. It never vouches for a price: that is the batch signer's key.
/// </summary>
public sealed class SolanaKeypair : IDisposable
{
    private const int MaxFileBytes = 4096;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string KeyFileShape = "expected a JSON array of 64 bytes, a seed of 32 and its public key.";

    private readonly Key _key;

    private SolanaKeypair(Key key)
    {
        _key = key;
        Address = new SolanaAddress(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The public key.</summary>
    public SolanaAddress Address { get; }

    /// <summary>A key of its own, from the system's random source.</summary>
    public static SolanaKeypair Generate() => new(Key.Create(SignatureAlgorithm.Ed25519));

    /// <summary>The key of a 32-byte RFC 8032 seed. The caller keeps and clears the seed.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static SolanaKeypair FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != 32) throw new ArgumentException($"An Ed25519 seed has 32 bytes, not {seed.Length}.", nameof(seed));
        return new SolanaKeypair(Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey));
    }

    /// <summary>Loads the payer that the options name, from its file or its environment variable.</summary>
    /// <exception cref="ChainException">There is none, others can read it, or it is not such a key.</exception>
    public static SolanaKeypair LoadPayer(SolanaOptions options)
    {
        if (options.PayerKeyFile.Length > 0) return Load(options.PayerKeyFile);
        var name = options.PayerKeyEnvironment;
        var value = Environment.GetEnvironmentVariable(name);
        if (string.IsNullOrEmpty(value)) throw new ChainException($"Payer key environment variable '{name}' is not set; expected the JSON of a solana-keygen key file.");
        var text = Encoding.UTF8.GetBytes(value);
        try
        {
            return Decode(text) ?? throw new ChainException($"Payer key environment variable '{name}' is not a solana-keygen key: {KeyFileShape}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>
    /// Loads a key file as <c>solana-keygen</c> writes it: a JSON array of 64 numbers, seed then public key.
    /// </summary>
    /// <exception cref="ChainException">The file is missing, readable by others, or not such a key.</exception>
    public static SolanaKeypair Load(string path)
    {
        byte[] text;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new ChainException($"Payer key file '{path}' does not exist; expected a key file as solana-keygen writes it.");
            if (file.Length > MaxFileBytes) throw new ChainException($"Payer key file '{path}' has {file.Length} bytes; a solana-keygen key file has fewer than {MaxFileBytes}.");
            if (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~OwnerOnly) != 0)
            {
                throw new ChainException($"Payer key file '{path}' has mode {Convert.ToString((int)file.UnixFileMode, 8)}; others must not reach it: chmod 600.");
            }

            text = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChainException($"Payer key file '{path}' cannot be read: {e.Message}", e);
        }

        try
        {
            return Decode(text) ?? throw new ChainException($"Payer key file '{path}' is not a solana-keygen key file: {KeyFileShape}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Signs; 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => SignatureAlgorithm.Ed25519.Sign(_key, message);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>The address only: a key never shows itself.</summary>
    public override string ToString() => Address.ToString();

    private static SolanaKeypair? Decode(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[64];
        try
        {
            var reader = new Utf8JsonReader(text);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return null;
            for (var i = 0; i < bytes.Length; i++)
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetByte(out bytes[i])) return null;
            }

            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray || reader.Read()) return null;
            var keypair = FromSeed(bytes[..32]);
            if (keypair.Address == new SolanaAddress(bytes[32..])) return keypair;
            keypair.Dispose();
            return null;
        }
        catch (JsonException)
        {
            // The caller says what a key file looks like; the parser's message could quote the key.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
