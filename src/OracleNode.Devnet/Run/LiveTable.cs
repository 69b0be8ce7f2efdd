using System.Globalization;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.MarketData;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OracleNode.Run;

/// <summary>Feeds by chains, live. On a terminal it is redrawn in place; elsewhere it is printed every few seconds.</summary>
internal sealed class LiveTable : IAsyncDisposable
{
    private static readonly TimeSpan PrintPeriod = TimeSpan.FromSeconds(10);

    // A log file has no width; the table needs about this much.
    private const int RedirectedWidth = 260;

    private readonly Devnet _devnet;
    private readonly Dictionary<FeedId, Feed> _feeds;
    private readonly LiveDisplayContext? _live;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing = Task.CompletedTask;
    private long _printedAt;

    public LiveTable(Devnet devnet)
    {
        _devnet = devnet;
        _feeds = devnet.Feeds.ToDictionary(FeedIdentity.Compute);
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = RedirectedWidth;
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected) return;
        var ready = new TaskCompletionSource<LiveDisplayContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        _drawing = AnsiConsole.Live(new Text("waiting for the first pass")).StartAsync(async context =>
        {
            ready.SetResult(context);
            await _ended.Task;
        });
        _live = ready.Task.GetAwaiter().GetResult();
    }

    public void Show(NodeSnapshot? snapshot)
    {
        if (snapshot is null) return;
        if (_live is not null)
        {
            _live.UpdateTarget(Render(snapshot));
            return;
        }

        if (_printedAt != 0 && TimeProvider.System.GetElapsedTime(_printedAt) < PrintPeriod) return;
        _printedAt = TimeProvider.System.GetTimestamp();
        AnsiConsole.Write(Render(snapshot));
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _drawing;
    }

    private Rows Render(NodeSnapshot snapshot)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("feed", "price", "unit", "± bps", "session", "state", "age", "used", "made from");
        foreach (var chain in snapshot.Chains) table.AddColumn(new TableColumn(Markup.Escape($"{chain.Name}: price, age, sequence, updates")).NoWrap());
        foreach (var feed in snapshot.Feeds)
        {
            var cells = new List<string>
            {
                feed.Name,
                feed.Price.IsNone ? "-" : Short(feed.Price),
                FeedLabels.UnitOf(_feeds[feed.Id]),
                feed.Price.IsNone ? "-" : (feed.ConfidenceE8 * 10_000.0 / feed.Price.E8).ToString("F1", CultureInfo.InvariantCulture),
                feed.Session.ToString(),
                StateOf(feed),
                Age(snapshot.TakenAt, feed.ObservedAt),
                $"{feed.SourcesUsed} of {feed.SourcesUsed + feed.SourcesRejected}",
                Basis(snapshot, _feeds[feed.Id]),
            };
            foreach (var chain in snapshot.Chains)
            {
                var held = chain.Feeds.First(f => f.Feed == feed.Name);
                cells.Add(held.Sequence == 0 ? "-" : $"{Short(held.Price)}  {Age(snapshot.TakenAt, held.ObservedAt)}  {held.Sequence}  {held.Updates}");
            }

            table.AddRow([.. cells.Select(c => (IRenderable)new Text(c))]);
        }

        var newYork = snapshot.TakenAt.InZone(MarketTimeline.NewYork);
        var chains = string.Join(", ", snapshot.Chains.Select(c => $"{c.Name} {(c.Connected ? "up" : "down")} {c.LastCostUnits?.ToString("N0", CultureInfo.InvariantCulture) ?? "-"} {(c.Kind == Chains.ChainKind.Evm ? "gas" : "CU")}"));
        var sources = string.Join(", ", snapshot.Sources.Select(s => $"{s.Name} {s.Status} {s.Received:N0}"));
        var latency = snapshot.ReceivedToSigned is { } l ? string.Create(CultureInfo.InvariantCulture, $"received to signed p50 {l.P50:F2} ms p99 {l.P99:F2} ms") : "";
        return new Rows(
            new Text(string.Create(CultureInfo.InvariantCulture, $"{newYork:uuuu-MM-dd HH:mm:ss} New York, {_devnet.Options.Speed}x; {snapshot.BatchesSigned} batches signed; {latency}")),
            table,
            new Text($"last batch: {chains}"),
            new Text($"sources: {sources}"));
    }

    /// <summary>The state, why when that is not plain, and what holds.</summary>
    private static string StateOf(FeedSnapshot feed)
    {
        var why = feed.Reason is DecisionReason.None or DecisionReason.Accepted ? "" : $", {feed.Reason}";
        return feed.State + why + (feed.HoldReasons == HoldReasons.None ? "" : $" ({feed.HoldReasons})");
    }

    /// <summary>What the newest record on any chain was made from: a share's price, or an anchor and its age.</summary>
    private static string Basis(NodeSnapshot snapshot, Feed feed)
    {
        var newest = snapshot.Chains.Select(c => c.Feeds.First(f => f.Feed == feed.Name)).MaxBy(f => f.Sequence);
        if (newest?.Terms is not { } terms) return "";
        return feed.Unit == FeedUnit.IndicativeShare ? $"{Short(terms.Underlying)}, {Age(snapshot.TakenAt, Instant.FromUnixTimeSeconds(terms.ActivationUnixSeconds))} ago" : $"{Short(terms.Underlying)} x {terms.Multiplier}";
    }

    private static string Short(Price price) => (price.E8 / 1e8).ToString("F4", CultureInfo.InvariantCulture);

    private static string Age(Instant now, Instant? then) => then is { } t ? string.Create(CultureInfo.InvariantCulture, $"{(now - t).TotalSeconds:F1} s") : "-";
}
