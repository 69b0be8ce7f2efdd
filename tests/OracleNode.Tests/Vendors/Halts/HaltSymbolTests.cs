namespace OracleNode.Vendors.Halts;

public class HaltSymbolTests
{
    [Theory]
    [InlineData("BKSY.W")]
    [InlineData("BKSY WS")]
    [InlineData("BKSY.WS")]
    [InlineData("BKSY/WS")]
    [InlineData("BKSY+")]
    [InlineData("bksy.w ")]
    public void OneWarrant_InEverySpelling_IsOne(string symbol) => Assert.Equal("BKSY.W", HaltSymbol.Normalise(symbol));

    [Theory]
    [InlineData("BRK B", "BRK.B")]
    [InlineData("BRK/B", "BRK.B")]
    [InlineData("BRK.B", "BRK.B")]
    [InlineData("BAC PRL", "BAC.PL")]
    [InlineData("BAC$L", "BAC.PL")]
    [InlineData("BAC-L", "BAC.L")]
    [InlineData("ABC.U", "ABC.U")]
    [InlineData("ABC=", "ABC.U")]
    [InlineData("ABC WSA", "ABC.WA")]
    [InlineData("TSLA", "TSLA")]
    [InlineData("", "")]
    [InlineData(".", "")]
    [InlineData("A*B", "")]
    [InlineData("ABCDEFGHIJKLMNOPQRS", "")]
    public void Symbol_Normalised_IsOneSpelling(string symbol, string expected) => Assert.Equal(expected, HaltSymbol.Normalise(symbol));
}
