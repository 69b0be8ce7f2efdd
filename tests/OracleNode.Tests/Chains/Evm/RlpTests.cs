using System.Text;

namespace OracleNode.Chains.Evm;

/// <summary>The examples of the RLP page of ethereum.org.</summary>
public class RlpTests
{
    [Theory]
    [InlineData("", "80")]
    [InlineData("00", "00")]
    [InlineData("0f", "0f")]
    [InlineData("7f", "7f")]
    [InlineData("80", "8180")]
    [InlineData("0400", "820400")]
    [InlineData("646f67", "83646f67")]
    public void Bytes_PublishedExample_Matches(string value, string encoded) =>
        Assert.Equal(encoded, Convert.ToHexStringLower(Rlp.Bytes(Convert.FromHexString(value))));

    [Theory]
    [InlineData(0, "80")]
    [InlineData(15, "0f")]
    [InlineData(127, "7f")]
    [InlineData(128, "8180")]
    [InlineData(1024, "820400")]
    public void Integer_PublishedExample_Matches(int value, string encoded) =>
        Assert.Equal(encoded, Convert.ToHexStringLower(Rlp.Integer((UInt128)value)));

    [Fact]
    public void Bytes_LongText_CarriesItsLength() =>
        Assert.Equal(
            "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974",
            Convert.ToHexStringLower(Rlp.Bytes(Encoding.ASCII.GetBytes("Lorem ipsum dolor sit amet, consectetur adipisicing elit"))));

    [Fact]
    public void List_PublishedExamples_Match()
    {
        Assert.Equal("c0", Convert.ToHexStringLower(Rlp.List()));
        Assert.Equal("c88363617483646f67", Convert.ToHexStringLower(Rlp.List(Rlp.Bytes("cat"u8), Rlp.Bytes("dog"u8))));
        var empty = Rlp.List();
        Assert.Equal("c7c0c1c0c3c0c1c0", Convert.ToHexStringLower(Rlp.List(empty, Rlp.List(empty), Rlp.List(empty, Rlp.List(empty)))));
    }

    [Theory]
    [InlineData(55, "b7")]
    [InlineData(56, "b838")]
    [InlineData(255, "b8ff")]
    [InlineData(256, "b90100")]
    [InlineData(65536, "ba010000")]
    public void Bytes_AtEachLengthOfLength_PrefixIsShortest(int length, string prefix)
    {
        var encoded = Rlp.Bytes(new byte[length]);
        Assert.Equal(prefix, Convert.ToHexStringLower(encoded.AsSpan(0, prefix.Length / 2)));
        Assert.Equal(prefix.Length / 2 + length, encoded.Length);
    }
}
