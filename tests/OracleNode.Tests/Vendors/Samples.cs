using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Massive;

namespace OracleNode.Vendors;

/// <summary>The documented messages of the vendors, and parsers that know their symbols.</summary>
internal static class Samples
{
    public const string MassiveTrade = """[{"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328}]""";
    public const string MassiveQuote = """[{"ev":"Q","sym":"MSFT","bx":4,"bp":114.125,"bs":100,"ax":7,"ap":114.128,"as":160,"c":0,"i":[604],"t":1536036818784,"q":50385480,"z":3}]""";
    public const string MassiveLuld = """[{"ev":"LULD","T":"MSFT","h":218.96,"l":198.11,"i":[17],"z":3,"t":1601316752683746,"q":290317}]""";
    public const string AlpacaTrade = """[{"T":"t","i":96921,"S":"AAPL","x":"D","p":126.55,"s":1,"t":"2021-02-22T15:51:44.208Z","c":["@","I"],"z":"C"}]""";
    public const string AlpacaQuote = """[{"T":"q","S":"AMD","bx":"U","bp":87.66,"bs":1,"ax":"Q","ap":87.68,"as":4,"t":"2021-02-22T15:51:45.335689322Z","c":["R"],"z":"C"}]""";
    public const string AlpacaStatus = """[{"T":"s","S":"AAPL","sc":"H","sm":"Trading Halt","rc":"T12","rm":"Trading Halted; For information requested by NASDAQ","t":"2021-02-22T19:15:00Z","z":"C"}]""";
    public const string AlpacaCancel = """[{"T":"x","S":"AAPL","i":96921,"x":"D","p":126.55,"s":1,"a":"C","z":"C","t":"2021-02-22T15:51:50Z"}]""";
    public const string AlpacaCorrection = """[{"T":"c","S":"AAPL","x":"D","oi":96921,"op":126.55,"os":1,"oc":["@"],"ci":96930,"cp":126.05,"cs":2,"cc":["@"],"z":"C","t":"2021-02-22T15:51:51Z"}]""";

    public static readonly SourceId Source = new(3);
    public static readonly UpstreamId Upstream = new(1);
    public static readonly Instant Received = Instant.FromUtc(2024, 3, 5, 15, 0);

    /// <summary>Every documented frame.</summary>
    public static readonly string[] All =
    [
        MassiveTrade, MassiveQuote, MassiveLuld, AlpacaTrade, AlpacaQuote, AlpacaStatus, AlpacaCancel, AlpacaCorrection,
        """[{"ev":"status","status":"connected","message":"Connected Successfully"}]""",
        """[{"ev":"status","status":"auth_success","message":"authenticated"}]""",
        """[{"ev":"AM","sym":"GTE","v":4110,"av":9470157,"op":0.4372,"vw":0.4488,"o":0.4488,"c":0.4486,"h":0.4489,"l":0.4486,"a":0.4352,"z":685,"s":1610144640000,"e":1610144700000}]""",
        """[{"T":"success","msg":"connected"}]""",
        """[{"T":"error","code":406,"msg":"connection limit exceeded"}]""",
        """[{"T":"subscription","trades":["AAPL"],"quotes":["AMD"],"bars":["*"],"updatedBars":[],"dailyBars":["VOO"],"statuses":["*"],"lulds":[],"corrections":["AAPL"],"cancelErrors":["AAPL"]}]""",
    ];

    public static SymbolTable Symbols { get; } = new([
        new VendorSymbol("MSFT", new InstrumentId(7)),
        new VendorSymbol("AAPL", new InstrumentId(8)),
        new VendorSymbol("AMD", new InstrumentId(9)),
    ]);

    public static MassiveParser Massive() => new(Symbols, Source, Upstream);

    public static AlpacaParser Alpaca() => new(Symbols, Source, Upstream);

    public static (FrameResult Result, Observation[] Observations) Parse(this MassiveParser parser, string frame)
    {
        var output = new ObservationBuffer();
        var result = parser.Parse(Encoding.UTF8.GetBytes(frame), Received, output);
        return (result, output.Written.ToArray());
    }

    public static (FrameResult Result, Observation[] Observations) Parse(this AlpacaParser parser, string frame)
    {
        var output = new ObservationBuffer();
        var result = parser.Parse(Encoding.UTF8.GetBytes(frame), Received, output);
        return (result, output.Written.ToArray());
    }
}
