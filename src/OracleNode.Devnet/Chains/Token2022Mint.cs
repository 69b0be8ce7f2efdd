using System.Buffers.Binary;
using System.Text;
using NodaTime;
using OracleNode.Chains.Solana;
using OracleNode.Tokens;

namespace OracleNode.Chains;

/// <summary>
/// A tokenized stock's mint as the issuers' mints are on mainnet: Token-2022 with the ScaledUiAmount extension among others.
/// </summary>
/// <param name="Address">The mint.</param>
/// <param name="Name">e.g. <c>Tesla xStock</c>.</param>
/// <param name="Symbol">e.g. <c>TSLAx</c>.</param>
/// <param name="Multiplier">Shares per raw token before <paramref name="EffectiveAt"/>.</param>
/// <param name="NewMultiplier">From then on.</param>
/// <param name="EffectiveAt">The switch, whole seconds; null for a mint that never changed.</param>
internal sealed record Token2022Mint(SolanaAddress Address, string Name, string Symbol, double Multiplier, double NewMultiplier, Instant? EffectiveAt)
{
    private const int Decimals = 8;

    /// <summary>A mint whose multiplier never changed.</summary>
    public Token2022Mint(SolanaAddress address, string name, string symbol, double multiplier) : this(address, name, symbol, multiplier, multiplier, null) { }

    /// <summary>Raw tokens in circulation, in the smallest unit.</summary>
    public ulong Supply { get; init; }

    /// <summary>The account's data.</summary>
    public byte[] Encode()
    {
        // Authorities: the mint's own address stands for the issuer.
        var authority = Address.ToArray();
        var mint = new byte[ScaledUiAmountReader.EntriesOffset];
        BinaryPrimitives.WriteUInt32LittleEndian(mint, 1);
        authority.CopyTo(mint, 4);
        BinaryPrimitives.WriteUInt64LittleEndian(mint.AsSpan(36), Supply);
        mint[44] = Decimals;
        mint[45] = 1;
        mint[ScaledUiAmountReader.AccountTypeOffset] = ScaledUiAmountReader.MintAccountType;

        byte[] confidentialTransfer = [.. authority, .. new byte[33]];
        byte[] initialisedAccounts = [1];
        byte[] transferHook = [.. authority, .. new byte[32]];
        byte[] metadataPointer = [.. authority, .. authority];
        byte[] notPaused = [.. authority, 0];
        return
        [
            .. mint,
            .. Entry(4, confidentialTransfer),
            .. Entry(6, initialisedAccounts),
            .. Entry(12, authority),
            .. Entry(14, transferHook),
            .. Entry(18, metadataPointer),
            .. Entry(ScaledUiAmountReader.ExtensionType, ScaledUiAmount(authority)),
            .. Entry(26, notPaused),
            .. Entry(19, [.. authority, .. authority, .. Text(Name), .. Text(Symbol), .. Text(""), .. new byte[4]]),
        ];
    }

    private byte[] ScaledUiAmount(byte[] authority)
    {
        var value = new byte[ScaledUiAmountReader.ValueLength];
        authority.CopyTo(value, 0);
        BinaryPrimitives.WriteDoubleLittleEndian(value.AsSpan(32), Multiplier);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(40), EffectiveAt?.ToUnixTimeSeconds() ?? 0);
        BinaryPrimitives.WriteDoubleLittleEndian(value.AsSpan(48), NewMultiplier);
        return value;
    }

    private static byte[] Entry(ushort type, byte[] value)
    {
        var header = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(header, type);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)value.Length);
        return [.. header, .. value];
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }
}
