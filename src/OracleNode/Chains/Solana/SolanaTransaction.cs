using SimpleBase;

namespace OracleNode.Chains.Solana;

/// <summary>A signed transaction, ready for the wire.</summary>
/// <param name="Signature">The first signature in base58: the transaction's id.</param>
/// <param name="Bytes">Signatures and message.</param>
internal sealed record SolanaTransaction(string Signature, byte[] Bytes)
{
    /// <summary>Signs a message with every key it requires, in any order.</summary>
    /// <exception cref="ArgumentException">A required key is missing, or the transaction is too large for one packet.</exception>
    public static SolanaTransaction Sign(SolanaMessage message, params ReadOnlySpan<SolanaKeypair> keys)
    {
        if (message.TransactionLength > SolanaMessage.MaxTransactionBytes)
        {
            throw new ArgumentException($"The transaction has {message.TransactionLength} bytes; a packet carries {SolanaMessage.MaxTransactionBytes}.", nameof(message));
        }

        var bytes = new byte[message.TransactionLength];
        var offset = CompactLength.Write(bytes, message.RequiredSignatures);
        string? first = null;
        for (var i = 0; i < message.RequiredSignatures; i++)
        {
            var signature = KeyOf(message.Accounts[i], keys).Sign(message.Bytes);
            first ??= Base58.Bitcoin.Encode(signature);
            signature.CopyTo(bytes, offset);
            offset += signature.Length;
        }

        message.Bytes.CopyTo(bytes, offset);
        return new SolanaTransaction(first!, bytes);
    }

    private static SolanaKeypair KeyOf(SolanaAddress address, ReadOnlySpan<SolanaKeypair> keys)
    {
        foreach (var key in keys)
        {
            if (key.Address == address) return key;
        }

        throw new ArgumentException($"No key was given for the required signer {address}.", nameof(keys));
    }
}
