using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Run;
using Xunit.Sdk;

namespace OracleNode.Fixtures;

/// <summary>
/// The whole system on this machine, once for several tests, with a wire to each chain that can be cut. Each test leaves it as it
/// found it: every vendor and chain up.
/// </summary>
public abstract class LocalSystem : IAsyncLifetime
{
    /// <summary>How long anything may take on a small machine that is busy with other things.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(50);

    private readonly DevnetOptions _options;
    private readonly LogBook _log = new();
    private readonly List<IAsyncDisposable> _owned = [];
    private Devnet? _devnet;

    private protected LocalSystem(DevnetOptions options) => _options = options;

    internal Devnet Devnet => _devnet!;

    internal IReadOnlyList<EvmReader> EvmReaders { get; private set; } = [];

    internal SolanaReader SolanaReader { get; private set; } = null!;

    /// <summary>All three, each read without the node.</summary>
    internal IReadOnlyList<IChainReader> Readers => [.. EvmReaders, SolanaReader];

    /// <summary>The node's wire to each chain, by the chain's name.</summary>
    internal IReadOnlyDictionary<string, LoopbackRelay> Wires { get; private set; } = new Dictionary<string, LoopbackRelay>();

    /// <summary>What the node says of itself.</summary>
    internal NodeSnapshot Snapshot => Devnet.Snapshot ?? throw new InvalidOperationException("The node has not made a pass yet.");

    internal static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        try
        {
            await StartDevnetAsync();
            await StartNodeAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_devnet is not null) await _devnet.DisposeAsync();
        _devnet = null;
        foreach (var owned in _owned) await owned.DisposeAsync();
        _owned.Clear();
        _log.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a node on Devnet's configuration and waits for its first pass.</summary>
    internal async Task StartNodeAsync()
    {
        await Devnet.StartNodeAsync(Cancelled);
        await UntilAsync("the node makes a pass", () => Devnet.Snapshot is not null);
    }

    /// <summary>Stops the node and waits until nothing of it is under way any more (Solana's engine executes on arrival).</summary>
    internal async Task StopNodeAsync()
    {
        await Devnet.StopNodeAsync();
        foreach (var chain in EvmReaders) await UntilAsync($"nothing waits on {chain.Name}", async () => await chain.WaitingAsync() == 0);
    }

    /// <summary>Changes the configuration that the next node starts with.</summary>
    internal void Configure(Action<JsonObject> change)
    {
        var root = JsonNode.Parse(File.ReadAllText(Devnet.ConfigurationPath))!;
        change(root["OracleNode"]!.AsObject());
        File.WriteAllText(Devnet.ConfigurationPath, root.ToJsonString());
    }

    internal FeedId IdOf(string feed) => Snapshot.Feeds.Single(f => f.Name == feed).Id;

    internal IEnumerable<(string Name, FeedId Id)> Feeds => Snapshot.Feeds.Select(f => (f.Name, f.Id));

    /// <summary>Every vendor is connected, every chain holds a fresh price of every feed, of every upstream that is wanted.</summary>
    internal async Task SettledAsync()
    {
        await UntilAsync("every source is connected", () => Snapshot.Sources.All(s => s.Connected));
        await UntilAsync("every feed is live", () => Snapshot.Feeds.All(f => f.State == FeedState.Live && f.Upstreams == Snapshot.Sources.Count(s => s.HasPrices)));
        await UntilAsync("every feed is fresh on every chain", async () =>
        {
            foreach (var (_, id) in Feeds)
            {
                foreach (var chain in Readers)
                {
                    if (await chain.ReadAsync(id) is not { IsFresh: true }) return false;
                }
            }

            return true;
        });
    }

    /// <summary>What each chain holds for a feed, once all of it is as asked.</summary>
    internal async Task<IReadOnlyList<PublishedRecord>> UntilOnEveryChainAsync(string what, string feed, Func<PublishedRecord, bool> holds)
    {
        var id = IdOf(feed);
        var found = new List<PublishedRecord>();
        foreach (var chain in Readers)
        {
            found.Add(await UntilFoundAsync($"{chain.Name}, {feed}: {what}", async () => await chain.ReadAsync(id) is { } record && holds(record) ? record : null));
        }

        return found;
    }

    internal Task UntilAsync(string what, Func<bool> holds) => UntilAsync(what, () => Task.FromResult(holds()));

    internal Task UntilAsync(string what, Func<Task<bool>> holds) => UntilFoundAsync(what, async () => await holds() ? "" : null);

