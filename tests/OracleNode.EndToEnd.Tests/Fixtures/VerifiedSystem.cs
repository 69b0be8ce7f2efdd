using System.Text.Json.Nodes;
using OracleNode.Health;
using OracleNode.Publishing;

namespace OracleNode.Fixtures;

/// <summary>
/// A running node that lands every feed once and then leaves it alone, so that a test can meddle with what the chains hold; AAPL
/// alone is published all the time.
/// </summary>
public sealed class VerifiedSystem : IAsyncLifetime
{
    /// <summary>Published every two seconds of real time.</summary>
    internal const string Busy = "AAPL";

    /// <summary>Seconds of market time between two records of it.</summary>
    private const string BusyHeartbeat = "00:00:10";

    internal RestartableSystem System { get; } = new();

    public async ValueTask InitializeAsync()
    {
        try
        {
            await System.InitializeAsync();
            System.Configure(node =>
            {
                var publishing = node["Publishing"]!.AsObject();
                foreach (var (session, cadence) in publishing.Where(c => c.Value is JsonObject).ToList())
                {
                    cadence!["DeviationBps"] = 5_000;
                    cadence["Attestation"] = "1.00:00:00";
                    if (session != "Closed") cadence["Heartbeat"] = "1.00:00:00";
                }

                // A record has to outlast the pause before the next one.
                foreach (var feed in node["Feeds"]!.AsArray().Where(f => f!["Instrument"] is not null))
                {
                    var pricing = new JsonObject { ["ClosedMaxAge"] = "2.00:00:00" };
                    foreach (var session in new[] { "PreMarket", "Regular", "PostMarket", "Overnight" }) pricing[session] = new JsonObject { ["MaxAge"] = "2.00:00:00" };
                    feed!["Pricing"] = pricing;
                }

                publishing["Overrides"] = new JsonArray(new JsonObject { ["Feed"] = Busy, ["Regular"] = new JsonObject { ["Heartbeat"] = BusyHeartbeat } });
            });
            await System.StartNodeAsync();
            await System.SettledAsync();
        }
        catch
        {
            await System.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await System.DisposeAsync();

    /// <summary>What the node finds of a feed on a chain.</summary>
    internal ParityFinding ParityOf(string chain, string feed) => System.Snapshot.Chains.Single(c => c.Name == chain).Feeds.Single(f => f.Feed == feed).Parity;

    internal Task UntilAsync(string chain, string feed, ParityVerdict verdict) =>
        System.UntilAsync($"{feed} on {chain} {verdict}; it is {ParityOf(chain, feed)}", () => ParityOf(chain, feed).Verdict == verdict);
}
