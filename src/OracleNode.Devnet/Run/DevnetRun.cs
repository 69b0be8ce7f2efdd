using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Configuration;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.MarketData;

namespace OracleNode.Run;

/// <summary>One run from start to report.</summary>
internal static class DevnetRun
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs; 0 only when every feed landed on every chain and every read-back matched.</summary>
    public static async Task<int> RunAsync(DevnetOptions options, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        using var loggers = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(o => o.SingleLine = true));
        try
        {
            await using var devnet = await Devnet.StartAsync(options, step => Say(started, step), loggers, cancellationToken);
            await devnet.StartNodeAsync(cancellationToken);
            var lived = new HashSet<(string Chain, string Feed)>();
            var (first, failure) = await WatchAsync(devnet, started, lived, cancellationToken);
            var report = Report(devnet, first, lived, failure);
            if (options.Report is { } path)
            {
                await report.WriteAsync(path, CancellationToken.None);
                Say(started, $"report written to {path}");
            }

            foreach (var error in report.Errors) await Console.Error.WriteLineAsync("error: " + error);
            Say(started, report.Errors.Count == 0 ? "every feed landed on every chain and was read back equal" : $"{report.Errors.Count} error(s)");
            return report.Errors.Count == 0 ? 0 : 1;
        }
        catch (Exception e) when (e is ChainException or MarketDataException or ConfigurationException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Say(started, "stopped before the node was started");
            return 130;
        }
    }

    /// <summary>Shows the table until the time is up, Ctrl-C, or a part fails.</summary>
    private static async Task<(TimeSpan? FirstLanded, string? Failure)> WatchAsync(Devnet devnet, Stopwatch started, HashSet<(string Chain, string Feed)> lived, CancellationToken cancellationToken)
    {
        TimeSpan? firstLanded = null;
        // The chains' tasks end only by failing; the vendors' also when the day is over, which is no failure.
        Task[] watched = [devnet.Arbitrum.Failure, devnet.Base.Failure, devnet.Solana.Failure, devnet.Vendors.Completion];
        var running = Stopwatch.StartNew();
        await using var table = new LiveTable(devnet);
        while (!cancellationToken.IsCancellationRequested && (devnet.Options.For is not { } limit || running.Elapsed < limit))
        {
            if (firstLanded is null && devnet.Snapshot?.Chains.Any(c => c.Landed > 0) == true) firstLanded = started.Elapsed;
            table.Show(devnet.Snapshot);
            NoteLive(devnet.Snapshot, lived);
            if (watched.FirstOrDefault(t => t.IsFaulted) is { } failed) return (firstLanded, failed.Exception!.InnerException!.Message);
            await Task.Delay(Refresh, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        table.Show(devnet.Snapshot);
        NoteLive(devnet.Snapshot, lived);
        return (firstLanded, null);
    }

    private static void NoteLive(NodeSnapshot? snapshot, HashSet<(string Chain, string Feed)> lived)
    {
        if (snapshot is null) return;
        foreach (var chain in snapshot.Chains)
        {
            foreach (var feed in chain.Feeds.Where(f => f.State == FeedState.Live)) lived.Add((chain.Name, feed.Feed));
        }
    }

    private static DevnetReport Report(Devnet devnet, TimeSpan? firstLanded, HashSet<(string Chain, string Feed)> lived, string? failure)
    {
        var errors = new List<string>();
        if (failure is not null) errors.Add(failure);
        var snapshot = devnet.Snapshot;
        if (snapshot is null) errors.Add("the node never made a pass");
        var chains = devnet.Evm.Select(e => ChainOf(snapshot, e.Chain.Name, "evm", e.Chain.ChainId.ToString(CultureInfo.InvariantCulture), e.Chain.RpcUrl, e.Deployed.Contract.ToString(), e.Deployed.Feeds, devnet.Feeds, lived, errors))
            .Append(ChainOf(snapshot, devnet.Solana.Name, "solana", devnet.Solana.GenesisHash.ToString(), devnet.Solana.RpcUrl, devnet.SolanaDeployed.Program.ToString(), devnet.SolanaDeployed.Feeds, devnet.Feeds, lived, errors))
            .ToList();
        return new DevnetReport
        {
            Chains = chains,
            Redis = devnet.Redis.Configuration,
            Observations = snapshot?.Sources.Sum(s => s.Received) ?? 0,
            BatchesSigned = snapshot?.BatchesSigned ?? 0,
            LatencyMs = new LatencyReport(Percentiles(snapshot?.ReceivedToSigned), Percentiles(snapshot?.ReceivedToLanded)),
            Gas = CostOf(snapshot, ChainKind.Evm),
            ComputeUnits = CostOf(snapshot, ChainKind.Solana),
            SecondsToFirstLanded = firstLanded?.TotalSeconds,
            Errors = errors,
        };
    }

    private static ChainReport ChainOf(NodeSnapshot? snapshot, string name, string kind, string id, Uri rpc, string contract, IReadOnlyList<OnChainFeed> registered, IReadOnlyList<Feed> planned, HashSet<(string Chain, string Feed)> lived, List<string> errors)
    {
        var chain = snapshot?.Chains.FirstOrDefault(c => c.Name == name);
        var feeds = new List<FeedReport>();
        foreach (var (feed, plan) in registered.Zip(planned))
        {
            var at = chain?.Feeds.FirstOrDefault(f => f.Address == feed.Address);
            if (at is null || at.Updates == 0) errors.Add($"{name}: feed {plan.Name} never landed");
            var terms = at?.Terms;
            feeds.Add(new FeedReport(
                plan.Name, feed.Id.ToString(), FeedLabels.UnitOf(plan), feed.Address, TextOf(at?.Price ?? default),
                (at?.State ?? FeedState.Unknown).ToString(), (at?.Session ?? MarketSession.Unknown).ToString(),
                TextOf(terms?.Underlying ?? default), plan.Unit == FeedUnit.IndicativeShare && terms is { } basis ? TextOf(Instant.FromUnixTimeSeconds(basis.ActivationUnixSeconds)) : null,
                at?.Sequence ?? 0, TextOf(at?.ObservedAt), at?.Updates ?? 0, lived.Contains((name, plan.Name))));
        }

        if (chain is { Failed: > 0 }) errors.Add($"{name}: {chain.Failed} batch(es) did not land or were not read back equal; last: {chain.Problem}");
        if (chain is { Connected: false }) errors.Add($"{name}: not connected: {chain.Problem}");
        return new ChainReport(name, kind, id, rpc.ToString(), contract, feeds);
    }

    private static string TextOf(Price price) => price.IsNone ? "" : price.ToString();

    private static string? TextOf(Instant? at) => at?.ToString("uuuu-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static Dictionary<string, long?> CostOf(NodeSnapshot? snapshot, ChainKind kind) =>
        (snapshot?.Chains ?? []).Where(c => c.Kind == kind).ToDictionary(c => c.Name, c => c.LastCostUnits);

    private static PercentilesReport? Percentiles(Pipeline.LatencySummary? summary) =>
        summary is null ? null : new PercentilesReport(summary.Count, Math.Round(summary.P50, 3), Math.Round(summary.P99, 3));

    private static void Say(Stopwatch started, string step) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{started.Elapsed.TotalSeconds,6:F1} s] {step}"));
}
