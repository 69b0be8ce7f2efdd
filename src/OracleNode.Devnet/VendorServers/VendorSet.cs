using OracleNode.Clock;
using OracleNode.MarketData;
using OracleNode.VendorServers.Alpaca;
using OracleNode.VendorServers.Bitstamp;
using OracleNode.VendorServers.Bybit;
using OracleNode.VendorServers.Finazon;
using OracleNode.VendorServers.Kraken;
using OracleNode.VendorServers.Massive;

namespace OracleNode.VendorServers;

/// <summary>The three vendors over one market and one clock, each with its own view of it, and the markets of tokens beside them.</summary>
internal sealed class VendorSet : IAsyncDisposable
{
    public VendorSet(MarketTimeline timeline, ScaledMarketClock clock, VendorSetOptions options)
    {
        Massive = new MassiveServer(VendorViews.Massive(timeline, options.Views), clock, options.Massive);
        Alpaca = new AlpacaServer(VendorViews.Alpaca(timeline, options.Views), clock, options.Alpaca);
        Finazon = new FinazonServer(VendorViews.Finazon(timeline, options.Views), timeline.Symbols, clock, options.Finazon);
        if (options.KrakenPairs.Count > 0)
            Kraken = new KrakenServer(options.KrakenPairs, TokenViews.Of(timeline, options.KrakenPairs, KrakenPremiumBps, options.Views.Seed), clock, options.Kraken);
        if (options.BybitPairs.Count > 0)
            Bybit = new BybitServer(options.BybitPairs, TokenViews.Of(timeline, options.BybitPairs, BybitPremiumBps, options.Views.Seed), clock, options.Bybit);
        if (options.BitstampPairs.Count > 0)
            Bitstamp = new BitstampServer(options.BitstampPairs, TokenViews.Of(timeline, options.BitstampPairs, premiumBps: 0, options.Views.Seed), clock, options.Bitstamp);
        All = [Massive, Alpaca, Finazon, .. new IVendorServer?[] { Kraken, Bybit, Bitstamp }.OfType<IVendorServer>()];
    }

    private const int KrakenPremiumBps = 8;
    private const int BybitPremiumBps = 12;

    public MassiveServer Massive { get; }

    public AlpacaServer Alpaca { get; }

    public FinazonServer Finazon { get; }

    /// <summary>Null when it has nothing to list.</summary>
    public KrakenServer? Kraken { get; }

    /// <summary>Null when it has nothing to list.</summary>
    public BybitServer? Bybit { get; }

    /// <summary>Null when it has nothing to list.</summary>
    public BitstampServer? Bitstamp { get; }

    public IReadOnlyList<IVendorServer> All { get; }

    /// <summary>Ends when the day does; fails as soon as one vendor's data cannot be read on.</summary>
    public Task Completion => CompleteAsync();

    /// <summary>Starts all; each has caught up with the clock when this returns.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(All.Select(server => server.StartAsync(cancellationToken)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in All) await server.DisposeAsync();
    }

    private async Task CompleteAsync()
    {
        var playing = All.Select(server => server.Completion).ToList();
        while (playing.Count > 0)
        {
            var ended = await Task.WhenAny(playing);
            await ended;
            playing.Remove(ended);
        }
    }
}
