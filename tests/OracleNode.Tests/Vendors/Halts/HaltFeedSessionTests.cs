using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Vendors.Session;
using OracleNode.VendorServers.Halts;

namespace OracleNode.Vendors.Halts;

/// <summary>The sessions of both lists against servers that speak their formats over real sockets.</summary>
public sealed class HaltFeedSessionTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    private readonly NasdaqTraderServer _nasdaq = new();
    private readonly NyseServer _nyse = new();
    private readonly Sink _sink = new();

    public async ValueTask InitializeAsync()
    {
        await _nasdaq.StartAsync(_stop.Token);
        await _nyse.StartAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _nasdaq.DisposeAsync();
        await _nyse.DisposeAsync();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(VendorKind.NasdaqTrader, "LUDP")]
    [InlineData(VendorKind.Nyse, "LULD Pause")]
    public async Task Halt_Published_ComesThroughTheSocket_AndGarbageTakesNothingBack(VendorKind vendor, string reason)
    {
        HaltListServer server = vendor == VendorKind.NasdaqTrader ? _nasdaq : _nyse;
        var haltedAt = Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds() - 60);
        server.Publish(new HaltRow("BKSY WS", haltedAt, reason, "NYSE"));
        using var session = Session(vendor, server.Url);
        var running = session.RunAsync(_stop.Token);
        var halt = await _sink.NextAsync(_stop.Token);
        Assert.Equal((ObservationKind.Status, HaltReason.VolatilityPause, haltedAt), (halt.Kind, halt.Halt, halt.EventTime));
        Assert.Equal(SessionState.Live, session.Health.State);
        Assert.False(session.Health.ExpectsData);

        server.SendsGarbage = true;
        while (session.Health.LastFault is null) await Task.Delay(20, _stop.Token);
        Assert.Equal(VendorFaultKind.ServerError, session.Health.LastFault.Kind);
        Assert.Equal(0, _sink.Waiting);
        server.SendsGarbage = false;
        server.Publish(new HaltRow("BKSY WS", haltedAt, reason, "NYSE", haltedAt + Duration.FromSeconds(30)));
        Assert.Equal((HaltReason.None, haltedAt + Duration.FromSeconds(30)), await _sink.NextAsync(_stop.Token) is var resumed ? (resumed.Halt, resumed.EventTime) : default);
        await _stop.CancelAsync();
        await running;
    }

    private IVendorSession Session(VendorKind vendor, Uri url)
    {
        var options = new SourceOptions
        {
            Name = "halts",
            Vendor = vendor,
            Upstream = vendor == VendorKind.NasdaqTrader ? VendorUpstreams.NasdaqHalts : VendorUpstreams.NyseHalts,
            Url = url.ToString(),
            Symbols = [new SymbolOptions { Instrument = "BKSYW", Symbol = "BKSY.W" }],
            Halts = new HaltFeedOptions { PollPeriod = TimeSpan.FromSeconds(5) },
            Reconnect = new ReconnectOptions { MinDelay = TimeSpan.FromMilliseconds(10), MaxDelay = TimeSpan.FromMilliseconds(20) },
        };
        var source = new Source(new SourceId(0), "halts", new UpstreamId(0), options.Upstream);
        return new VendorSessionFactory(new SystemMarketClock(TimeProvider.System), TimeProvider.System, _sink, NullLoggerFactory.Instance)
            .Create(options, source, new Dictionary<string, InstrumentId> { ["BKSYW"] = new(0) }, () => true);
    }

    private sealed class Sink : IObservationSink
    {
        private readonly System.Threading.Channels.Channel<Observation> _observations = System.Threading.Channels.Channel.CreateUnbounded<Observation>();

        public int Waiting => _observations.Reader.Count;

        public void Publish(ReadOnlySpan<Observation> observations)
        {
            foreach (ref readonly var observation in observations) _observations.Writer.TryWrite(observation);
        }

        public ValueTask<Observation> NextAsync(CancellationToken cancellationToken) => _observations.Reader.ReadAsync(cancellationToken);
    }
}
