namespace OracleNode.Chains.Solana;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SolanaKeypairTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"oraclenode-payer-{Guid.NewGuid():n}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Load_SolanaKeygenFile_GivesItsKey()
    {
        using var key = SolanaKeypair.FromSeed(Seed);
        Write([.. Seed, .. key.Address.ToArray()], UnixFileMode.UserRead | UnixFileMode.UserWrite);

        using var loaded = SolanaKeypair.Load(_file);

        Assert.Equal(key.Address, loaded.Address);
        Assert.Equal(key.Sign([1, 2, 3]), loaded.Sign([1, 2, 3]));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Load_OthersReachTheFile_IsRefused(UnixFileMode more)
    {
        using var key = SolanaKeypair.FromSeed(Seed);
        Write([.. Seed, .. key.Address.ToArray()], UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        var e = Assert.Throws<ChainException>(() => SolanaKeypair.Load(_file));

        Assert.Contains("chmod 600", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PublicKeyOfAnotherSeed_IsRefusedWithoutShowingTheKey()
    {
        Write([.. Seed, .. new byte[32]], UnixFileMode.UserRead);

        var e = Assert.Throws<ChainException>(() => SolanaKeypair.Load(_file));

        Assert.Contains(_file, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("17,", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1,2")]
    [InlineData("[1,2,3]")]
    [InlineData("[300]")]
    [InlineData("[\"a\"]")]
    public void Load_NotAKeyFile_SaysWhatOneIs(string text)
    {
        File.WriteAllText(_file, text);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var e = Assert.Throws<ChainException>(() => SolanaKeypair.Load(_file));

        Assert.Contains("JSON array of 64 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_NamesIt() =>
        Assert.Contains(_file, Assert.Throws<ChainException>(() => SolanaKeypair.Load(_file)).Message, StringComparison.Ordinal);

    [Fact]
    public void LoadPayer_VariableNotSet_NamesIt() =>
        Assert.Contains(
            "ORACLENODE_TEST_NO_SUCH_KEY",
            Assert.Throws<ChainException>(() => SolanaKeypair.LoadPayer(new SolanaOptions { PayerKeyEnvironment = "ORACLENODE_TEST_NO_SUCH_KEY" })).Message,
            StringComparison.Ordinal);

    private static byte[] Seed { get; } = [.. Enumerable.Repeat((byte)17, 32)];

    private void Write(byte[] key, UnixFileMode mode)
    {
        File.WriteAllText(_file, $"[{string.Join(',', key)}]");
        File.SetUnixFileMode(_file, mode);
    }
}
