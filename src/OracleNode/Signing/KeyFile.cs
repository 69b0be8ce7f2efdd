using NSec.Cryptography;

namespace OracleNode.Signing;

/// <summary>
/// An Ed25519 key in a PEM file (PKCS#8, as <c>openssl genpkey -algorithm ed25519</c> writes it) that only its owner may read.
/// </summary>
public static class KeyFile
{
    /// <summary>An Ed25519 PKCS#8 PEM is 119 bytes; anything far larger is not one.</summary>
    private const int MaxBytes = 4096;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a new key and writes it with mode 0600. An existing file is never overwritten.</summary>
    /// <returns>The 32-byte public key.</returns>
    /// <exception cref="SigningException">The file exists or cannot be written.</exception>
    public static byte[] Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var key = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        var pem = key.Export(KeyBlobFormat.PkixPrivateKeyText);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using var stream = new FileStream(path, options);
            stream.Write(pem);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException(
                File.Exists(path)
                    ? $"Key file '{path}' exists already; a key is never overwritten. Choose another path."
                    : $"Key file '{path}' cannot be written: {e.Message}", e);
        }
        finally
        {
            Array.Clear(pem);
        }

        return key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="SigningException">The file is missing, readable by others, or holds no Ed25519 key.</exception>
    internal static Key Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] pem;
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                var mode = File.GetUnixFileMode(path);
                if ((mode & Others) != 0)
                {
                    throw new SigningException($"Key file '{path}' has mode {Convert.ToString((int)mode, 8)}: others may read or change it. Right would be 600 (chmod 600 '{path}').");
                }
            }

            using var stream = File.OpenRead(path);
            if (stream.Length is 0 or > MaxBytes) throw new SigningException($"Key file '{path}' has {stream.Length} bytes; an Ed25519 key in PEM has about 119.");
            pem = new byte[stream.Length];
            stream.ReadExactly(pem);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SigningException($"Key file '{path}' is missing. Make one with: keys new --out '{path}'", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"Key file '{path}' cannot be read: {e.Message}", e);
        }

        try
        {
            return Key.TryImport(SignatureAlgorithm.Ed25519, pem, KeyBlobFormat.PkixPrivateKeyText, out var key) && key is not null
                ? key
                : throw new SigningException($"Key file '{path}' holds no Ed25519 private key in PKCS#8 PEM (-----BEGIN PRIVATE KEY-----).");
        }
        finally
        {
            Array.Clear(pem);
        }
    }
}
