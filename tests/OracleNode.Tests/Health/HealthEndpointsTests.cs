using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Commands;
using OracleNode.Configuration;
using OracleNode.Signing;

namespace OracleNode.Health;

/// <summary>A whole node on the shipped configuration, with nothing that answers: no vendor, no chain, no Redis.</summary>
public sealed partial class HealthEndpointsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-host-").FullName;
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    private readonly HttpClient _http = new();
    private WebApplication _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = NodeHost.Build(Configuration("http://127.0.0.1:0"), logging: l => l.ClearProviders());
        await _node.StartAsync(_stop.Token);
        _http.BaseAddress = new Uri(Address(_node));
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task NodeWithNothingThatAnswers_Asked_IsAliveAndNotReadyForItsReasons()
    {
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/livez", _stop.Token)).StatusCode);

        var conditions = await ConditionsAsync();
        while (!conditions.ContainsKey("chains"))
        {
            await Task.Delay(10, _stop.Token);
            conditions = await ConditionsAsync();
        }

        Assert.True(conditions["pipeline"]);
        Assert.False(conditions["restored"]);
        Assert.False(conditions["chains"]);
    }

    [Fact]
    public async Task Metrics_Scraped_AreTextInWhichEveryLineParses()
    {
        while (!(await ConditionsAsync()).ContainsKey("chains")) await Task.Delay(10, _stop.Token);
        using var answer = await _http.GetAsync("/metrics", _stop.Token);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(_stop.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(MetricLine(), line));
        foreach (var name in new[] { "oracle_node_pipeline_pass_age_seconds", "oracle_node_signing", "oracle_node_pass_faults_total", "oracle_chain_connected", "oracle_redis_up", "oracle_alarms_total", "oracle_feed_verdict", "oracle_chain_feed_verdict" })
        {
            Assert.Contains(lines, line => line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "{", StringComparison.Ordinal));
        }

        // Label values are configured names and those of the rules, so that a scrape does not grow with what the world says; of the calendar it is the one version in force.
        Assert.Single(lines, l => l.StartsWith("oracle_calendar_info{", StringComparison.Ordinal));
        var labels = lines.Where(l => !l.StartsWith("oracle_calendar_info", StringComparison.Ordinal)).SelectMany(l => Label().Matches(l)).Select(m => m.Groups[1].Value).Distinct().Order();
        Assert.Subset(
            new HashSet<string>(["TSLA", "AAPL", "SPY", "TSLAx", "SPYx", "arbitrum", "base", "solana", "massive-nasdaq-basic", "alpaca-iex", "finazon-sip", "nasdaq-halts", "nyse-halts", "xstocks-api", "0.5", "0.99",
                .. Enum.GetNames<Pipeline.AlarmKind>(), .. Enum.GetNames<Guards.DecisionReason>()]),
            labels.ToHashSet());
    }

    [Fact]
    public async Task Readyz_Asked_SaysWhatEachFeedIsWorth()
    {
        while (!(await ConditionsAsync()).ContainsKey("chains")) await Task.Delay(10, _stop.Token);
        var json = JsonNode.Parse(await (await _http.GetAsync("/readyz", _stop.Token)).Content.ReadAsStringAsync(_stop.Token))!;
        Assert.Equal(["TSLA", "AAPL", "SPY", "TSLAx", "SPYx"], json["feeds"]!.AsArray().Select(f => (string)f!["name"]!));
        Assert.All(json["feeds"]!.AsArray(), f => Assert.Equal(("unknown", "NotRestored"), ((string)f!["verdict"]!, (string)f["reason"]!)));
        Assert.All(json["feeds"]!.AsArray(), f => Assert.Empty(f!["chains"]!.AsObject()));
    }

    [Fact]
    public async Task HealthVerb_AgainstTheNode_SaysWhatIsMissing()
    {
        var file = WriteConfiguration(_http.BaseAddress!.ToString());
        var error = new StringWriter();
        Assert.Equal(1, await HealthCommand.RunAsync(file, TextWriter.Null, error, _stop.Token));
        Assert.StartsWith("not ready: ", error.ToString());
    }

    [Fact]
    public async Task HealthVerb_WithNobodyThere_IsNotReady()
    {
        var error = new StringWriter();
        Assert.Equal(1, await HealthCommand.RunAsync(WriteConfiguration("http://127.0.0.1:1"), TextWriter.Null, error, _stop.Token));
        Assert.NotEqual("", error.ToString());
    }

    [Theory]
    [InlineData("http://0.0.0.0:9464", "http://127.0.0.1:9464/readyz")]
    [InlineData("http://[::]:9464", "http://127.0.0.1:9464/readyz")]
    [InlineData("http://10.1.2.3:80", "http://10.1.2.3/readyz")]
    public void ListenAddress_Asked_IsReachable(string listen, string url) => Assert.Equal(url, HealthCommand.ReadinessUrl(listen).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("http://127.0.0.1:0")]
    public void ListenAddressThatNobodyKnows_Asked_IsAnError(string listen) => Assert.Throws<ConfigurationException>(() => HealthCommand.ReadinessUrl(listen));

    [Fact]
    public async Task NodeWithNothingThatAnswers_Stopped_EndsWithinItsTime()
    {
        var stopping = System.Diagnostics.Stopwatch.StartNew();
        await _node.StopAsync(_stop.Token);
        Assert.True(stopping.Elapsed < TimeSpan.FromSeconds(8), $"{stopping.Elapsed}");
    }

    private async Task<Dictionary<string, bool>> ConditionsAsync()
    {
        using var answer = await _http.GetAsync("/readyz", _stop.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(_stop.Token))!;
        Assert.False((bool)json["ready"]!);
        return json["conditions"]!.AsArray().ToDictionary(c => (string)c!["name"]!, c => (bool)c!["holds"]!);
    }

    private static string Address(WebApplication node) => node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private IConfigurationRoot Configuration(string listen)
    {
        KeyFile.Create(Path.Combine(_folder, "signer.pem"));
        EvmAccount.CreateFile(Path.Combine(_folder, "relayer.hex"));
        SolanaKeyFile.Create(Path.Combine(_folder, "payer.json")).Dispose();
        return ConfigurationFile.Read(WriteConfiguration(listen));
    }

    /// <summary>The shipped example with this test's keys, and every address on a port where nobody listens.</summary>
    private string WriteConfiguration(string listen)
    {
        var text = File.ReadAllText(RepositoryFiles.Path("appsettings.json")).Replace("\"keys/", $"\"{_folder}/", StringComparison.Ordinal);
        var json = JsonNode.Parse(Rpc().Replace(text, "http://127.0.0.1:1"))!;
        var node = json["OracleNode"]!;
        foreach (var source in node["Sources"]!.AsArray()) source!["Url"] = (string)source["Vendor"]! is "NasdaqTrader" or "Nyse" ? "http://127.0.0.1:1/halts" : "ws://127.0.0.1:1/stream";
        node["Sources"]!.AsArray().Single(s => (string)s!["Vendor"]! == "Finazon")!["Url"] = "http://127.0.0.1:1";
        node["Redis"]!["Configuration"] = "127.0.0.1:1";
        node["Health"]!["Listen"] = listen;
        var file = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid()}.json"));
        File.WriteAllText(file, json.ToJsonString());
        return file;
    }

    [GeneratedRegex("https://[a-z]+-rpc.example")]
    private static partial Regex Rpc();

    [GeneratedRegex("=\"([^\"]*)\"")]
    private static partial Regex Label();

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? -?[0-9.e+-]+)$""")]
    private static partial Regex MetricLine();
}
