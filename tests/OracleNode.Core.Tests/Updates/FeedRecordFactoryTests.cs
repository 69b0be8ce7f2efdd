using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Updates;

public class FeedRecordFactoryTests
{
    private static FeedId Id => default;
    private static readonly Instant ObservedAt = Instant.FromUtc(2024, 6, 3, 20, 0);

    [Fact]
    public void Create_OfALiveFeed_IsTheDecision()
    {
        var record = FeedRecordFactory.Create(Share(FeedState.Live, 101), Id, Signed(100));
        Assert.Equal(Dollars(101), record!.Value.Price);
        Assert.Equal(ObservedAt.ToUnixTimeMilliseconds(), record.Value.ObservedAtUnixMillis);
    }

    [Theory]
    [InlineData(FeedState.Held)]
    [InlineData(FeedState.Closed)]
    [InlineData(FeedState.Reopening)]
    [InlineData(FeedState.Paused)]
    [InlineData(FeedState.Retired)]
    public void Create_OfAFeedWithoutAMarket_CarriesWhatWasSigned(FeedState state)
    {
        var signed = Signed(100);
        var record = FeedRecordFactory.Create(Share(state, 101), Id, signed)!.Value;
        Assert.Equal(signed with { State = state, Session = MarketSession.Regular, MaxAgeSeconds = record.MaxAgeSeconds }, record);
    }

    [Fact]
    public void Create_WhereNothingWasSigned_IsTheDecision() =>
        Assert.Equal(Dollars(101), FeedRecordFactory.Create(Share(FeedState.Closed, 101), Id)!.Value.Price);

    [Fact]
    public void Create_OfATokenWithoutAMarket_CarriesWhatWasSigned()
    {
        var signed = SignedToken(100, 2);
        var record = FeedRecordFactory.Create(Token(FeedState.Closed, 101, 2), Id, signed)!.Value;
        Assert.Equal((Dollars(200), Dollars(100), signed.ObservedAtUnixMillis), (record.Price, record.Token!.Value.Underlying, record.ObservedAtUnixMillis));
        Assert.Equal((signed.Bid, signed.Ask, signed.ConfidenceE8), (record.Bid, record.Ask, record.ConfidenceE8));
    }

    [Fact]
    public void Create_OfATokenWhoseMultiplierChangedSince_IsTheSignedSharePriceTimesTheNewOne()
    {
        var signed = SignedToken(100, 2);
        var record = FeedRecordFactory.Create(Token(FeedState.Closed, 101, 3), Id, signed)!.Value;
        Assert.Equal((Dollars(300), Dollars(100), signed.ObservedAtUnixMillis), (record.Price, record.Token!.Value.Underlying, record.ObservedAtUnixMillis));
        Assert.True(record.Bid.IsNone && record.Ask.IsNone);
    }

    private static Price Dollars(long dollars) => Price.FromE8(dollars * Price.One);

    private static FeedRecord Signed(long dollars) => new()
    {
        FeedTag = Id.Tag,
        Price = Dollars(dollars),
        ConfidenceE8 = 7,
        Bid = Dollars(dollars - 1),
        Ask = Dollars(dollars + 1),
        Ema = Dollars(dollars - 5),
        Session = MarketSession.Regular,
        State = FeedState.Live,
        ObservedAtUnixMillis = ObservedAt.ToUnixTimeMilliseconds() - 3000,
        MaxAgeSeconds = 300,
    };

    private static FeedRecord SignedToken(long dollars, int multiplier) => Signed(dollars * multiplier) with
    {
        Token = new TokenTerms(Times(multiplier), default, 0, Dollars(dollars)),
    };

    private static FeedDecision Share(FeedState state, long dollars) => new(null)
    {
        State = state,
        Session = MarketSession.Regular,
        Price = Dollars(dollars),
        ConfidenceE8 = 9,
        Ema = Dollars(dollars),
        ObservedAt = ObservedAt,
        MaxAge = Duration.FromMinutes(10),
    };

    private static FeedDecision Token(FeedState state, long dollars, int multiplier)
    {
        var token = Share(state, dollars * multiplier);
        token.Multiplier = Times(multiplier);
        token.Underlying = Dollars(dollars);
        return token;
    }

    private static Multiplier Times(int whole)
    {
        Assert.True(Multiplier.TryParse(System.Text.Encoding.UTF8.GetBytes($"{whole}"), out var multiplier));
        return multiplier;
    }
}
