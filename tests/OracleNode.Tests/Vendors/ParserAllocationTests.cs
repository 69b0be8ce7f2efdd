using System.Text;
using OracleNode.Vendors.Bitstamp;
using OracleNode.Vendors.Finazon;
using OracleNode.Vendors.Finazon.Wire;

namespace OracleNode.Vendors;

public class ParserAllocationTests
{
    private const int Rounds = 1000;

    private readonly ObservationBuffer _output = new(16);

    [Fact]
    public void Massive_DataFrames_AllocateNothing()
    {
        var parser = Samples.Massive();
        byte[][] frames = [.. new[] { Samples.MassiveTrade, Samples.MassiveQuote, Samples.MassiveLuld }.Select(Encoding.UTF8.GetBytes)];
        AssertNoAllocation(() =>
        {
            foreach (var frame in frames) parser.Parse(frame, Samples.Received, _output);
        });
        Assert.Equal(0, parser.Counters.Rejected + parser.Counters.MalformedFrames);
    }

    [Fact]
    public void Alpaca_DataFrames_AllocateNothing()
    {
        var parser = Samples.Alpaca();
        byte[][] frames = [.. new[] { Samples.AlpacaTrade, Samples.AlpacaQuote, Samples.AlpacaStatus, Samples.AlpacaCorrection }.Select(Encoding.UTF8.GetBytes)];
        AssertNoAllocation(() =>
        {
            foreach (var frame in frames) parser.Parse(frame, Samples.Received, _output);
        });
        Assert.Equal(0, parser.Counters.Rejected + parser.Counters.MalformedFrames);
    }

    [Fact]
    public void Massive_RejectedEvents_AllocateNothing()
    {
        var parser = Samples.Massive();
        var frame = Encoding.UTF8.GetBytes("""[{"ev":"T","sym":"NOPE","p":1,"t":1536036818784},{"ev":"?"},{"ev":"T","sym":"MSFT","p":-1,"t":1536036818784},{"ev":"T","sym":"MSFT","p":1,"t":1}]""");
        AssertNoAllocation(() => parser.Parse(frame, Samples.Received, _output));
    }

    [Fact]
    public void Bitstamp_BooksWithoutAPrice_AllocateNothing()
    {
        var (parser, _) = BitstampSamples.Parser();
        byte[][] frames = [.. new[] { BitstampSamples.Acknowledgement, BitstampSamples.Book(after: -1), BitstampSamples.Book("[\"2\",\"1\"]") }.Select(Encoding.UTF8.GetBytes)];
        foreach (var frame in frames) parser.Parse(frame, BitstampSamples.Received);
        AssertNoAllocation(() =>
        {
            foreach (var frame in frames) parser.Parse(frame, BitstampSamples.Received);
        });
    }

    [Fact]
    public void Finazon_Trades_AllocateNothing()
    {
        var parser = new FinazonParser(Samples.Source, Samples.Upstream);
        var trade = new SipTradesItem { TradeDate = 1_709_650_800_123, Price = 101.25, Quantity = 5, SalesConditions = "@,T,I", Topic = "C", MarketCenter = "Q" };
        AssertNoAllocation(() =>
        {
            Assert.True(parser.TryTime(trade, out var time));
            parser.Trade(trade, time, default, Samples.Received, _output);
        });
    }

    [Fact]
    public void Filter_Observations_AllocateNothing()
    {
        var filter = new ObservationFilter(VendorUpstreams.CoverageOf(VendorUpstreams.Iex), NodaTime.Duration.FromSeconds(2));
        var parser = Samples.Alpaca();
        var frame = Encoding.UTF8.GetBytes(Samples.AlpacaQuote);
        AssertNoAllocation(() =>
        {
            parser.Parse(frame, NodaTime.Instant.FromUtc(2021, 2, 22, 15, 51, 46), _output);
            _output.RemoveRefused(filter);
        });
        Assert.Equal(0, filter.OutsideCoverage + filter.FromFuture);
    }

    private void AssertNoAllocation(Action round)
    {
        for (var i = 0; i < Rounds; i++) Run(round);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) Run(round);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Run(Action round)
    {
        _output.Clear();
        round();
    }
}
