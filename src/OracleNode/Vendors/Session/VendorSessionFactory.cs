using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Bitstamp;
using OracleNode.Vendors.Bybit;
using OracleNode.Vendors.Chainlink;
using OracleNode.Vendors.Finazon;
using OracleNode.Vendors.Halts;
using OracleNode.Vendors.Kraken;
using OracleNode.Vendors.Massive;
using OracleNode.Vendors.NasdaqTrader;
using OracleNode.Vendors.Nyse;
using OracleNode.Vendors.Raydium;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Session;

/// <summary>
/// Makes the session of a configured source. The options must have passed <see cref="SourceOptionsValidator"/>. Start each
/// session by its own <see cref="IVendorSession.RunAsync"/>, all at once and without waiting for any: a vendor that is
/// down delays neither the start nor the others.
/// </summary>
public sealed class VendorSessionFactory
{
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly IObservationSink _sink;
    private readonly ILoggerFactory _loggers;
    private readonly Func<double> _random;

    /// <summary>Makes the factory.</summary>
    /// <param name="clock">Market time.</param>
    /// <param name="time">Monotonic time.</param>
    /// <param name="sink">Where all sessions put their observations, each from one thread at a time.</param>
    /// <param name="loggers">Log lines are named after their source.</param>
    public VendorSessionFactory(IMarketClock clock, TimeProvider time, IObservationSink sink, ILoggerFactory loggers)
        : this(clock, time, sink, loggers, Random.Shared.NextDouble)
    {
    }

    internal VendorSessionFactory(IMarketClock clock, TimeProvider time, IObservationSink sink, ILoggerFactory loggers, Func<double> random)
    {
        _clock = clock;
        _time = time;
        _sink = sink;
        _loggers = loggers;
        _random = random;
    }

    /// <summary>By ticker: which of its instrument's tickers it is; left out, the first.</summary>
    public IReadOnlyDictionary<string, byte> Aliases { get; init; } = new Dictionary<string, byte>();

    /// <summary>Makes one session.</summary>
    /// <param name="options">The source, valid.</param>
    /// <param name="source">Its place in the running configuration.</param>
    /// <param name="instruments">The configured instruments by name.</param>
    /// <param name="expectsData">
    /// Whether the calendar's session is one in which this source should be sending. Its hours are applied besides.
    /// </param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public IVendorSession Create(SourceOptions options, Source source, IReadOnlyDictionary<string, InstrumentId> instruments, Func<bool> expectsData)
    {
        if (options.Vendor.IsTokenVenue()) throw new ArgumentException($"{options.Vendor} is a market of tokens: {nameof(CreateTokenVenue)} makes it.", nameof(options));
        var errors = SourceOptionsValidator.Validate([options], instruments.Keys.ToHashSet(StringComparer.Ordinal));
        if (errors.Count > 0) throw new ArgumentException(string.Join(" ", errors), nameof(options));

        if (options.Vendor.IsHaltFeed()) return CreateHaltFeed(options, source, instruments);
        var symbols = new SymbolTable(options.Symbols.Select(s => new VendorSymbol(s.WireSymbol, instruments[s.Instrument]) { Alias = Aliases.GetValueOrDefault(s.Instrument) }));
        var url = SourceOptionsValidator.UrlOf(options)!;
        var context = new SessionContext(options, CoverageOf(options), _clock, _time, expectsData, _sink, _random);
        var logger = _loggers.CreateLogger($"OracleNode.Vendors.{options.Name}");
        var apiKey = SecretReference.Parse(options.ApiKey);

        return options.Vendor switch
        {
            VendorKind.Massive => new WebSocketSession(new MassiveAdapter(symbols, source.Id, source.Upstream, apiKey, options.Massive), url, context, logger),
            VendorKind.Alpaca => new WebSocketSession(new AlpacaAdapter(symbols, source.Id, source.Upstream, apiKey, SecretReference.Parse(options.ApiSecret), options.Alpaca), url, context, logger),
            _ => new PollingSession<FinazonBatch>(
                new FinazonAdapter(symbols, source.Id, source.Upstream, apiKey, url, options),
                options.Finazon.PollPeriod, options.Finazon.MaxConcurrentRequests, context, logger),
        };
    }

