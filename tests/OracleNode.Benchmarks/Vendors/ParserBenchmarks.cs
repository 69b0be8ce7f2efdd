using System.Text;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Finazon;
using OracleNode.Vendors.Finazon.Wire;
using OracleNode.Vendors.Massive;

namespace OracleNode.Vendors;

/// <summary>From the bytes of one message to observations, on the vendors' documented messages.</summary>
public class ParserBenchmarks
{
    private const int Many = 32;
    private const int Trades = 100;
    private const string MassiveQuote = """{"ev":"Q","sym":"MSFT","bx":4,"bp":114.125,"bs":100,"ax":7,"ap":114.128,"as":160,"c":0,"i":[604],"t":1536036818784,"q":50385480,"z":3}""";
    private const string MassiveTrade = """{"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328}""";
    private const string AlpacaQuote = """{"T":"q","S":"AMD","bx":"U","bp":87.66,"bs":1,"ax":"Q","ap":87.68,"as":4,"t":"2021-02-22T15:51:45.335689322Z","c":["R"],"z":"C"}""";
    private const string AlpacaTrade = """{"T":"t","i":96921,"S":"AMD","x":"D","p":126.55,"s":1,"t":"2021-02-22T15:51:44.208Z","c":["@","I"],"z":"C"}""";

    private static readonly Instant Received = Instant.FromUtc(2024, 3, 5, 15, 0);

    private readonly ObservationBuffer _output = new();
    private readonly MassiveParser _massive;
    private readonly AlpacaParser _alpaca;
    private readonly FinazonParser _finazon = new(new SourceId(2), new UpstreamId(2));
    private readonly byte[] _massiveQuote = Frame(MassiveQuote, 1);
    private readonly byte[] _massiveQuotes = Frame(MassiveQuote, Many);
    private readonly byte[] _massiveTrade = Frame(MassiveTrade, 1);
    private readonly byte[] _massiveTrades = Frame(MassiveTrade, Many);
    private readonly byte[] _alpacaQuote = Frame(AlpacaQuote, 1);
    private readonly byte[] _alpacaQuotes = Frame(AlpacaQuote, Many);
    private readonly byte[] _alpacaTrade = Frame(AlpacaTrade, 1);
    private readonly byte[] _alpacaTrades = Frame(AlpacaTrade, Many);
    private readonly GetSipTradesResponse _response = new();
    private readonly byte[] _responseBytes;

    public ParserBenchmarks()
    {
        // As many symbols as a node of 1,000 feeds asks for, so that the lookup is the real one.
        var symbols = new SymbolTable(Enumerable.Range(0, 998).Select(i => new VendorSymbol($"S{i:D3}", new InstrumentId(i)))
            .Append(new VendorSymbol("MSFT", new InstrumentId(998))).Append(new VendorSymbol("AMD", new InstrumentId(999))));
        _massive = new MassiveParser(symbols, new SourceId(0), new UpstreamId(0));
        _alpaca = new AlpacaParser(symbols, new SourceId(1), new UpstreamId(1));
        for (var i = 0; i < Trades; i++)
        {
            _response.Result.Add(new SipTradesItem { TradeDate = 1_709_650_800_123 - i, MarketCenter = "Q", Topic = "C", Price = 101.25 + (i * 0.01), Quantity = 5 + i, SalesConditions = "@,T,I" });
        }

        _responseBytes = _response.ToByteArray();
    }

    [Benchmark, Measures("Massive Q, frame of 1", MaxAllocated = 0)]
    public int MassiveQuoteAlone() => Massive(_massiveQuote, 1);

    [Benchmark, Measures("Massive Q, frame of 32", Units = Many, MaxAllocated = 0)]
    public int MassiveQuoteMany() => Massive(_massiveQuotes, Many);

    [Benchmark, Measures("Massive T, frame of 1", MaxAllocated = 0)]
    public int MassiveTradeAlone() => Massive(_massiveTrade, 1);

    [Benchmark, Measures("Massive T, frame of 32", Units = Many, MaxAllocated = 0)]
    public int MassiveTradeMany() => Massive(_massiveTrades, Many);

    [Benchmark, Measures("Alpaca q, frame of 1", MaxAllocated = 0)]
    public int AlpacaQuoteAlone() => Alpaca(_alpacaQuote, 1);

    [Benchmark, Measures("Alpaca q, frame of 32", Units = Many, MaxAllocated = 0)]
    public int AlpacaQuoteMany() => Alpaca(_alpacaQuotes, Many);

    [Benchmark, Measures("Alpaca t, frame of 1", MaxAllocated = 0)]
    public int AlpacaTradeAlone() => Alpaca(_alpacaTrade, 1);

    [Benchmark, Measures("Alpaca t, frame of 32", Units = Many, MaxAllocated = 0)]
    public int AlpacaTradeMany() => Alpaca(_alpacaTrades, Many);

    /// <summary>The messages' objects are protobuf's own and the only allocation on the way in.</summary>
    [Benchmark, Measures("Finazon, protobuf of a page of 100", Units = Trades)]
    public int FinazonDecode() => GetSipTradesResponse.Parser.ParseFrom(_responseBytes).Result.Count;

    [Benchmark, Measures("Finazon, mapping of a page of 100", Units = Trades, MaxAllocated = 0)]
    public int FinazonMap()
    {
        _output.Clear();
        foreach (var trade in _response.Result)
        {
            if (_finazon.TryTime(trade, out var time)) _finazon.Trade(trade, time, default, Received, _output);
        }

        return Checked(Trades);
    }

    private int Massive(byte[] frame, int expected)
    {
        _output.Clear();
        _massive.Parse(frame, Received, _output);
        return Checked(expected);
    }

    private int Alpaca(byte[] frame, int expected)
    {
        _output.Clear();
        _alpaca.Parse(frame, Received, _output);
        return Checked(expected);
    }

    // A refused message would look fast.
    private int Checked(int expected) => _output.Count == expected ? expected : throw new InvalidOperationException($"{_output.Count} observations instead of {expected}.");

    private static byte[] Frame(string message, int count) => Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat(message, count)) + "]");
}
