using System.Globalization;
using System.Text.Json;
using NodaTime;

namespace OracleNode.Fixtures;

/// <summary>A generated day without a node: each test starts its own, and stops it.</summary>
public sealed class RestartableSystem : LocalSystem
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    public RestartableSystem() : base(new Run.DevnetOptions { From = new LocalTime(9, 40), Speed = 5 })
    {
    }

    public override async ValueTask InitializeAsync()
    {
        try
        {
            await StartDevnetAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>What the node answers over HTTP.</summary>
    internal async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(new Uri(Devnet.Node!.Urls.Single()), path), Cancelled);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>A metric without labels, as Prometheus would read it.</summary>
    internal async Task<double> MetricAsync(string name)
    {
        var (status, body) = await GetAsync("/metrics");
        Assert.Equal(200, status);
        var line = Assert.Single(body.Split('\n'), l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(name.Length + 1), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>The verdict of <c>/readyz</c> and the conditions that do not hold.</summary>
    internal async Task<(int Status, bool Ready, IReadOnlyList<string> Failing)> ReadinessAsync()
    {
        var (status, body) = await GetAsync("/readyz");
        using var json = JsonDocument.Parse(body);
        var conditions = json.RootElement.GetProperty("conditions").EnumerateArray().ToList();
        Assert.NotEmpty(conditions);
        return (status, json.RootElement.GetProperty("ready").GetBoolean(), [.. conditions.Where(c => !c.GetProperty("holds").GetBoolean()).Select(c => c.GetProperty("name").GetString()!)]);
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class Restarts : ICollectionFixture<RestartableSystem>
{
    public const string Name = "restarts";
}
