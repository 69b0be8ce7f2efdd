using System.Text;
using FsCheck.Xunit;
using OracleNode.Market;

namespace OracleNode.Vendors;

public class SymbolTableTests
{
    [Fact]
    public void TryFind_TenThousandSymbols_FindsEachAndNoOther()
    {
        var symbols = Enumerable.Range(0, 10_000).Select(i => new VendorSymbol($"S{i:X}.{i % 7}", new InstrumentId(i))).ToArray();
        var table = new SymbolTable(symbols);
        foreach (var symbol in symbols)
        {
            Assert.True(table.TryFind(Encoding.ASCII.GetBytes(symbol.Symbol), out var found));
            Assert.Equal(symbol.Instrument, found);
            Assert.False(table.TryFind(Encoding.ASCII.GetBytes(symbol.Symbol + "X"), out _));
        }
    }

    [Property]
    public void TryFind_AnyBytes_FindsOnlyTheSame(byte[] bytes) =>
        Assert.Equal(bytes.AsSpan().SequenceEqual("AAPL"u8), new SymbolTable([new VendorSymbol("AAPL", default)]).TryFind(bytes, out _));

    [Fact]
    public void TryFind_EmptyTable_FindsNothing() => Assert.False(new SymbolTable([]).TryFind("AAPL"u8, out _));

    [Theory]
    [InlineData("")]
    [InlineData("A,Q.*")]
    [InlineData("A\"B")]
    [InlineData("A B")]
    [InlineData("AÄ")]
    [InlineData("ABCDEFGHIJKLMNOPQ")]
    public void Constructor_SymbolThatChangesASubscription_IsRefused(string symbol) =>
        Assert.Throws<ArgumentException>(() => new SymbolTable([new VendorSymbol(symbol, default)]));

    [Fact]
    public void Constructor_SymbolTwice_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new SymbolTable([new VendorSymbol("A", new InstrumentId(1)), new VendorSymbol("A", new InstrumentId(2))]));
}
