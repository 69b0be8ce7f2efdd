using Google.Protobuf;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors;
using OracleNode.Vendors.Finazon;
using OracleNode.Vendors.Finazon.Wire;

namespace OracleNode.Pipeline;

/// <summary>Finazon: a page of prints of one share after another, decoded from protobuf and taken by the adapter with its order and its memory of what was seen.</summary>
internal sealed class PageFeeder : VendorFeeder, IDisposable
{
    private const int TradesPerPage = 20;

    private readonly FinazonAdapter _adapter;
    private readonly FinazonTicker[] _tickers;
    private readonly byte[] _page;
    private int _next = -1;
    private long _millis;

    public PageFeeder(Source source, SourceInbox inbox, SimulatedMarket market) : base(inbox, source.UpstreamName, market)
    {
        // The channel is never opened: what comes out of it is made here.
        var symbols = new SymbolTable(Enumerable.Range(0, market.Shares).Select(i => new VendorSymbol(SimulatedMarket.SymbolOf(i), new InstrumentId(i))));
        _adapter = new FinazonAdapter(symbols, source.Id, source.Upstream, SecretReference.Parse("env:UNUSED"), new Uri("http://127.0.0.1:1"), new SourceOptions());
        _tickers = [.. symbols.Symbols.ToArray().Select(s => new FinazonTicker(s.Symbol, s.Instrument, s.Alias))];
        var page = new GetSipTradesResponse();
        for (var i = 0; i < TradesPerPage; i++)
        {
            page.Result.Add(new SipTradesItem { TradeDate = 1_717_511_400_000, MarketCenter = "Q", Topic = "C", Price = 100, Quantity = 100 + i, SalesConditions = "@" });
        }

        _page = page.ToByteArray();
    }

    public override int ObservationsPerFrame => TradesPerPage;

    public void Dispose() => _adapter.Dispose();

    protected override void Stamp(Instant now)
    {
        _next = (_next + 1) % _tickers.Length;
        // A page of a share that comes twice within a millisecond would be taken as seen already.
        _millis = Math.Max(now.ToUnixTimeMilliseconds(), _next == 0 ? _millis + 1 : _millis);
    }

    protected override void Parse(Instant now, ObservationBuffer output)
    {
        var page = GetSipTradesResponse.Parser.ParseFrom(_page);
        var batch = new FinazonBatch(_tickers[_next]) { Bytes = _page.Length };
        foreach (var trade in page.Result)
        {
            trade.TradeDate = _millis;
            trade.Price = Market.MidCents(_next, _millis) / 100.0;
            batch.Trades.Add(trade);
        }

        _adapter.Convert(batch, now, output);
    }
}
