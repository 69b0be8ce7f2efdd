using System.Globalization;
using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Massive;

namespace OracleNode.Pipeline;

/// <summary>A streaming vendor: every share in turn, three quotes to a trade, as many events to a frame as asked for.</summary>
internal sealed class StreamFeeder : VendorFeeder
{
    private readonly FrameText[] _frames;
    private readonly byte[] _timeText;
    private readonly bool _isMassive;
    private readonly MassiveParser? _massive;
    private readonly AlpacaParser? _alpaca;
    private int _next = -1;

    private StreamFeeder(Source source, SourceInbox inbox, SimulatedMarket market, int eventsPerFrame, VendorKind vendor) : base(inbox, source.UpstreamName, market)
    {
        ObservationsPerFrame = eventsPerFrame;
        var symbols = new SymbolTable(Enumerable.Range(0, market.Shares).Select(i => new VendorSymbol(SimulatedMarket.SymbolOf(i), new InstrumentId(i))));
        _isMassive = vendor == VendorKind.Massive;
        if (_isMassive) _massive = new MassiveParser(symbols, source.Id, source.Upstream);
        else _alpaca = new AlpacaParser(symbols, source.Id, source.Upstream);
        var timeText = _isMassive ? "1717511400000" : "2024-06-04T14:30:00.000Z";
        _timeText = Encoding.ASCII.GetBytes(timeText);

        // Four walks over the shares in different orders; one event in four is a print.
        var frames = new List<FrameText>();
        int[] strides = [1, 7, 331, 577];
        for (var walk = 0; walk < strides.Length; walk++)
        {
            var order = Enumerable.Range(0, market.Shares).Select(i => (i * strides[walk]) % market.Shares).ToArray();
            for (var at = 0; at + eventsPerFrame <= order.Length; at += eventsPerFrame)
            {
                var shares = order[at..(at + eventsPerFrame)];
                frames.Add(new FrameText(shares, [.. shares.Select((s, i) => _isMassive ? MassiveEvent(s, (i + walk) % 4 == 0) : AlpacaEvent(s, (i + walk) % 4 == 0))], timeText));
            }
        }

        _frames = [.. frames];
    }

    public override int ObservationsPerFrame { get; }

    public static StreamFeeder Massive(Source source, SourceInbox inbox, SimulatedMarket market) => new(source, inbox, market, 16, VendorKind.Massive);

    public static StreamFeeder Alpaca(Source source, SourceInbox inbox, SimulatedMarket market) => new(source, inbox, market, 8, VendorKind.Alpaca);

    protected override void Stamp(Instant now)
    {
        _next = (_next + 1) % _frames.Length;
        var millis = now.ToUnixTimeMilliseconds();
        if (_isMassive) millis.TryFormat(_timeText, out _, default, CultureInfo.InvariantCulture);
        else WriteTimeOfDay(millis);
        _frames[_next].Stamp(Market, millis, _timeText);
    }

    protected override void Parse(Instant now, ObservationBuffer output)
    {
        if (_isMassive) _massive!.Parse(_frames[_next].Bytes, now, output);
        else _alpaca!.Parse(_frames[_next].Bytes, now, output);
    }

    // The day stays: a run is far shorter than what is left of it.
    private void WriteTimeOfDay(long millis)
    {
        var ofDay = (int)(millis % 86_400_000);
        Digits(11, 2, ofDay / 3_600_000);
        Digits(14, 2, ofDay / 60_000 % 60);
        Digits(17, 2, ofDay / 1_000 % 60);
        Digits(20, 3, ofDay % 1_000);

        void Digits(int at, int count, int value)
        {
            for (var i = at + count - 1; i >= at; i--, value /= 10) _timeText[i] = (byte)('0' + (value % 10));
        }
    }

    private static string MassiveEvent(int share, bool isTrade) => isTrade
        ? $$"""{"ev":"T","sym":"{{SimulatedMarket.SymbolOf(share)}}","x":4,"i":"12345","z":3,"p":%p,"s":100,"c":[0,12],"t":%t,"q":3681328}"""
        : $$"""{"ev":"Q","sym":"{{SimulatedMarket.SymbolOf(share)}}","bx":4,"bp":%b,"bs":100,"ax":7,"ap":%a,"as":160,"c":0,"i":[604],"t":%t,"q":50385480,"z":3}""";

    private static string AlpacaEvent(int share, bool isTrade) => isTrade
        ? $$"""{"T":"t","i":96921,"S":"{{SimulatedMarket.SymbolOf(share)}}","x":"V","p":%p,"s":100,"t":"%t","c":["@"],"z":"C"}"""
        : $$"""{"T":"q","S":"{{SimulatedMarket.SymbolOf(share)}}","bx":"V","bp":%b,"bs":1,"ax":"V","ap":%a,"as":4,"t":"%t","c":["R"],"z":"C"}""";
}
