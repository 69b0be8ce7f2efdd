using System.Text.Json;
using System.Text.Json.Serialization;
using OracleNode.Chains;
using OracleNode.Chains.Evm;

namespace OracleNode.Deployment;

/// <summary>A proof of possession as one operator hands it to the one who deploys. Nothing in it is secret.</summary>
/// <param name="Chain">Name of the chain, for people.</param>
/// <param name="Contract">Contract or program it is bound to, for people: the signature holds it.</param>
/// <param name="Epoch">Signer-set epoch.</param>
/// <param name="SignerIndex">Place in the signer set.</param>
/// <param name="PublicKey">0x and 64 hex digits.</param>
/// <param name="Proof">0x and 128 hex digits.</param>
internal sealed record ProofFile(string Chain, string Contract, uint Epoch, byte SignerIndex, string PublicKey, string Proof)
{
    private const int MaxBytes = 16 * 1024;

    [JsonIgnore]
    public byte[] PublicKeyBytes => EvmHex.ReadData(PublicKey) ?? [];

    [JsonIgnore]
    public byte[] ProofBytes => EvmHex.ReadData(Proof) ?? [];

    /// <summary>Reads one.</summary>
    /// <exception cref="ChainException">It is missing, cannot be read or is not such a file.</exception>
    public static ProofFile Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new ChainException($"Proof file '{path}' is missing; its signer's operator makes it with: keys prove");
            if (file.Length > MaxBytes) throw new ChainException($"Proof file '{path}' has {file.Length} bytes; a proof has fewer than {MaxBytes}.");
            var proof = JsonSerializer.Deserialize<ProofFile>(File.ReadAllBytes(path), DeploymentJson.Options);
            return proof is { PublicKeyBytes.Length: 32, ProofBytes.Length: 64 } ? proof : throw new ChainException($"Proof file '{path}': publicKey must be 32 bytes of hex and proof 64, each with 0x.");
        }
        catch (JsonException e)
        {
            throw new ChainException($"Proof file '{path}' is not one: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChainException($"Proof file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes it; an existing file is never overwritten.</summary>
    /// <exception cref="ChainException">It exists or cannot be written.</exception>
    public void Write(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            JsonSerializer.Serialize(stream, this, DeploymentJson.Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChainException($"Proof file '{path}' cannot be written: {e.Message}", e);
        }
    }
}