    /// <summary>Asks until there is an answer; fails with everything that is known after <see cref="Patience"/>.</summary>
    internal async Task<T> UntilFoundAsync<T>(string what, Func<Task<T?>> probe) where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await probe() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(started) > Patience) Assert.Fail($"After {Patience} it still does not hold that {what}.{Environment.NewLine}{Describe()}");
            await Task.Delay(ProbePause, Cancelled);
        }
    }

    /// <summary>For what holds of a node that gets its time: asserts until all of it passes at one go; fails with the last complaint after <see cref="Patience"/>.</summary>
    internal async Task UntilPassesAsync(Func<Task> assertions)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await assertions();
                return;
            }
            catch (XunitException) when (TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(ProbePause, Cancelled);
            }
        }
    }

    /// <summary>Runs something again and again while something else takes its time.</summary>
    internal async Task WhileAsync(string what, Func<bool> over, Func<Task> check)
    {
        await UntilAsync(what, async () =>
        {
            await check();
            return over();
        });
    }

    /// <summary>The system in words.</summary>
    internal string Describe()
    {
        if (Devnet.Snapshot is not { } s) return $"The node has made no pass.{Environment.NewLine}{_log}";
        var lines = s.Feeds.Select(f => $"{f.Name}: {f.State} {f.HoldReasons} by {f.DecisionReason}, {f.Price} observed {f.ObservedAt}, {f.Upstreams} upstreams")
            .Concat(s.Sources.Select(v => $"{v.Name}: {v.Status} {v.Problem}, received {v.Received}"))
            .Concat(s.Chains.Select(c => $"{c.Name}: connected {c.Connected}, landed {c.Landed}, failed {c.Failed}, {c.Problem}; " + string.Join(", ", c.Feeds.Select(f => $"{f.Feed} {f.State} {f.Price} {f.Sequence}"))));
        return string.Create(CultureInfo.InvariantCulture, $"At {s.TakenAt}, {s.BatchesSigned} batches signed, {s.SigningProblem}{Environment.NewLine}{string.Join(Environment.NewLine, lines)}{Environment.NewLine}{_log}");
    }

    /// <summary>The cadences of a configuration, by session.</summary>
    private protected static IEnumerable<(string Session, JsonObject Cadence)> Cadences(JsonObject node) =>
        node["Publishing"]!.AsObject().Where(p => p.Value is JsonObject).Select(p => (p.Key, p.Value!.AsObject()));

    /// <summary>What the tests change of Devnet's own configuration of the node; more may follow in a fixture.</summary>
    private protected virtual void Adjust(JsonObject node)
    {
    }

    private protected async Task StartDevnetAsync()
    {
        _devnet = await Devnet.StartAsync(_options, _log.Add, _log.Factory, Cancelled);
        EvmReaders = [.. Devnet.Evm.Select(e => Own(new EvmReader(e.Chain.Name, e.Chain.RpcUrl, e.Deployed.Contract.ToString())))];
        SolanaReader = Own(new SolanaReader(
            Devnet.Solana.Name, Devnet.Solana.RpcUrl, Devnet.Keys.Payer.Address.ToString(), Devnet.SolanaDeployed.Program.ToString(), Updates.BatchMessage.DeploymentId(Devnet.Deployment)));
        Wires = new Dictionary<string, LoopbackRelay>
        {
            [Devnet.Arbitrum.Name] = Own(new LoopbackRelay(Devnet.Arbitrum.RpcUrl)),
            [Devnet.Base.Name] = Own(new LoopbackRelay(Devnet.Base.RpcUrl)),
            [Devnet.Solana.Name] = Own(new LoopbackRelay(Devnet.Solana.RpcUrl)),
        };
        Configure(node =>
        {
            foreach (var chain in node["Chains"]!.AsObject().SelectMany(kind => kind.Value!.AsArray()))
            {
                chain!["RpcUrl"] = Wires[(string)chain["Name"]!].Url;
            }

            // A chain that stands still is given up on sooner, and a vendor that was away is found again sooner, than on a real network.
            foreach (var chain in node["Chains"]!["Evm"]!.AsArray())
            {
                chain!["ReceiptTimeout"] = "00:00:05";
                chain["ReplaceAfter"] = "00:00:02";
            }

            foreach (var source in node["Sources"]!.AsArray()) source!["Reconnect"] = new JsonObject { ["MaxDelay"] = "00:00:01" };

            // Two seconds of real time: what a test waits for is attested soon, moved or not. A quick replay must not move out of reach of
            // the deviation, though: with a transaction under way at any time no two chains would hold the same sequence.
            var heartbeat = TimeSpan.FromSeconds(2 * _options.Speed).ToString("c", CultureInfo.InvariantCulture);
            foreach (var (session, cadence) in Cadences(node))
            {
                cadence["DeviationBps"] = 10;
                cadence["Attestation"] = heartbeat;
                if (session != "Closed") cadence["Heartbeat"] = heartbeat;
            }

            Adjust(node);
        });
    }

    private protected T Own<T>(T part) where T : IAsyncDisposable
    {
        _owned.Add(part);
        return part;
    }

    /// <summary>Market time from now.</summary>
    internal Instant In(Duration marketTime) => Devnet.Clock.Now + marketTime;
}
