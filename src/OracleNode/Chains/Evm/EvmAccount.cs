using System.Security.Cryptography;
using OracleNode.Updates;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Utilities;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace OracleNode.Chains.Evm;

/// <summary>
/// The secp256k1 key that pays for transactions. It pays, it does not vouch: prices are vouched for by the Ed25519 signers.
/// Its text form is its address, never the key.
/// </summary>
public sealed class EvmAccount
{
    private const int KeyLength = 32;
    private const int MaxKeyFileBytes = 256;

    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly ECDomainParameters Domain = new(Curve);
    private static readonly BigInteger HalfOrder = Domain.N.ShiftRight(1);

    private readonly ECPrivateKeyParameters _key;
    private readonly ECPoint _publicKey;

    private EvmAccount(BigInteger secret)
    {
        _key = new ECPrivateKeyParameters(secret, Domain);
        _publicKey = Domain.G.Multiply(secret).Normalize();
        Address = EvmAddress.OfPublicKey(_publicKey.GetEncoded(false).AsSpan(1));
    }

    /// <summary>The account that pays.</summary>
    public EvmAddress Address { get; }

    /// <summary>Takes a private key of 32 bytes, big-endian.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, zero, or not below the group order. The message never shows the key.</exception>
    public static EvmAccount FromPrivateKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength) throw new ArgumentException($"A private key is {KeyLength} bytes, not {key.Length}.", nameof(key));
        var secret = new BigInteger(1, key);
        if (secret.SignValue == 0 || secret.CompareTo(Domain.N) >= 0) throw new ArgumentException("A private key lies between 1 and the order of secp256k1 - 1.", nameof(key));
        return new EvmAccount(secret);
    }

    /// <summary>A new account from the system's random source.</summary>
    public static EvmAccount Create()
    {
        Span<byte> key = stackalloc byte[KeyLength];
        while (true)
        {
            RandomNumberGenerator.Fill(key);
            var secret = new BigInteger(1, key);
            if (secret.SignValue == 0 || secret.CompareTo(Domain.N) >= 0) continue;
            CryptographicOperations.ZeroMemory(key);
            return new EvmAccount(secret);
        }
    }

    /// <summary>Makes a new account and writes its key to a file that only its owner may read. An existing file is never overwritten.</summary>
    /// <exception cref="ChainException">The file exists or cannot be written.</exception>
    public static EvmAccount CreateFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var account = Create();
        var key = BigIntegers.AsUnsignedByteArray(KeyLength, account._key.D);
        var text = System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(text);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChainException(File.Exists(path) ? $"Key file '{path}' exists already; a key is never overwritten. Choose another path." : $"Key file '{path}' cannot be written: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(text);
        }

        return account;
    }

    /// <summary>Loads the key that the options refer to: a file only its owner may read, or an environment variable.</summary>
    /// <exception cref="ChainException">There is none, it is not a key, or others may read it.</exception>
    public static EvmAccount Load(EvmOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return string.IsNullOrEmpty(options.RelayerKeyFile)
            ? FromEnvironment(options.Name, options.RelayerKeyEnvironment)
            : FromFile(options.Name, options.RelayerKeyFile);
    }

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();

    /// <summary>Signs a 32-byte hash: deterministic (RFC 6979), low S (EIP-2).</summary>
    internal EvmSignature Sign(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != Hash32.Length) throw new ArgumentException($"A hash is {Hash32.Length} bytes, not {hash.Length}.", nameof(hash));
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, _key);
        var pair = signer.GenerateSignature(hash.ToArray());
        var (r, s) = (pair[0], pair[1]);
        if (s.CompareTo(HalfOrder) > 0) s = Domain.N.Subtract(s);

        // The verifier's own equation gives back the signature's point: its y parity is what recovery needs, and meeting r again checks the signature.
        var inverse = BigIntegers.ModOddInverse(Domain.N, s);
        var u1 = new BigInteger(1, hash).Multiply(inverse).Mod(Domain.N);
        var u2 = r.Multiply(inverse).Mod(Domain.N);
        var point = ECAlgorithms.SumOfTwoMultiplies(Domain.G, u1, _publicKey, u2).Normalize();
        if (!point.AffineXCoord.ToBigInteger().Equals(r))
        {
            throw new CryptographicException("The signature does not verify against its own key.");
        }

        return new EvmSignature(new Hash32(BigIntegers.AsUnsignedByteArray(Hash32.Length, r)), new Hash32(BigIntegers.AsUnsignedByteArray(Hash32.Length, s)), point.AffineYCoord.TestBitZero());
    }

    private static EvmAccount FromFile(string chain, string path)
    {
        var key = $"{nameof(EvmOptions.RelayerKeyFile)} of chain {chain} ('{path}')";
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
                var mode = File.GetUnixFileMode(path);
                if ((mode & Others) != 0)
                {
                    throw new ChainException($"{key}: mode {Convert.ToString((int)mode, 8)} lets others at it; run chmod 600 on it.");
                }
            }

            using var file = File.OpenRead(path);
            if (file.Length > MaxKeyFileBytes) throw new ChainException($"{key}: {file.Length} bytes; a key is 64 hex digits, with or without 0x.");
            Span<byte> content = stackalloc byte[MaxKeyFileBytes];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            Span<char> text = stackalloc char[MaxKeyFileBytes];
            for (var i = 0; i < length; i++) text[i] = (char)content[i];
            CryptographicOperations.ZeroMemory(content);
            return FromHex(key, text[..length]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChainException($"{key}: {e.Message} It must be a readable file with 64 hex digits.", e);
        }
    }

    private static EvmAccount FromEnvironment(string chain, string variable)
    {
        var key = $"{nameof(EvmOptions.RelayerKeyEnvironment)} of chain {chain} ('{variable}')";
        var value = string.IsNullOrEmpty(variable) ? null : Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(value)) throw new ChainException($"{key}: the variable is not set; it must hold 64 hex digits, or name a file in {nameof(EvmOptions.RelayerKeyFile)}.");
        return FromHex(key, value.ToCharArray());
    }

    private static EvmAccount FromHex(string source, Span<char> text)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        try
        {
            var digits = ((ReadOnlySpan<char>)text).Trim();
            if (digits.StartsWith("0x", StringComparison.Ordinal)) digits = digits[2..];
            if (digits.Length != 2 * KeyLength || Convert.FromHexString(digits, key, out _, out _) != System.Buffers.OperationStatus.Done)
            {
                throw new ChainException($"{source}: a key is 64 hex digits, with or without 0x; this has {digits.Length} characters or others among them.");
            }

            return FromPrivateKey(key);
        }
        catch (ArgumentException e)
        {
            throw new ChainException($"{source}: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            text.Clear();
        }
    }
}