    /// <summary>Makes the session of a market of tokens. It trades at any hour, and says nothing of any share.</summary>
    /// <param name="options">The source, valid.</param>
    /// <param name="source">Its place in the running configuration.</param>
    /// <param name="tokens">The configured tokens by every name they may be called by.</param>
    /// <param name="sink">Where it puts what it understood.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    internal IVendorSession CreateTokenVenue(SourceOptions options, Source source, IReadOnlyDictionary<string, VenueToken> tokens, ITokenMarketSink sink)
    {
        var errors = SourceOptionsValidator.Validate([options], new HashSet<string>(), tokens.ToDictionary(t => t.Key, t => t.Value.Asset, StringComparer.Ordinal));
        if (errors.Count > 0) throw new ArgumentException(string.Join(" ", errors), nameof(options));

        var context = new SessionContext(options, CoverageOf(options), _clock, _time, () => true, _sink, _random);
        var logger = _loggers.CreateLogger($"OracleNode.Vendors.{options.Name}");
        var lead = NodaTime.Duration.FromTimeSpan(options.MaxClockLead);
        var url = SourceOptionsValidator.UrlOf(options)!;
        if (options.Vendor == VendorKind.Kraken)
            return new WebSocketSession(new KrakenAdapter(TokenPairs.Of(options, tokens, options.Kraken.Unit), source.Id, source.Upstream, options.Kraken, lead, sink), url, context, logger);

        if (options.Vendor == VendorKind.Bitstamp)
            return new WebSocketSession(new BitstampAdapter(TokenPairs.Of(options, tokens, FeedUnit.CurrencyUnit), source.Id, source.Upstream, lead, options.PingInterval, sink), url, context, logger);

        if (options.Vendor == VendorKind.Raydium)
        {
            var pools = options.Symbols.Select(s => new PoolSpec(SolanaAddress.Parse(s.Symbol), tokens[s.Token].Id, SolanaAddress.Parse(CaipAsset.AddressOf(tokens[s.Token].Asset)))).ToList();
            // An endpoint answers or does not: there is no silence beside that.
            return new PollingSession<PoolReading>(
                new RaydiumAdapter(pools, source.Id, source.Upstream, url, options, sink, _time), options.Raydium.PollPeriod, maxConcurrentRequests: 1,
                context with { SessionExpectsData = () => false }, logger);
        }

        if (options.Vendor == VendorKind.Chainlink)
        {
            var aggregators = options.Symbols.Select(s => new AggregatorSpec(EvmAddress.Parse(s.Symbol), s.Currency)).ToList();
            return new PollingSession<AggregatorReading>(
                new ChainlinkAdapter(aggregators, source.Id, source.Upstream, url, options, sink, _time), options.Chainlink.PollPeriod, maxConcurrentRequests: 1,
                context with { SessionExpectsData = () => false }, logger);
        }

        var pairs = TokenPairs.Of(options, tokens, FeedUnit.RawToken);
        var listing = new BybitListing(pairs.Count, options.Bybit.InstrumentsPeriod * 3, _time);
        return new BybitSession(
            new WebSocketSession(new BybitAdapter(pairs, source.Id, source.Upstream, options.Bybit, lead, listing, sink), url, context, logger),
            new BybitInstrumentsPoll(options, pairs, listing, _time, _random, logger));
    }

    /// <summary>A list of halts: nothing is ever due, so its silence is none.</summary>
    private PollingSession<HaltPage> CreateHaltFeed(SourceOptions options, Source source, IReadOnlyDictionary<string, InstrumentId> instruments)
    {
        var board = new HaltBoard(options.Symbols.Select(s => new VendorSymbol(s.WireSymbol, instruments[s.Instrument]) { Alias = Aliases.GetValueOrDefault(s.Instrument) }), source.Id, source.Upstream);
        IHaltParser parser = options.Vendor == VendorKind.NasdaqTrader ? new NasdaqTraderParser() : new NyseParser();
        var adapter = new HaltFeedAdapter(options.Vendor, SourceOptionsValidator.UrlOf(options)!, parser, board, options, _time);
        var context = new SessionContext(options, Coverage.AllDay, _clock, _time, () => false, _sink, _random);
        return new PollingSession<HaltPage>(adapter, options.Halts.PollPeriod, maxConcurrentRequests: 1, context, _loggers.CreateLogger($"OracleNode.Vendors.{options.Name}"));
    }

    /// <summary>The hours of a source: what is configured, else what is known of its upstream.</summary>
    public static Coverage CoverageOf(SourceOptions options) => options is { CoverageFrom: { } from, CoverageTo: { } to }
        ? new Coverage(NodaTime.LocalTime.FromTimeOnly(from), NodaTime.LocalTime.FromTimeOnly(to))
        : VendorUpstreams.CoverageOf(options.Upstream);
}
