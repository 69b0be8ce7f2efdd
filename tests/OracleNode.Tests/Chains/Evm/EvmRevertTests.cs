using FsCheck.Xunit;

namespace OracleNode.Chains.Evm;

public class EvmRevertTests
{
    [Fact]
    public void Decode_TypedError_ShowsBothSidesByName()
    {
        var data = new AbiWriter("WrongEpoch(uint32,uint32)", 2).Unsigned(7).Unsigned(9).ToArray();
        var revert = EvmRevert.Decode(data);
        Assert.Equal("WrongEpoch", revert.Name);
        Assert.Equal("WrongEpoch(given 7, current 9)", revert.Words);
    }

    [Fact]
    public void Decode_NothingStored_NamesEveryRecordAndReason()
    {
        var revert = EvmRevert.Decode(new AbiWriter("NothingStored(bytes)", 1).Bytes([0, 0, 4, 1, 2, 7]).ToArray());
        Assert.Equal("NothingStored(skipped record 0: NotNewer, record 258: OutOfBounds)", revert.Words);
        Assert.Equal([new SkippedRecord(0, SkipReason.NotNewer), new SkippedRecord(258, SkipReason.OutOfBounds)], revert.Skipped);
    }

    [Fact]
    public void Decode_SoliditysOwnErrors_InWords()
    {
        // Published examples of the ABI specification's revert format.
        Assert.Equal(
            "Error(reason 'Not enough Ether provided.')",
            EvmRevert.Decode(Convert.FromHexString("08c379a00000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000000000001a4e6f7420656e6f7567682045746865722070726f76696465642e000000000000")).Words);
        Assert.Equal("Panic(code 17)", EvmRevert.Decode(new AbiWriter("Panic(uint256)", 1).Unsigned(0x11).ToArray()).Words);
    }

    [Fact]
    public void Decode_NegativeBound_KeepsItsSign() =>
        Assert.Equal("BadBounds(minPrice -1, maxPrice 5)", EvmRevert.Decode(new AbiWriter("BadBounds(int64,int64)", 2).Signed(-1).Signed(5).ToArray()).Words);

    [Theory]
    [InlineData("", "reverted without a reason")]
    [InlineData("0102", "reverted with 0x0102")]
    [InlineData("deadbeef", "reverted with an unknown error 0xdeadbeef")]
    public void Decode_Unknown_ShownAsItIs(string data, string words) => Assert.Equal(words, EvmRevert.Decode(Convert.FromHexString(data)).Words);

    [Property]
    public void Decode_AnyBytesAfterAKnownSelector_NeverThrows(byte[] tail, byte which)
    {
        var signatures = EvmRevert.KnownSignatures.ToArray();
        var selector = AbiWriter.Selector(signatures[which % signatures.Length]);
        Assert.NotEmpty(EvmRevert.Decode([.. selector, .. tail]).Words);
        // A wild offset inside an otherwise whole word.
        Assert.NotEmpty(EvmRevert.Decode([.. selector, .. new byte[28], .. tail.Take(4), .. new byte[60]]).Words);
    }
}
