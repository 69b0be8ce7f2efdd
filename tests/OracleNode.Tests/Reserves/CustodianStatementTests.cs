using System.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Operator;

namespace OracleNode.Reserves;

public class CustodianStatementTests
{
    private const string Good = """{"custodian":"bank","measuredAt":"2026-06-10T00:00:00Z","validUntil":"2026-06-12T00:00:00Z","holdings":[{"issue":"TSLAx","shares":"1000000.5"},{"issue":"SPYx","shares":0}],"note":"end of day"}""";

    private static readonly Instant Now = Instant.FromUtc(2026, 6, 10, 12, 0);

    [Fact]
    public void Statement_Read_IsExact()
    {
        var statement = CustodianStatement.Read(Encoding.UTF8.GetBytes(Good));
        Assert.Equal(("bank", Instant.FromUtc(2026, 6, 10, 0, 0), Instant.FromUtc(2026, 6, 12, 0, 0)), (statement.Custodian, statement.MeasuredAt, statement.ValidUntil));
        Assert.Equal((UInt128)1_000_000_500_000_000_000 * 1_000_000, statement.SharesE18["TSLAx"]);
        Assert.Equal(UInt128.Zero, statement.SharesE18["SPYx"]);
    }

    [Theory]
    [InlineData("1000000.5", "-1", "holdings[0].shares")]
    [InlineData("1000000.5", "1e6", "holdings[0].shares")]
    [InlineData("1000000.5", "0.1234567890123456789", "holdings[0].shares")]
    [InlineData("1000000.5", "999999999999999999999999", "holdings[0].shares")]
    [InlineData("\"SPYx\"", "\"TSLAx\"", "occurs twice")]
    [InlineData("\"shares\":0", "\"amount\":0", "has no 'amount'")]
    [InlineData("2026-06-12T00:00:00Z", "2026-06-10T00:00:00Z", "must be after measuredAt")]
    [InlineData("2026-06-10T00:00:00Z", "yesterday", "measuredAt = 'yesterday'")]
    [InlineData("\"custodian\":\"bank\",", "", "'custodian' is missing")]
    [InlineData("\"measuredAt\":\"2026-06-10T00:00:00Z\",", "", "needs 'measuredAt'")]
    [InlineData("\"note\":", "\"noot\":", "has no 'noot'")]
    [InlineData("[{\"issue\":\"TSLAx\",\"shares\":\"1000000.5\"},{\"issue\":\"SPYx\",\"shares\":0}]", "[]", "'holdings' names no issue")]
    [InlineData("}],", "}", "not JSON")]
    public void StatementThatIsWrong_Read_IsRefusedWithWhatWouldBeRight(string part, string instead, string expected)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        var error = Assert.Throws<DocumentException>(() => CustodianStatement.Read(Encoding.UTF8.GetBytes(Good.Replace(part, instead, StringComparison.Ordinal))));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever the bytes are: a statement, or a complaint.</summary>
    [Fact]
    public void AnyBytes_Read_AreAStatementOrRefused()
    {
        var random = new Random(5);
        var good = Encoding.UTF8.GetBytes(Good);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)(random.Next(4) == 0 ? random.Next(256) : "{}[]\",:\\u0e.-19TZ"[random.Next(17)]);
            var cut = random.Next(5) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            try
            {
                CustodianStatement.Read(cut);
            }
            catch (DocumentException)
            {
                // Refused, with a word.
            }
        }
    }

    [Fact]
    public void Book_TakesWhatIsNewer_AndNothingElse()
    {
        var book = new CustodianBook("bank", DocumentEditions.Open(""));
        Assert.Contains("bank's statement", Take(book, "2026-06-10T00:00:00Z", "5"));
        Assert.Null(Take(book, "2026-06-10T00:00:00Z", "5"));
        Assert.Contains("another document of that time", Assert.Throws<DocumentException>(() => Take(book, "2026-06-10T00:00:00Z", "6")).Message);
        Assert.Contains("older", Assert.Throws<DocumentException>(() => Take(book, "2026-06-09T00:00:00Z", "6")).Message);
        Assert.Equal((UInt128)5_000_000_000_000_000_000, book.Latest!.SharesE18["TSLAx"]);
        Assert.NotNull(Take(book, "2026-06-10T01:00:00Z", "6"));
        Assert.Equal((UInt128)6_000_000_000_000_000_000, book.Latest!.SharesE18["TSLAx"]);
        Assert.Contains("ahead of this node's time", Assert.Throws<DocumentException>(() => Take(book, "2026-06-10T12:05:01Z", "7")).Message);
        Assert.Contains("must be 'bank'", Assert.Throws<DocumentException>(() => Take(book, "2026-06-10T02:00:00Z", "7", "other")).Message);
    }

    private static string? Take(CustodianBook book, string measuredAt, string shares, string custodian = "bank") =>
        book.Take(JsonSerializer.SerializeToUtf8Bytes(new { custodian, measuredAt, holdings = new[] { new { issue = "TSLAx", shares } } }), Now).What;
}
