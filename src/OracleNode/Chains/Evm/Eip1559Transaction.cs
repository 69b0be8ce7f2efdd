using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>A transaction of EIP-1559 (type 2) with an empty access list.</summary>
/// <param name="ChainId">Where it is valid, and nowhere else.</param>
/// <param name="Nonce">The sender's transaction count before it.</param>
/// <param name="MaxPriorityFeePerGas">Tip, wei per gas.</param>
/// <param name="MaxFeePerGas">Base fee and tip together at most, wei per gas.</param>
/// <param name="GasLimit">Gas at most.</param>
/// <param name="To">The called contract; null creates one from <paramref name="Data"/>.</param>
/// <param name="Value">Wei sent along.</param>
/// <param name="Data">Call data or creation code.</param>
public sealed record Eip1559Transaction(
    ulong ChainId,
    ulong Nonce,
    UInt128 MaxPriorityFeePerGas,
    UInt128 MaxFeePerGas,
    ulong GasLimit,
    EvmAddress? To,
    UInt128 Value,
    ReadOnlyMemory<byte> Data)
{
    private const byte Type = 2;

    /// <summary>The bytes to send, signed by an account.</summary>
    public SignedEvmTransaction Sign(EvmAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        byte[][] fields =
        [
            Rlp.Integer(ChainId), Rlp.Integer(Nonce), Rlp.Integer(MaxPriorityFeePerGas), Rlp.Integer(MaxFeePerGas), Rlp.Integer(GasLimit),
            Rlp.Bytes(To is { } to ? to.ToArray() : []), Rlp.Integer(Value), Rlp.Bytes(Data.Span), Rlp.List(),
        ];

        Span<byte> hash = stackalloc byte[Keccak256.Length];
        Keccak256.Hash([Type, .. Rlp.List(fields)], hash);
        var signature = account.Sign(hash);
        Span<byte> r = stackalloc byte[Hash32.Length];
        Span<byte> s = stackalloc byte[Hash32.Length];
        signature.R.CopyTo(r);
        signature.S.CopyTo(s);
        byte[] raw = [Type, .. Rlp.List([.. fields, Rlp.Integer(signature.YParity ? 1u : 0u), Rlp.Integer(r), Rlp.Integer(s)])];
        Keccak256.Hash(raw, hash);
        return new SignedEvmTransaction(raw, new Hash32(hash));
    }
}

/// <summary>A transaction ready to send.</summary>
/// <param name="Raw">The bytes for <c>eth_sendRawTransaction</c>.</param>
/// <param name="Hash">Its id, known before it is sent.</param>
public sealed record SignedEvmTransaction(byte[] Raw, Hash32 Hash);
