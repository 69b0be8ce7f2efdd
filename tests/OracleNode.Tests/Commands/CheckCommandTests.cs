using OracleNode.Signing;

namespace OracleNode.Commands;

public sealed class CheckCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-check-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task MissingFile_Checked_IsSaid()
    {
        Assert.Equal(1, await CheckCommand.RunAsync(Path.Combine(_folder, "none.json"), _output, _error));
        Assert.Contains("there is no such file", _error.ToString());
    }

    [Fact]
    public async Task FolderInPlaceOfAFile_Checked_IsSaid()
    {
        Assert.Equal(1, await CheckCommand.RunAsync(_folder, _output, _error));
        Assert.Contains(_folder, _error.ToString());
    }

    [Fact]
    public async Task BrokenJson_Checked_IsSaid()
    {
        var file = Path.Combine(_folder, "broken.json");
        await File.WriteAllTextAsync(file, "{ \"OracleNode\": ", TestContext.Current.CancellationToken);
        Assert.Equal(1, await CheckCommand.RunAsync(file, _output, _error));
        Assert.Contains("broken.json", _error.ToString());
    }

    [Fact]
    public async Task ExampleWithoutItsKeyFiles_Checked_NamesEveryOne()
    {
        Assert.Equal(1, await CheckCommand.RunAsync(Example(), _output, _error));
        foreach (var file in new[] { "signer.pem", "relayer.hex", "payer.json" }) Assert.Contains(file, _error.ToString());
    }

    [Fact]
    public async Task ExampleWithItsKeyFiles_Checked_IsGood()
    {
        KeyFile.Create(Path.Combine(_folder, "signer.pem"));
        Chains.Evm.EvmAccount.CreateFile(Path.Combine(_folder, "relayer.hex"));
        Chains.Solana.SolanaKeyFile.Create(Path.Combine(_folder, "payer.json")).Dispose();

        var code = await CheckCommand.RunAsync(Example(), _output, _error);

        Assert.Equal("", _error.ToString());
        Assert.Equal(0, code);
        Assert.Contains("5 feeds, 5 sources, 3 chains", _output.ToString());
    }

    /// <summary>The shipped example with its key files in this test's folder.</summary>
    private string Example()
    {
        var file = Path.Combine(_folder, "appsettings.json");
        File.WriteAllText(file, File.ReadAllText(RepositoryFiles.Path("appsettings.json")).Replace("\"keys/", $"\"{_folder}/", StringComparison.Ordinal));
        return file;
    }
}
