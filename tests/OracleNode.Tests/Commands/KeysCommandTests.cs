using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;

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
        Assert.Equal(0, KeysCommand.Run(KeysCommand.Signer, file, output, TextWriter.Null));
        Assert.Matches("public key: 0x[0-9a-f]{64}", output.ToString());
        var secret = File.ReadAllLines(file)[1];
        Assert.DoesNotContain(secret, output.ToString());
    }

    [Fact]
    public void NewRelayer_Run_IsTheAccountThatTheNodeLoads()
    {
        var output = new StringWriter();
        var file = Path.Combine(_folder, "relayer.hex");
        Assert.Equal(0, KeysCommand.Run(KeysCommand.Relayer, file, output, TextWriter.Null));
        var loaded = EvmAccount.Load(new EvmOptions { Name = "arbitrum", RelayerKeyFile = file });
        Assert.Contains($"address: {loaded.Address}{Environment.NewLine}", output.ToString());
        Assert.DoesNotContain(File.ReadAllText(file).Trim(), output.ToString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void NewPayer_Run_IsTheKeypairThatTheNodeLoads()
    {
        var output = new StringWriter();
        var file = Path.Combine(_folder, "payer.json");
        Assert.Equal(0, KeysCommand.Run(KeysCommand.Payer, file, output, TextWriter.Null));
        using var loaded = SolanaKeypair.Load(file);
        Assert.Contains($"address: {loaded.Address}{Environment.NewLine}", output.ToString());
        Assert.DoesNotContain(File.ReadAllText(file).Trim(), output.ToString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData(KeysCommand.Signer)]
    [InlineData(KeysCommand.Relayer)]
    [InlineData(KeysCommand.Payer)]
    public void New_OnAnExistingFile_FailsAndKeepsIt(string kind)
    {
        var error = new StringWriter();
        var file = Path.Combine(_folder, "key");
        File.WriteAllText(file, "precious");
        Assert.Equal(1, KeysCommand.Run(kind, file, TextWriter.Null, error));
        Assert.Contains("exists already", error.ToString());
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("--kind", "rsa")]
    [InlineData()]
    public void New_WithoutWhatItNeeds_IsAnErrorOfUse(params string[] more)
    {
        string[] args = more.Length > 0 ? ["keys", "new", "--out", Path.Combine(_folder, "key"), .. more] : ["keys", "new"];
        Assert.NotEmpty(NodeCommands.Create().Parse(args).Errors);
    }
}
