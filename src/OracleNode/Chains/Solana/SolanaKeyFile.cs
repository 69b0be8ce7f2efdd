using System.Security.Cryptography;
using System.Text;

namespace OracleNode.Chains.Solana;

/// <summary>Makes key files as <c>solana-keygen</c> writes them; <see cref="SolanaKeypair.Load"/> reads them.</summary>
public static class SolanaKeyFile
{
    /// <summary>Makes a new keypair and writes it to a file that only its owner may read. An existing file is never overwritten.</summary>
    /// <returns>The keypair; the caller disposes it.</returns>
    /// <exception cref="ChainException">The file exists or cannot be written.</exception>
    public static SolanaKeypair Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var seed = RandomNumberGenerator.GetBytes(32);
        var keypair = SolanaKeypair.FromSeed(seed);
        byte[] both = [.. seed, .. keypair.Address.ToArray()];
        var text = Encoding.ASCII.GetBytes($"[{string.Join(',', both)}]");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(text);
            file.Flush(flushToDisk: true);
            return keypair;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            keypair.Dispose();
            throw new ChainException(File.Exists(path) ? $"Key file '{path}' exists already; a key is never overwritten. Choose another path." : $"Key file '{path}' cannot be written: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(both);
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
