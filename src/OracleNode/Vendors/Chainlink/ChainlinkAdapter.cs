using System.Globalization;
using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Vendors.Session;
using OracleNode.Vendors.TokenMarkets;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Chainlink;

/// <summary>A poll of one aggregator.</summary>
/// <param name="Place">Its place among the configured.</param>
/// <param name="BlockTime">Time of the block whose state was read.</param>
/// <param name="Round">What it says; null when the block is older than one that was read before.</param>
/// <param name="Bytes">Size of the answers.</param>
internal sealed record AggregatorReading(int Place, Instant BlockTime, AggregatorRound? Round, int Bytes);

/// <summary>
/// Reads aggregators over an EVM endpoint, every answer from the state after one block. A standing answer is what its network says as of that block: it would have reported by now if the price
/// had moved by more than its threshold, provided that it is not overdue. So a reading's time is the block's.
/// </summary>
internal sealed class ChainlinkAdapter : IPolledAdapter<AggregatorReading>
{
    private readonly HttpClient? _ownHttp;
    private readonly EvmRpcClient _rpc;
    private readonly ChainlinkOptions _options;
    private readonly EvmBlockTag _block;
    private readonly EvmAddress? _sequencer;
    private readonly AggregatorSpec[] _specs;
    private readonly Known[] _known;
    private readonly AggregatorParser _parser;
    private readonly SourceId _source;
    private readonly UpstreamId _upstream;
    private readonly Duration _maxClockLead;
    private readonly Duration _maxBlockAge;
    private readonly ITokenMarketSink _sink;
    private bool _chainChecked;

    /// <param name="specs">What to read.</param>
    /// <param name="source">Stamped on every reading.</param>
    /// <param name="upstream">Stamped on every reading.</param>
    /// <param name="endpoint">Address of the endpoint; may hold a key.</param>
    /// <param name="options">The source, valid.</param>
    /// <param name="sink">Where readings go.</param>
    /// <param name="time">Monotonic time.</param>
    /// <param name="http">The transport; null for one of its own.</param>
    public ChainlinkAdapter(IReadOnlyList<AggregatorSpec> specs, SourceId source, UpstreamId upstream, Uri endpoint, SourceOptions options, ITokenMarketSink sink, TimeProvider time, HttpClient? http = null)
    {
        _options = options.Chainlink;
        _ownHttp = http is null ? EvmRpcClient.CreateHttpClient() : null;
        _rpc = new EvmRpcClient(endpoint, http ?? _ownHttp!, time, _options.RequestTimeout, options.MaxFrameBytes);
        _block = _options.Block == ChainlinkBlock.Safe ? EvmBlockTag.Safe : EvmBlockTag.Latest;
        _sequencer = _options.SequencerFeed.Length > 0 ? EvmAddress.Parse(_options.SequencerFeed) : null;
        _specs = [.. specs];
        _known = [.. specs.Select(_ => new Known())];
        _maxClockLead = Duration.FromTimeSpan(options.MaxClockLead);
        _maxBlockAge = Duration.FromTimeSpan(_options.MaxBlockAge);
        _parser = new AggregatorParser(_options, _maxClockLead);
        (_source, _upstream, _sink) = (source, upstream, sink);
    }

    /// <inheritdoc/>
    public VendorKind Vendor => VendorKind.Chainlink;

    /// <inheritdoc/>
    public ParserCounters Counters { get; } = new();

    /// <inheritdoc/>
    public int TickerCount => _specs.Length;

    /// <inheritdoc/>
    public void Dispose() => _ownHttp?.Dispose();

    /// <inheritdoc/>
    public async Task<AggregatorReading> FetchAsync(int ticker, Instant now, CancellationToken cancellation)
    {
        var (spec, known) = (_specs[ticker], _known[ticker]);
        try
        {
            await CheckChainAsync(cancellation);
            var head = await _rpc.GetHeadAsync(_block, cancellation);
            var blockTime = TimeOf(head, now);
            // An endpoint that is behind, or one of a pool that is, must not take a reading back. By time, since a wrong number could stand for ever and a wrong time only for the clock's lead.
            if (blockTime < known.BlockTime) return new AggregatorReading(ticker, blockTime, null, 0);

            var (answers, bytes) = await AskAsync(spec, known, head, cancellation);
            if (_parser.TryRead(spec, blockTime, answers, out var round) is { } problem) throw Wrong(spec, problem);
            if (known.Decimals is { } decimals && decimals != round.Decimals)
                throw Wrong(spec, string.Create(CultureInfo.InvariantCulture, $"it had {decimals} decimals and now has {round.Decimals}; check Symbol against the publisher's list, and restart the node to take them"));
            if (round.Id < known.Round && blockTime - known.BlockTime <= _maxBlockAge)
                throw Failed(VendorFaultKind.ServerError, string.Create(CultureInfo.InvariantCulture, $"aggregator {spec.Address}: its round {known.Round} is gone and {round.Id} stands: the chain was reorganised, or {_rpc.Endpoint} is behind; it is asked again"));
            return new AggregatorReading(ticker, blockTime, round, bytes);
        }
        catch (EvmRpcException e)
        {
            // Whether the endpoint is still of the same chain is asked again.
            _chainChecked = false;
            throw Failed(KindOf(e), e.Message);
        }
    }

