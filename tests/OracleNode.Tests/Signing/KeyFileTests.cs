using NSec.Cryptography;

namespace OracleNode.Signing;

public sealed class KeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-keys-").FullName;

    private string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NewKey_Created_OnlyItsOwnerMayRead()
    {
        KeyFile.Create(PathOf("signer.pem"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("signer.pem")));
    }

    [Fact]
    public async Task NewKey_Opened_SignsWhatItsPublicKeyVerifies()
    {
        var publicKey = KeyFile.Create(PathOf("signer.pem"));
        using var signer = KeyFileSigner.Open(PathOf("signer.pem"));
        var message = new byte[47];

        var signature = await signer.SignAsync(message, TestContext.Current.CancellationToken);

        Assert.Equal(publicKey, signer.PublicKey.ToArray());
        Assert.True(SignatureAlgorithm.Ed25519.Verify(PublicKey.Import(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey), message, signature));
    }

    [Fact]
    public void ExistingFile_CreatedAgain_IsRefusedAndKept()
    {
        File.WriteAllText(PathOf("signer.pem"), "precious");
        var error = Assert.Throws<SigningException>(() => KeyFile.Create(PathOf("signer.pem")));
        Assert.Contains("never overwritten", error.Message);
        Assert.Equal("precious", File.ReadAllText(PathOf("signer.pem")));
    }

    [Fact]
    public void KeyThatOthersMayRead_Opened_IsRefusedWithTheCommandThatMendsIt()
    {
        KeyFile.Create(PathOf("signer.pem"));
        File.SetUnixFileMode(PathOf("signer.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var error = Assert.Throws<SigningException>(() => KeyFileSigner.Open(PathOf("signer.pem")));
        Assert.Contains("640", error.Message);
        Assert.Contains("chmod 600", error.Message);
    }

    [Fact]
    public void MissingFile_Opened_IsRefusedWithTheCommandThatMakesOne() =>
        Assert.Contains("keys new", Assert.Throws<SigningException>(() => KeyFileSigner.Open(PathOf("none.pem"))).Message);

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void FileWithoutAKey_Opened_IsRefusedWithoutItsContent(string content)
    {
        File.WriteAllText(PathOf("bad.pem"), content);
        File.SetUnixFileMode(PathOf("bad.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var error = Assert.Throws<SigningException>(() => KeyFileSigner.Open(PathOf("bad.pem")));
        Assert.DoesNotContain("AAAA", error.Message);
    }
}
