using System.Text;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Alpaca;
using OracleNode.Vendors.Massive;

namespace OracleNode.Vendors;

public class MarketStatusTests
{
    [Theory]
    [InlineData("open", false, false, SessionClaims.Regular)]
    [InlineData("closed", false, false, SessionClaims.Closed | SessionClaims.Overnight)]
    [InlineData("extended-hours", true, false, SessionClaims.PreMarket)]
    [InlineData("extended-hours", false, true, SessionClaims.PostMarket)]
    [InlineData("extended-hours", false, false, SessionClaims.ExtendedHours)]
    public void Massive_Read_LeavesTheseSessionsPossible(string market, bool early, bool after, SessionClaims expected)
    {
        var text = $$"""{"market":"{{market}}","earlyHours":{{(early ? "true" : "false")}},"afterHours":{{(after ? "true" : "false")}},"serverTime":"2022-04-28T16:48:08-04:00","exchanges":{"nyse":"extended-hours"} }""";
        Assert.True(MassiveMarketStatus.TryParse(Encoding.UTF8.GetBytes(text), out var claims, out var at));
        Assert.Equal((expected, Instant.FromUtc(2022, 4, 28, 20, 48, 8)), (claims, at));
    }

    [Theory]
    [InlineData("true", SessionClaims.Regular)]
    [InlineData("false", SessionClaims.NotRegular)]
    public void Alpaca_Read_SaysWhetherTheRegularSessionRuns(string open, SessionClaims expected)
    {
        var text = $$"""{"timestamp":"2026-06-10T11:00:00.123456789-04:00","is_open":{{open}},"next_open":"2026-06-11T09:30:00-04:00","next_close":"2026-06-10T16:00:00-04:00"}""";
        Assert.True(AlpacaClock.TryParse(Encoding.UTF8.GetBytes(text), out var claims, out var at));
        Assert.Equal((expected, Instant.FromUtc(2026, 6, 10, 15, 0).PlusNanoseconds(123_456_789)), (claims, at));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"market":"open"}""")]
    [InlineData("""{"market":"ajar","serverTime":"2022-04-28T16:48:08-04:00"}""")]
    [InlineData("""{"market":"\ud800","serverTime":"2022-04-28T16:48:08-04:00"}""")]
    [InlineData("""{"timestamp":"2026-06-10T11:00:00-04:00","is_open":"yes"}""")]
    [InlineData("""{"timestamp":"now","is_open":true}""")]
    public void AnythingElse_Read_IsNone(string text)
    {
        Assert.False(MassiveMarketStatus.TryParse(Encoding.UTF8.GetBytes(text), out _, out _));
        Assert.False(AlpacaClock.TryParse(Encoding.UTF8.GetBytes(text), out _, out _));
    }
}
