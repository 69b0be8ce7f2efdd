using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Session;

/// <summary>A session as the composition makes it, with a market clock, a monotonic clock, a sink and a log that a test can see.</summary>
internal sealed class SessionFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly string _variable = "ORACLENODE_TEST_" + Guid.NewGuid().ToString("N");
    private readonly LogCollector _log = new();
    private IVendorSession? _session;
    private Task? _running;

    public SessionFixture()
    {
        Environment.SetEnvironmentVariable(_variable, "test-key-\"quoted\"");
        Options = new SourceOptions
        {
            Name = "under-test",
            ApiKey = "env:" + _variable,
            Symbols = [new SymbolOptions { Instrument = "MSFT" }, new SymbolOptions { Instrument = "AAPL" }],
            SilenceTimeout = TimeSpan.FromSeconds(30),
        };
    }

    public SourceOptions Options { get; }

    public FakeTimeProvider Time { get; } = new();

    public MarketClock Clock { get; } = new();

    public Sink Received { get; } = new();

    public TokenSink ReceivedOfTokens { get; } = new();

    public bool ExpectsData { get; set; } = true;

    public string Key => Environment.GetEnvironmentVariable(_variable)!;

    public IEnumerable<string> Log => _log.Lines;

    public SessionHealth Health => _session!.Health;

    public void SetKey(string? key) => Environment.SetEnvironmentVariable(_variable, key);

    public void Start()
    {
        var instruments = new Dictionary<string, InstrumentId> { ["MSFT"] = new(7), ["AAPL"] = new(8) };
        // Without jitter to one side: a test knows how long a delay is.
        var factory = new VendorSessionFactory(Clock, Time, Received, new LoggerFactory([_log]), () => 0.5);
        var tokens = new Dictionary<string, VenueToken>
        {
            ["TSLAx"] = new(new TokenId(0), "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB"),
            ["SPYx"] = new(new TokenId(1), "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsoCS1TfEyfFhfvj8EtZ528L3CaKBDBRqRapnBbDF2W"),
        };
        var source = new Source(new SourceId(3), Options.Name, new UpstreamId(1), Options.Upstream);
        _session = Options.Vendor.IsTokenVenue() ? factory.CreateTokenVenue(Options, source, tokens, ReceivedOfTokens) : factory.Create(Options, source, instruments, () => ExpectsData);
        _running = _session.RunAsync(_stopping.Token);
    }

    /// <summary>Waits without moving the fake clock.</summary>
    public async Task Until(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"{what} did not happen. Health: {Health}\n{string.Join('\n', Log)}");
            await Task.Delay(5);
        }
    }

    /// <summary>Moves the fake clock on until something happens; the answer is how far.</summary>
    public async Task<TimeSpan> AdvanceUntil(Func<bool> condition, TimeSpan step, string what)
    {
        var deadline = DateTime.UtcNow + Patience;
        var moved = TimeSpan.Zero;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"{what} did not happen after {moved}. Health: {Health}\n{string.Join('\n', Log)}");
            Time.Advance(step);
            moved += step;
            await Task.Delay(5);
        }

        return moved;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_running is not null)
        {
            await _running.WaitAsync(Patience);
            Assert.Equal(SessionState.Stopped, Health.State);
        }

        _session?.Dispose();
        _stopping.Dispose();
        Environment.SetEnvironmentVariable(_variable, null);
    }

    /// <summary>Market time that stands where a test puts it.</summary>
    internal sealed class MarketClock : IMarketClock
    {
        public Instant Now { get; set; } = Instant.FromUtc(2024, 3, 5, 15, 0);
    }

    /// <summary>Keeps what it is given, frame by frame.</summary>
    internal sealed class Sink : IObservationSink
    {
        public ConcurrentQueue<Observation[]> Frames { get; } = new();

        public IEnumerable<Observation> Observations => Frames.SelectMany(f => f);

        public void Publish(ReadOnlySpan<Observation> observations) => Frames.Enqueue(observations.ToArray());
    }

    /// <summary>Keeps what markets of tokens say, in order.</summary>
    internal sealed class TokenSink : ITokenMarketSink
    {
        public ConcurrentQueue<TokenMarketQuote> Quotes { get; } = new();

        public ConcurrentQueue<PegReading> Pegs { get; } = new();

        public void Publish(TokenMarketQuote quote) => Quotes.Enqueue(quote);

        public void Publish(PegReading peg) => Pegs.Enqueue(peg);
    }

    private sealed class LogCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
