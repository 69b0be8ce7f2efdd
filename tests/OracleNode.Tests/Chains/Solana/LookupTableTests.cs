using System.Buffers.Binary;

namespace OracleNode.Chains.Solana;

public class LookupTableTests
{
    private static readonly SolanaAddress At = SolanaAddress.Parse("VfM3oXqby3ZnyiPVbdbqpBJYRrtJV1wt8V1sUAevHmQ");

    private static SolanaAddress[] Addresses(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, i + 1);
        return new SolanaAddress(bytes);
    })];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    public void TryDecode_Table_HoldsItsAddressesInOrder(int count)
    {
        var addresses = Addresses(count);

        Assert.True(LookupTable.TryDecode(At, SolanaPrograms.AddressLookupTable, LookupTable.Encode(addresses), out var table, out _));

        Assert.Equal(At, table.Address);
        Assert.Equal(addresses, table.Addresses);
        for (var i = 0; i < count; i++) Assert.True(table.TryFind(addresses[i], out var place) && place == i);
        Assert.False(table.TryFind(At, out _));
    }

    [Fact]
    public void TryDecode_AuthorityAndExtensionSlot_AreNoMatter()
    {
        var data = LookupTable.Encode(Addresses(2));
        data.AsSpan(12, 44).Fill(0xFF);

        Assert.True(LookupTable.TryDecode(At, SolanaPrograms.AddressLookupTable, data, out _, out _));
    }

    [Fact]
    public void TryDecode_OtherOwner_NamesIt() => Refused(SolanaPrograms.Token2022, LookupTable.Encode([]), $"it belongs to {SolanaPrograms.Token2022}");

    [Fact]
    public void TryDecode_DeactivationBegun_SaysSince()
    {
        var data = LookupTable.Encode(Addresses(1));
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(4), 77);
        Refused(SolanaPrograms.AddressLookupTable, data, "deactivated since slot 77");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public void TryDecode_NotInitialised_SaysWhat(uint kind)
    {
        var data = LookupTable.Encode(Addresses(1));
        BinaryPrimitives.WriteUInt32LittleEndian(data, kind);
        Refused(SolanaPrograms.AddressLookupTable, data, $"of kind {kind}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(55)]
    [InlineData(57)]
    [InlineData(56 + 31)]
    [InlineData(56 + 32 * 257)]
    public void TryDecode_OtherLength_SaysWhich(int length)
    {
        var data = new byte[length];
        LookupTable.Encode([]).AsSpan(0, Math.Min(56, length)).CopyTo(data);
        Refused(SolanaPrograms.AddressLookupTable, data, $"it has {length} bytes");
    }

    [Fact]
    public void TryDecode_AnyBytes_NeverThrow()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var data = new byte[random.Next(0, 400)];
            random.NextBytes(data);
            if (random.Next(2) == 0 && data.Length >= 12) LookupTable.Encode([]).AsSpan(0, 12).CopyTo(data);
            var decoded = LookupTable.TryDecode(At, SolanaPrograms.AddressLookupTable, data, out var table, out var error);
            Assert.Equal(decoded, error is null);
            if (decoded) Assert.Equal(data.Length, 56 + 32 * table!.Addresses.Count);
        }
    }

    private static void Refused(SolanaAddress owner, byte[] data, string why)
    {
        Assert.False(LookupTable.TryDecode(At, owner, data, out _, out var error));
        Assert.Contains(why, error, StringComparison.Ordinal);
    }
}