    /// <inheritdoc/>
    public BatchOutcome Convert(AggregatorReading batch, Instant receiveTime, ObservationBuffer output)
    {
        var known = _known[batch.Place];
        if (batch.Round is not { } round || batch.BlockTime < known.BlockTime)
        {
            Counters.Add(Counter.IgnoredEvents);
            return default;
        }

        (known.BlockTime, known.Round, known.Decimals) = (batch.BlockTime, round.Id, round.Decimals);
        Counters.Add(Counter.Observations);
        _sink.Publish(new PegReading(_source, _upstream, _specs[batch.Place].Currency, round.Price, batch.BlockTime));
        return new BatchOutcome(batch.Bytes, IsTruncated: false) { Quotes = 1 };
    }

    private async Task CheckChainAsync(CancellationToken cancellation)
    {
        if (_chainChecked) return;
        var found = await _rpc.GetChainIdAsync(cancellation);
        if (found != _options.ChainId)
            throw Failed(VendorFaultKind.BadRequest, string.Create(CultureInfo.InvariantCulture, $"{_rpc.Endpoint} is of chain {found}, not {_options.ChainId}: correct Url or Chainlink:ChainId"));
        _chainChecked = true;
    }

    private Instant TimeOf(EvmBlockHead head, Instant now)
    {
        if (head.TimestampUnixSeconds > long.MaxValue || !EpochTime.TryRead((long)head.TimestampUnixSeconds, EpochUnit.Seconds, out var time))
            throw Failed(VendorFaultKind.ServerError, string.Create(CultureInfo.InvariantCulture, $"{_rpc.Endpoint} tells a block of {head.TimestampUnixSeconds} Unix seconds: correct Url"));
        if (now - time > _maxBlockAge)
            throw Failed(VendorFaultKind.ServerError, string.Create(CultureInfo.InvariantCulture, $"the {_block} block of {_rpc.Endpoint} is of {time}, {(now - time).TotalSeconds:F0} s ago: the chain or the endpoint stands still, or Chainlink:MaxBlockAge {_options.MaxBlockAge} is too short for Chainlink:Block"));
        if (time - now > _maxClockLead)
            throw Failed(VendorFaultKind.ServerError, string.Create(CultureInfo.InvariantCulture, $"the {_block} block of {_rpc.Endpoint} is of {time}, {(time - now).TotalSeconds:F0} s ahead: the chain's clock or this node's is wrong"));
        return time;
    }

    /// <summary>Asks everything at one block: in one batch, unless the contract behind the proxy is new.</summary>
    private async Task<(AggregatorAnswers Answers, int Bytes)> AskAsync(AggregatorSpec spec, Known known, EvmBlockHead head, CancellationToken cancellation)
    {
        var queries = new List<EvmStateQuery>(AggregatorParser.QueriesOf(spec));
        var firstBound = queries.Count;
        if (known.Behind is { } before) queries.AddRange(AggregatorParser.BoundsOf(before));
        if (_sequencer is { } sequencer) queries.Add(AggregatorParser.RoundOf(sequencer));
        var said = await _rpc.AskAsync(head.Hash, queries, _options.BatchSize, cancellation);

        // Without a proxy in front of it a contract tells its own.
        var behind = AggregatorParser.Behind(said[3]) ?? spec.Address;
        var bounds = behind == known.Behind ? said[firstBound..(firstBound + 2)] : await _rpc.AskAsync(head.Hash, AggregatorParser.BoundsOf(behind), _options.BatchSize, cancellation);
        known.Behind = behind;
        return (new AggregatorAnswers(said[0], said[1], said[2], bounds[0], bounds[1], _sequencer is null ? null : said[^1]), said.Sum(a => a.Data.Length));
    }

    private VendorFaultException Wrong(AggregatorSpec spec, string problem)
    {
        Counters.Add(Counter.RejectedFields);
        return new VendorFaultException(new VendorFault(VendorFaultKind.SubscriptionRefused, $"aggregator {spec.Address}: {problem}"), concernsOneTicker: true);
    }

    private static VendorFaultException Failed(VendorFaultKind kind, string detail) => new(new VendorFault(kind, detail), concernsOneTicker: false);

    private static VendorFaultKind KindOf(EvmRpcException e) => e.Failure switch
    {
        EvmRpcFailure.Transport => VendorFaultKind.ConnectFailed,
        EvmRpcFailure.Refused when e.Error?.Kind == EvmRpcErrorKind.Busy => VendorFaultKind.RateLimited,
        _ => VendorFaultKind.ServerError,
    };

    /// <summary>What is known of an aggregator from the readings before; its own loop's alone.</summary>
    private sealed class Known
    {
        public Instant BlockTime { get; set; } = Instant.MinValue;

        public UInt128 Round { get; set; }

        public int? Decimals { get; set; }

        /// <summary>The contract behind the proxy; the contract itself where there is none.</summary>
        public EvmAddress? Behind { get; set; }
    }
}
