using NodaTime;
using OracleNode.Market;
using static OracleNode.Market.CalendarFixture;

namespace OracleNode.Guards;

public class SessionWatchTests
{
    private static readonly UpstreamId One = new(0);
    private static readonly UpstreamId Two = new(1);
    private static readonly Instant Midday = NewYork("2026-03-04 12:00");

    private readonly SessionWatch _watch = new(3);

    [Fact]
    public void Judge_NobodyContradicts_IsTheCalendars()
    {
        Say(One, SessionClaims.Regular, Midday);
        Assert.Equal((UsEquities.SessionAt(Midday), false), Judge(Midday));
    }

    [Fact]
    public void Judge_OneVendorContradicts_StandsAndThatVendorHasNoVote()
    {
        Say(One, SessionClaims.Closed, Midday);
        Say(Two, SessionClaims.Regular, Midday);
        Assert.Equal((UsEquities.SessionAt(Midday), false), Judge(Midday));
        Assert.True(_watch.IsContradicting(One, Midday, MarketSession.Regular));
        Assert.False(_watch.IsContradicting(Two, Midday, MarketSession.Regular));
    }

    [Fact]
    public void IsAnyContradicting_OneVendorContradicts_IsTrueAsLongAsItsClaimStands()
    {
        Say(One, SessionClaims.Regular, Midday);
        Assert.False(_watch.IsAnyContradicting(Midday, MarketSession.Regular));
        Say(Two, SessionClaims.Closed, Midday);
        Assert.True(_watch.IsAnyContradicting(Midday + SessionWatch.ClaimLifetime, MarketSession.Regular));
        Assert.False(_watch.IsAnyContradicting(Midday + SessionWatch.ClaimLifetime + Duration.Epsilon, MarketSession.Regular));
        Assert.False(_watch.IsAnyContradicting(Midday, MarketSession.PostMarket));
    }

    [Fact]
    public void Judge_TwoUpstreamsContradict_IsUnknown()
    {
        Say(One, SessionClaims.Closed, Midday);
        Say(Two, SessionClaims.NotRegular, Midday);
        Assert.Equal((default, true), Judge(Midday));
    }

    [Fact]
    public void Judge_ListingMarketContradicts_IsUnknown()
    {
        _watch.Apply(One, SessionClaims.Closed, isListingMarket: true, Midday, UsEquities);
        Assert.Equal((default, true), Judge(Midday));
    }

    [Fact]
    public void Judge_VendorTakesItBack_IsTheCalendarsAgain()
    {
        Say(One, SessionClaims.Closed, Midday);
        Say(Two, SessionClaims.Closed, Midday);
        Say(Two, SessionClaims.Regular, Midday + Duration.FromSeconds(1));
        Assert.False(Judge(Midday + Duration.FromSeconds(1)).IsDisputed);
    }

    [Theory]
    [InlineData("2026-03-04 09:29:56", SessionClaims.Regular, true)] // opens four seconds early by its clock
    [InlineData("2026-03-04 09:29:54", SessionClaims.Regular, false)]
    [InlineData("2026-03-04 09:30:04", SessionClaims.PreMarket, true)]
    [InlineData("2026-03-04 09:30:06", SessionClaims.PreMarket, false)]
    [InlineData("2026-03-04 08:00", SessionClaims.ExtendedHours, true)] // what a coarse vendor says of the pre-market
    [InlineData("2026-03-04 08:00", SessionClaims.NotRegular, true)]
    [InlineData("2026-03-04 12:00", SessionClaims.ExtendedHours, false)]
    [InlineData("2026-03-07 12:00", SessionClaims.Closed, true)]
    [InlineData("2026-03-07 12:00", SessionClaims.Regular, false)]
    public void IsContradicting_NearABoundary_HasFiveSecondsOfTolerance(string newYork, SessionClaims claims, bool agrees)
    {
        var at = NewYork(newYork);
        Say(One, claims, at);
        Assert.Equal(!agrees, _watch.IsContradicting(One, at, UsEquities.SessionAt(at).Session));
    }

    [Fact]
    public void Judge_SessionChangedSinceTheClaim_ForgetsIt()
    {
        var before = NewYork("2026-03-04 15:59:50");
        Say(One, SessionClaims.Closed, before);
        Say(Two, SessionClaims.Closed, before);
        Assert.True(Judge(before).IsDisputed);
        Assert.False(Judge(NewYork("2026-03-04 16:00:00")).IsDisputed);
    }

    [Fact]
    public void Judge_ClaimNotRepeated_EndsWithItsLifetime()
    {
        Say(One, SessionClaims.Closed, Midday);
        Say(Two, SessionClaims.Closed, Midday);
        Assert.True(Judge(Midday + SessionWatch.ClaimLifetime).IsDisputed);
        Assert.False(Judge(Midday + SessionWatch.ClaimLifetime + Duration.FromTicks(1)).IsDisputed);
    }

    [Fact]
    public void Apply_OlderOrEmptyOrUnknownUpstream_IsPassedOver()
    {
        Say(One, SessionClaims.Regular, Midday);
        Assert.False(_watch.Apply(One, SessionClaims.Closed, true, Midday - Duration.FromSeconds(1), UsEquities));
        Assert.False(_watch.Apply(Two, SessionClaims.None, true, Midday, UsEquities));
        Assert.False(_watch.Apply(new UpstreamId(3), SessionClaims.Closed, true, Midday, UsEquities));
        Assert.False(_watch.Apply(new UpstreamId(-1), SessionClaims.Closed, true, Midday, UsEquities));
        Assert.False(Judge(Midday).IsDisputed);
    }

    [Fact]
    public void Judge_CalendarItselfDoesNotKnow_IsNoDispute()
    {
        var beyond = UsEquities.CoveredUntil + Duration.FromDays(1);
        Say(One, SessionClaims.Regular, beyond);
        Say(Two, SessionClaims.Regular, beyond);
        Assert.Equal((UsEquities.SessionAt(beyond), false), Judge(beyond));
    }

    private void Say(UpstreamId upstream, SessionClaims claims, Instant at) => Assert.True(_watch.Apply(upstream, claims, false, at, UsEquities));

    private (SessionInfo Session, bool IsDisputed) Judge(Instant now) => _watch.Judge(now, UsEquities.SessionAt(now));
}
