using FsCheck.Xunit;

namespace OracleNode.Chains.Solana;

public class SolanaAddressTests
{
    [Theory]
    [InlineData("11111111111111111111111111111111", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb", "06ddf6e1ee758fde18425dbce46ccddab61afc4d83b90d27febdf928d8a18bfc")]
    public void Parse_KnownAddress_GivesItsBytes(string text, string hex)
    {
        var address = SolanaAddress.Parse(text);

        Assert.Equal(hex, Convert.ToHexStringLower(address.ToArray()));
        Assert.Equal(text, address.ToString());
    }

    [Property]
    public void Parse_TextOfAnyBytes_GivesThemBack(byte[] seed)
    {
        var bytes = System.Security.Cryptography.SHA256.HashData(seed);
        Assert.Equal(bytes, SolanaAddress.Parse(new SolanaAddress(bytes).ToString()).ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1111111111111111111111111111111")]
    [InlineData("111111111111111111111111111111111")]
    [InlineData("0okenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")]
    [InlineData("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuE")]
    [InlineData(" TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void TryParse_NotThirtyTwoBytes_IsRefused(string? text) => Assert.False(SolanaAddress.TryParse(text, out _));

    [Property]
    public void TryParse_AnyText_NeverThrows(string? text) =>
        Assert.Equal(SolanaAddress.TryParse(text, out var address), text is not null && address.ToString() == text);

    [Fact]
    public void WithSeed_SeedOfMoreThan32Bytes_Throws() =>
        Assert.Throws<ArgumentException>(() => SolanaAddress.WithSeed(default, new string('x', 33), default));
}
