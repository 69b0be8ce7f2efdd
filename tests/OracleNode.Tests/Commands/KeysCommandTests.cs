namespace OracleNode.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void New_Run_PrintsThePublicKeyAndNeverThePrivateOne()
    {
        var output = new StringWriter();
        var file = Path.Combine(_folder, "signer.pem");
        Assert.Equal(0, KeysCommand.Run(file, output, TextWriter.Null));
        Assert.Matches("public key: 0x[0-9a-f]{64}", output.ToString());
        var secret = File.ReadAllLines(file)[1];
        Assert.DoesNotContain(secret, output.ToString());
    }

    [Fact]
    public void New_OnAnExistingFile_FailsAndKeepsIt()
    {
        var error = new StringWriter();
        var file = Path.Combine(_folder, "signer.pem");
        File.WriteAllText(file, "precious");
        Assert.Equal(1, KeysCommand.Run(file, TextWriter.Null, error));
        Assert.Contains("exists already", error.ToString());
        Assert.Equal("precious", File.ReadAllText(file));
    }
}
