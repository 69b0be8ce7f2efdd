using Microsoft.Extensions.Configuration;
using NodaTime;
using OracleNode.Configuration;
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
        Assert.Equal(1, await CheckCommand.RunAsync(Path.Combine(_folder, "none.json"), false, _output, _error, TestContext.Current.CancellationToken));
        Assert.Contains("there is no such file", _error.ToString());
    }

    [Fact]
    public async Task FolderInPlaceOfAFile_Checked_IsSaid()
    {
        Assert.Equal(1, await CheckCommand.RunAsync(_folder, false, _output, _error, TestContext.Current.CancellationToken));
        Assert.Contains(_folder, _error.ToString());
    }

    [Fact]
    public async Task BrokenJson_Checked_IsSaid()
    {
        var file = Path.Combine(_folder, "broken.json");
        await File.WriteAllTextAsync(file, "{ \"OracleNode\": ", TestContext.Current.CancellationToken);
        Assert.Equal(1, await CheckCommand.RunAsync(file, false, _output, _error, TestContext.Current.CancellationToken));
        Assert.Contains("broken.json", _error.ToString());
    }

    [Fact]
    public async Task ExampleWithoutItsKeyFiles_Checked_NamesEveryOne()
    {
        Assert.Equal(1, await CheckCommand.RunAsync(Example(), false, _output, _error, TestContext.Current.CancellationToken));
        foreach (var file in new[] { "signer.pem", "relayer.hex", "payer.json" }) Assert.Contains(file, _error.ToString());
    }

    [Fact]
    public async Task ExampleWithItsKeyFiles_Checked_IsGood()
    {
        KeyFile.Create(Path.Combine(_folder, "signer.pem"));
        Chains.Evm.EvmAccount.CreateFile(Path.Combine(_folder, "relayer.hex"));
        Chains.Solana.SolanaKeyFile.Create(Path.Combine(_folder, "payer.json")).Dispose();

        var code = await CheckCommand.RunAsync(Example(), false, _output, _error, TestContext.Current.CancellationToken);

        Assert.Equal("", _error.ToString());
        Assert.Equal(0, code);
        Assert.Contains("5 feeds, 5 sources, 3 chains", _output.ToString());
        Assert.Contains("Longest expected time without an observation", _output.ToString());
    }

    [Fact]
    public void LongestGaps_OfTheShippedExample_AreThoseOfItsSourcesSessions()
    {
        var settings = NodeSettingsFactory.Create(ConfigurationFile.Read(RepositoryFiles.Path("appsettings.json")));
        var calendar = NodeHost.ReadCalendar(settings.Options).Current.Calendar;

        // From Christmas Eve's early close on; nobody votes overnight, so Sunday's evening does not end it.
        Assert.Equal(
            "  TSLA, AAPL, SPY, TSLAx, SPYx: 83 h, 2026-12-24T22:00Z to 2026-12-28T09:00Z; a consumer's limit on the age of observedAt while closed: 84 h or more",
            ObservationGaps.Describe(settings, calendar, Instant.FromUtc(2026, 6, 10, 15, 0)).Last());
    }

    [Fact]
    public void LongestGaps_OfAFeedWithAnOvernightSource_AreItsOwn()
    {
        var settings = NodeSettingsFactory.Create(new ConfigurationBuilder()
            .AddJsonFile(RepositoryFiles.Path("appsettings.json"))
            .AddInMemoryCollection([new("OracleNode:Feeds:0:Pricing:Overnight:Sources:0", "alpaca-iex")])
            .Build());
        var lines = ObservationGaps.Describe(settings, NodeHost.ReadCalendar(settings.Options).Current.Calendar, Instant.FromUtc(2026, 6, 10, 15, 0)).ToList();
        Assert.Equal(3, lines.Count);
        Assert.StartsWith("  TSLA, TSLAx: ", lines[1]);
        Assert.StartsWith("  AAPL, SPY, SPYx: ", lines[2]);
    }

    /// <summary>The shipped example with its key files in this test's folder.</summary>
    private string Example()
    {
        var file = Path.Combine(_folder, "appsettings.json");
        File.WriteAllText(file, File.ReadAllText(RepositoryFiles.Path("appsettings.json")).Replace("\"keys/", $"\"{_folder}/", StringComparison.Ordinal));
        return file;
    }
}
