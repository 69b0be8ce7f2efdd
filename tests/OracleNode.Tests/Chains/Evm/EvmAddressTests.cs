namespace OracleNode.Chains.Evm;

public class EvmAddressTests
{
    // The examples of EIP-55.
    public static TheoryData<string> Checksummed => new(
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xde709f2102306220921060314715629080e2fb77");

    [Theory]
    [MemberData(nameof(Checksummed))]
    public void ToString_PublishedAddress_HasItsChecksum(string text)
    {
        Assert.True(EvmAddress.TryParse("0x" + text[2..].ToLowerInvariant(), out var address));
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, EvmAddress.Parse(text));
    }

    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed00")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    [InlineData("")]
    [InlineData(null)]
    public void TryParse_NotAnAddress_Refused(string? text)
    {
        Assert.False(EvmAddress.TryParse(text, out var address));
        Assert.True(address.IsZero);
    }

    // A widely published example of what CREATE yields for a creator's first nonces.
    [Theory]
    [InlineData(0, "0xcd234A471b72ba2F1Ccf0A70FCABA648a5eeCD8d")]
    [InlineData(1, "0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8")]
    [InlineData(2, "0xf778B86FA74E846c4f0a1fBd1335FE81c00a0C91")]
    public void OfCreation_PublishedExample_Matches(ulong nonce, string contract) =>
        Assert.Equal(contract, EvmAddress.OfCreation(EvmAddress.Parse("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"), nonce).ToString());
}
