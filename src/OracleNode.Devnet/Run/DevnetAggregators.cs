using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Clock;
using OracleNode.MarketData;

namespace OracleNode.Run;

/// <summary>What Chainlink's network says of currencies, on a local EVM chain: an aggregator each, which reports as the day goes on.</summary>
internal sealed partial class DevnetAggregators(AnvilChain chain, ScaledMarketClock clock, ulong seed, ILogger logger) : IAsyncDisposable
{
    /// <summary>Name of the source that reads them.</summary>
    public const string SourceName = "chainlink";

    /// <summary>A new round every few seconds, where the network's own comes at a deviation or after a day.</summary>
    private static readonly TimeSpan ReportPause = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<(string Currency, PriceAggregator Aggregator)> _aggregators = [];
    private Task _reporting = Task.CompletedTask;

    /// <summary>Where they stand, by currency.</summary>
    public IEnumerable<(string Currency, EvmAddress Address)> Addresses => _aggregators.Select(a => (a.Currency, a.Aggregator.Address));

    /// <summary>Places them with a first round each, and lets them report from then on.</summary>
    /// <exception cref="ChainException">One did not land.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var contracts = new TokenContracts(chain.Rpc);
        foreach (var currency in DevnetFeeds.Currencies)
        {
            var aggregator = await PriceAggregator.DeployAsync(contracts, currency, cancellationToken);
            _aggregators.Add((currency, aggregator));
        }

        await ReportAsync(cancellationToken);
        _reporting = Task.Run(KeepReportingAsync, CancellationToken.None);
    }

    /// <summary>Adds the source that reads them to the node's configuration.</summary>
    public void AddTo(JsonObject node) => node["Sources"]!.AsArray().Add(new JsonObject
    {
        ["Name"] = SourceName,
        ["Vendor"] = "Chainlink",
        ["Upstream"] = "chainlink",
        ["Url"] = chain.RpcUrl.ToString(),
        ["Symbols"] = new JsonArray([.. Addresses.Select(a => new JsonObject { ["Symbol"] = a.Address.ToString(), ["Currency"] = a.Currency })]),
        ["Chainlink"] = new JsonObject
        {
            ["ChainId"] = chain.ChainId,
            ["PollPeriod"] = "00:00:01",
            ["MaxBlockAge"] = Text(MaxBlockAge(clock.Speed)),
        },
    });

    /// <summary>How old a reading of a currency may be: its block may be old, and then the reading stands until the next.</summary>
    /// <param name="speed">Market seconds per second.</param>
    public static string Freshness(double speed) => Text(TimeSpan.FromSeconds(Math.Max(600, 2 * MaxBlockAge(speed).TotalSeconds)));

    /// <summary>A block is a little behind in real time, and so much more in a fast replay's.</summary>
    private static TimeSpan MaxBlockAge(double speed) => TimeSpan.FromSeconds(Math.Ceiling(Math.Max(120, 15 * speed)));

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reporting;
        _stopping.Dispose();
    }

    /// <summary>One after the other: the chain numbers what its own account sends, and two at once could get one number.</summary>
    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        foreach (var (currency, aggregator) in _aggregators) await aggregator.ReportAsync(CurrencyPath.At(seed, currency, clock.Now), cancellationToken);
    }

    private async Task KeepReportingAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(ReportPause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!_stopping.IsCancellationRequested) await ReportAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ChainException e)
            {
                // A chain that ended says so itself; one that is busy gets the next round.
                LogReportFailed(chain.Name, e.Message);
            }
        }
    }

    [LoggerMessage(EventId = 9102, EventName = "ReportFailed", Level = LogLevel.Warning, Message = "The aggregators on {Chain} did not report: {Problem}")]
    private partial void LogReportFailed(string chain, string problem);
}
