using System.Text;
using NodaTime;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Replay;

namespace OracleNode.Operator;

public class AnnouncedActionsTests
{
    private const string Split = """{"reference":"tsla-2026","ticker":"TSLA","kind":"Split","newShares":3,"oldShares":1,"effectiveOn":"2026-06-15","by":"alice","reason":"company's notice of 1 June"}""";
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 10, 13, 0);

    private readonly AnnouncedActions _actions = New();
    private int _edition;

    [Fact]
    public void Document_Taken_GivesWhatIsNewOrChanged()
    {
        Assert.Equal(
            [new CorporateActionNotice(new InstrumentId(0), CorporateActionKind.Split, 3, 1, default, new LocalDate(2026, 6, 15), EvidenceClass.Operator, "alice", "tsla-2026", false, "company's notice of 1 June")],
            Take(Split));
        Assert.Empty(Take(Split));
        var moved = Split.Replace("2026-06-15", "2026-06-16", StringComparison.Ordinal);
        Assert.Equal(new LocalDate(2026, 6, 16), Assert.Single(Take(moved)).EffectiveOn);
        var withdrawn = moved.Replace("\"by\"", "\"withdrawn\":true,\"by\"", StringComparison.Ordinal);
        Assert.True(Assert.Single(Take(withdrawn)).IsWithdrawn);
        Assert.Empty(Take());
    }

    [Fact]
    public void ActionThatThePipelineHasNoRoomFor_Taken_IsOfferedAgain()
    {
        var (given, warning) = _actions.Take(Text(1, Split), Now, _ => false);
        Assert.Empty(given);
        Assert.Contains("1 corporate action(s) are not given yet", warning);
        (given, warning) = _actions.Take(Text(1, Split), Now, _ => true);
        Assert.Single(given);
        Assert.Null(warning);
    }

    [Fact]
    public void StandingAction_LeftOut_IsRefusedUntilAWeekAfterItsDate()
    {
        Take(Split);
        Assert.Contains("withdrawn", Assert.Throws<DocumentException>(() => Take()).Message);
        Assert.Empty(_actions.Take(Text(59), Now + Duration.FromDays(13), _ => true).Fresh);
    }

    [Fact]
    public void InstrumentByFigi_Taken_IsFoundOnItsListingMarketOnly()
    {
        var figi = ReplayFixture.Settings().Instruments[1];
        var byFigi = Split.Replace("\"ticker\":\"TSLA\"", $"\"figi\":\"{figi.Figi}\",\"mic\":\"{figi.ListingMic}\"", StringComparison.Ordinal);
        Assert.Equal(new InstrumentId(1), Assert.Single(Take(byFigi)).Instrument);
        Assert.Contains("listed on 'mic'", Assert.Throws<DocumentException>(() => New().Take(Text(1, byFigi.Replace(figi.ListingMic, "XLON", StringComparison.Ordinal)), Now, _ => true)).Message);
    }

    [Fact]
    public void Ticker_OutsideItsValidity_IsRefused()
    {
        var actions = new AnnouncedActions(new ListedTickers(ReplayFixture.Settings(("Instruments:0:TickerValidFrom", "2026-06-16"))), DocumentEditions.Open(""));
        Assert.Contains("2026-06-15", Assert.Throws<DocumentException>(() => actions.Take(Text(1, Split), Now, _ => true)).Message);
        Assert.Single(actions.Take(Text(2, Split.Replace("06-15", "06-16", StringComparison.Ordinal)), Now, _ => true).Fresh);
    }

    [Fact]
    public void CashAndTickerChange_Taken_CarryTheirOwn()
    {
        Assert.Equal(Price.FromE8(12_345_678), Assert.Single(Take("""{"reference":"d","ticker":"AAPL","kind":"CashDividend","cash":"0.12345678","effectiveOn":"2026-06-15","by":"a","reason":"r"}""")).Cash);
        Assert.Equal("TSLQ", New().Take(Text(1, """{"reference":"n","ticker":"TSLA","kind":"TickerChange","newTicker":"TSLQ","effectiveOn":"2026-06-15","by":"a","reason":"r"}"""), Now, _ => true).Fresh[0].Detail);
    }

    [Theory]
    [InlineData("\"kind\":\"Split\"", "\"kind\":\"Unsplit\"", "Split, CashDividend")]
    [InlineData("\"newShares\":3,", "", "'newShares' is missing")]
    [InlineData("\"newShares\":3,\"oldShares\":1,", "", "needs 'newShares'")]
    [InlineData("\"newShares\":3", "\"newShares\":0", "1 to 1000000")]
    [InlineData("\"newShares\":3", "\"newShares\":3.5", "1 to 1000000")]
    [InlineData("\"newShares\":3", "\"newShares\":\"3\"", "1 to 1000000")]
    [InlineData("\"newShares\":3", "\"newShares\":1000001", "1 to 1000000")]
    [InlineData("\"newShares\":3", "\"newShares\":1", "is none")]
    [InlineData("\"newShares\":3", "\"newShares\":10001", "farther from one")]
    [InlineData("\"newShares\":3", "\"cash\":1,\"newShares\":3", "pays none")]
    [InlineData("\"Split\",\"newShares\":3", "\"StockDividend\",\"newShares\":1", "more shares")]
    [InlineData("\"Split\"", "\"CashDividend\"", "has no ratio")]
    [InlineData("\"Split\",\"newShares\":3,\"oldShares\":1", "\"CashDividend\"", "needs 'cash'")]
    [InlineData("\"Split\",\"newShares\":3,\"oldShares\":1", "\"TickerChange\"", "newTicker")]
    [InlineData("\"ticker\":\"TSLA\"", "\"ticker\":\"TSLQ\"", "TSLA, AAPL")]
    [InlineData("\"ticker\":\"TSLA\",", "", "'figi' and 'mic'")]
    [InlineData("\"ticker\":\"TSLA\"", "\"ticker\":\"TSLA\",\"mic\":\"XNAS\"", "'figi' and 'mic'")]
    [InlineData("2026-06-15", "15 June", "a date like")]
    [InlineData("\"by\":\"alice\",", "", "'by' is missing")]
    [InlineData(",\"reason\":\"company's notice of 1 June\"", "", "'reason' is missing")]
    [InlineData("\"by\"", "\"withdrawn\":1,\"by\"", "true or false")]
    [InlineData("\"by\"", "\"x\":1,\"by\"", "no 'x'")]
    public void WrongAction_Taken_RefusesTheWholeDocument(string right, string wrong, string expected)
    {
        const string Good = """{"reference":"good","ticker":"AAPL","kind":"Delisting","effectiveOn":"2026-06-15","by":"a","reason":"r"}""";
        var text = Split.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Split, text);
        Assert.Contains(expected, Assert.Throws<DocumentException>(() => Take(Good, text)).Message);
        Assert.Single(Take(Good));
    }

    [Fact]
    public void ReferenceTwice_Taken_IsRefused() => Assert.Contains("twice", Assert.Throws<DocumentException>(() => Take(Split, Split)).Message);

    private static AnnouncedActions New() => new(new ListedTickers(ReplayFixture.Settings()), DocumentEditions.Open(""));

    private IReadOnlyList<CorporateActionNotice> Take(params string[] actions) => _actions.Take(Text(++_edition, actions), Now, _ => true).Fresh;

    private static byte[] Text(int edition, params string[] actions) =>
        Encoding.UTF8.GetBytes($$"""{"issuedAt":"2026-06-10T12:00:{{edition:D2}}Z","actions":[{{string.Join(',', actions)}}]}""");
}
