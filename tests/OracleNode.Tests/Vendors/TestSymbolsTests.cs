using System.Text;
using OracleNode.Market;

namespace OracleNode.Vendors;

public class TestSymbolsTests
{
    [Theory]
    [InlineData("ZVZZT")]
    [InlineData("ZWZZT")]
    [InlineData("ZVZZC")]
    [InlineData("NTEST")]
    [InlineData("NTEST.Q")]
    [InlineData("CTEST.A")]
    [InlineData("ZXYZ.A")]
    [InlineData("FAKEPACA")]
    public void Symbol_ReservedForTests_IsMarked(string symbol) => Assert.Equal(ConditionFlags.TestData, TestSymbols.FlagOf(Encoding.ASCII.GetBytes(symbol)));

    [Theory]
    [InlineData("")]
    [InlineData("Z")]
    [InlineData("ZS")]
    [InlineData("ZZ")]
    [InlineData("AAPL")]
    [InlineData("BRK.B")]
    [InlineData("ZVZZ")]
    [InlineData("ATESTX")]
    [InlineData("GOOGL")]
    public void Symbol_OfAShare_IsNot(string symbol) => Assert.False(TestSymbols.Is(Encoding.ASCII.GetBytes(symbol)));

    [Fact]
    public void Words_OfATestSymbol_AreMarkedByTheParsers()
    {
        var symbols = new SymbolTable([new VendorSymbol("ZVZZT", new InstrumentId(1))]);
        var output = new ObservationBuffer();
        var massive = new Massive.MassiveParser(symbols, Samples.Source, Samples.Upstream);
        massive.Parse("""[{"ev":"T","sym":"ZVZZT","p":1,"t":1536036818784},{"ev":"Q","sym":"ZVZZT","bp":1,"ap":2,"t":1536036818784}]"""u8, Samples.Received, output);
        var alpaca = new Alpaca.AlpacaParser(symbols, Samples.Source, Samples.Upstream);
        alpaca.Parse("""[{"T":"t","S":"ZVZZT","p":1,"s":1,"t":"2021-02-22T15:51:44Z"},{"T":"q","S":"ZVZZT","bp":1,"ap":2,"t":"2021-02-22T15:51:44Z"}]"""u8, Samples.Received, output);
        Assert.Equal(4, output.Written.Length);
        foreach (ref readonly var observation in output.Written) Assert.Equal(ConditionFlags.TestData, observation.Conditions);
    }
}
