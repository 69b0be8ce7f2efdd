using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace OracleNode.Chains.Solana;

/// <summary>
/// An address lookup table: a transaction names its accounts by one byte each instead of 32, and so carries more records.
/// https://solana.com/docs/advanced/lookup-tables
/// </summary>
internal sealed class LookupTable
{
    /// <summary>Most addresses that a table holds.</summary>
    public const int MaxAddresses = 256;

    private const int MetaLength = 56;
    private const uint TableKind = 1;
    private const ulong Active = ulong.MaxValue;

    private readonly Dictionary<SolanaAddress, byte> _places;

    /// <summary>A table at an address with what it holds, in order.</summary>
    /// <exception cref="ArgumentException">More than 256 addresses.</exception>
    public LookupTable(SolanaAddress address, IReadOnlyList<SolanaAddress> addresses)
    {
        if (addresses.Count > MaxAddresses) throw new ArgumentException($"A lookup table holds at most {MaxAddresses} addresses, not {addresses.Count}.", nameof(addresses));
        Address = address;
        Addresses = addresses;
        _places = new Dictionary<SolanaAddress, byte>(addresses.Count);
        for (var i = 0; i < addresses.Count; i++) _places.TryAdd(addresses[i], (byte)i);
    }

    /// <summary>The table's own address.</summary>
    public SolanaAddress Address { get; }

    /// <summary>What it holds, in order.</summary>
    public IReadOnlyList<SolanaAddress> Addresses { get; }

    /// <summary>Where an address stands in the table, when it does.</summary>
    public bool TryFind(SolanaAddress address, out byte place) => _places.TryGetValue(address, out place);

    /// <summary>Reads a table account.</summary>
    /// <param name="address">The account's address.</param>
    /// <param name="owner">The account's owner.</param>
    /// <param name="data">All of its data.</param>
    /// <param name="table">The table, when a transaction may use it.</param>
    /// <param name="error">What is wrong and what would be right, when it may not.</param>
    public static bool TryDecode(
        SolanaAddress address, SolanaAddress owner, ReadOnlySpan<byte> data, [NotNullWhen(true)] out LookupTable? table, [NotNullWhen(false)] out string? error)
    {
        table = null;
        error = Check(owner, data);
        if (error is not null) return false;
        var addresses = new SolanaAddress[(data.Length - MetaLength) / 32];
        for (var i = 0; i < addresses.Length; i++) addresses[i] = new SolanaAddress(data.Slice(MetaLength + 32 * i, 32));
        table = new LookupTable(address, addresses);
        return true;
    }

    /// <summary>The account data of a table that nobody may change, for a local cluster.</summary>
    public static byte[] Encode(IReadOnlyList<SolanaAddress> addresses)
    {
        // Kind 4, deactivation slot 8, last extended slot 8, its start index 1, authority 1 + 32 (none), padding 2.
        var data = new byte[MetaLength + 32 * addresses.Count];
        BinaryPrimitives.WriteUInt32LittleEndian(data, TableKind);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(4), Active);
        for (var i = 0; i < addresses.Count; i++) addresses[i].CopyTo(data.AsSpan(MetaLength + 32 * i));
        return data;
    }

    private static string? Check(SolanaAddress owner, ReadOnlySpan<byte> data)
    {
        if (owner != SolanaPrograms.AddressLookupTable) return $"it belongs to {owner}, not to the lookup table program {SolanaPrograms.AddressLookupTable}";
        if (data.Length < MetaLength || (data.Length - MetaLength) % 32 != 0) return $"it has {data.Length} bytes, not {MetaLength} and 32 per address";
        if (data.Length > MetaLength + 32 * MaxAddresses) return $"it has {data.Length} bytes, more than {MaxAddresses} addresses take";
        var kind = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (kind != TableKind) return $"it is of kind {kind}, not an initialised table ({TableKind})";
        var deactivated = BinaryPrimitives.ReadUInt64LittleEndian(data[4..]);
        return deactivated == Active ? null : $"it is being deactivated since slot {deactivated}; create another";
    }
}
