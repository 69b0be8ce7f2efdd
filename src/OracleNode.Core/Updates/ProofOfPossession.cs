using System.Buffers.Binary;
using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>The message a signer signs once to be registered: it binds the key to one registry on one chain.</summary>
public static class ProofOfPossession
{
    /// <summary>Bytes of the message.</summary>
    public const int Length = 47;

    private static ReadOnlySpan<byte> Tag => "OracleNodeProof"u8;

    /// <summary>For a contract on an EVM chain.</summary>
    /// <param name="contract">20-byte address.</param>
    public static byte[] ForEvm(ulong deployment, ulong chainId, ReadOnlySpan<byte> contract, uint epoch, byte signerIndex, ReadOnlySpan<byte> publicKey)
    {
        if (contract.Length != 20) throw new ArgumentException($"An EVM address is 20 bytes, not {contract.Length}.", nameof(contract));
        Span<byte> chain = stackalloc byte[32];
        Span<byte> padded = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(chain[24..], chainId);
        contract.CopyTo(padded[12..]);
        return Message(deployment, 1, chain, padded, epoch, signerIndex, publicKey);
    }

    /// <summary>For a program on a Solana cluster.</summary>
    /// <param name="genesisHash">32 bytes.</param>
    /// <param name="program">32-byte program id.</param>
    public static byte[] ForSolana(ulong deployment, ReadOnlySpan<byte> genesisHash, ReadOnlySpan<byte> program, uint epoch, byte signerIndex, ReadOnlySpan<byte> publicKey) =>
        Message(deployment, 2, genesisHash, program, epoch, signerIndex, publicKey);

    private static byte[] Message(ulong deployment, byte kind, ReadOnlySpan<byte> chain, ReadOnlySpan<byte> contract, uint epoch, byte signerIndex, ReadOnlySpan<byte> publicKey)
    {
        if (chain.Length != 32 || contract.Length != 32 || publicKey.Length != 32)
        {
            throw new ArgumentException($"Chain, contract and key are 32 bytes each, not {chain.Length}, {contract.Length} and {publicKey.Length}.");
        }

        Span<byte> body = stackalloc byte[8 + 1 + 32 + 32 + 4 + 1 + 32];
        BinaryPrimitives.WriteUInt64BigEndian(body, deployment);
        body[8] = kind;
        chain.CopyTo(body[9..]);
        contract.CopyTo(body[41..]);
        BinaryPrimitives.WriteUInt32BigEndian(body[73..], epoch);
        body[77] = signerIndex;
        publicKey.CopyTo(body[78..]);
        var message = new byte[Length];
        Tag.CopyTo(message);
        Keccak256.Hash(body, message.AsSpan(Tag.Length));
        return message;
    }
}
