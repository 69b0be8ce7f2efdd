using Microsoft.Extensions.Configuration;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Configuration;

/// <summary>Premium, currency and indicative feeds in the configuration.</summary>
public class MarketFeedFactoryTests
{
    /// <summary>The order in the file does not matter: an indication first, then what it is made from.</summary>
    private static readonly (string, string)[] Feeds =
    [
        ("Feeds:5:Name", "TSLA-24x7"), ("Feeds:5:Unit", "IndicativeShare"), ("Feeds:5:Underlying", "TSLA"), ("Feeds:5:Indication:Premiums:0", "TSLAx-premium"), ("Feeds:5:Indication:MaxFallBps", "400"),
        ("Feeds:6:Name", "TSLAx-premium"), ("Feeds:6:Unit", "PremiumRatio"), ("Feeds:6:Underlying", "TSLAx"), ("Feeds:6:Premium:Sources:0", "alpaca-iex"), ("Feeds:6:Premium:Sources:1", "finazon-sip"), ("Feeds:6:Premium:MinDepth", "250.5"),
        ("Feeds:8:Name", "TSLAx-USDC"), ("Feeds:8:Unit", "RawToken"), ("Feeds:8:Underlying", "TSLAx"), ("Feeds:8:Quote", "USDC"),
        ("Feeds:7:Name", "USDC"), ("Feeds:7:Unit", "CurrencyUnit"), ("Feeds:7:Currency", "USDC"), ("Feeds:7:CurrencyRules:Sources:0", "alpaca-iex"), ("Feeds:7:CurrencyRules:Sources:1", "finazon-sip"),
    ];

    [Fact]
    public void Feeds_Checked_StandBehindWhatTheyAreMadeFrom()
    {
        var settings = Create();
        Assert.Equal(["TSLA", "AAPL", "SPY", "TSLAx", "SPYx", "USDC", "TSLAx-premium", "TSLAx-USDC", "TSLA-24x7"], settings.Feeds.Select(f => f.Feed.Name));
        var (share, token, currency, premium, indication) = (settings.Feeds[0], settings.Feeds[3], settings.Feeds[5], settings.Feeds[6], settings.Feeds[8]);
        Assert.Equal((3, 5), (Assert.IsType<QuotedTokenFeedRules>(settings.Feeds[7].Derived).TokenFeed, ((QuotedTokenFeedRules)settings.Feeds[7].Derived!).CurrencyFeed));
        Assert.Equal((token.Feed.Identity, "USDC", FeedUnit.RawToken), (settings.Feeds[7].Feed.Identity, settings.Feeds[7].Feed.Quote, settings.Feeds[7].Feed.Unit));
        Assert.Equal((token.Feed.Identity, "USD", FeedUnit.PremiumRatio), (premium.Feed.Identity, premium.Feed.Quote, premium.Feed.Unit));
        Assert.Equal((share.Feed.Identity, FeedUnit.IndicativeShare), (indication.Feed.Identity, indication.Feed.Unit));
        Assert.Equal(("currency:USDC", InstrumentId.None, FeedUnit.CurrencyUnit), (currency.Feed.Identity, currency.Feed.Instrument, currency.Feed.Unit));
        Assert.Equal(9, settings.Feeds.Select(f => FeedIdentity.Compute(f.Feed)).Distinct().Count());

        var rules = Assert.IsType<PremiumFeedRules>(premium.Derived);
        Assert.Equal((3, 0, 5), (rules.TokenFeed, rules.Token.Index, rules.Rates["USDC"]));
        Assert.Equal(Price.FromE8(25_050_000_000), rules.Settings.MinDepth);
        Assert.Equal(["alpaca-iex", "finazon-sip"], rules.Sources.Select(s => s.Name).Order());
        var moved = Assert.IsType<IndicationFeedRules>(indication.Derived);
        Assert.Equal((0, 400, 250), (moved.Share, moved.Settings.MaxFallBps, moved.Settings.MaxRiseBps));
        Assert.Equal([6], moved.Premiums);
        Assert.All(settings.Publishing.Values, p => Assert.Equal(9, p.Count));
    }

    [Fact]
    public void Feeds_OnTheFold_AreFolded()
    {
        var settings = Create();
        var market = MarketFoldFactory.Create(settings, CalendarOf());
        market.Tick(Instant.FromUtc(2026, 6, 10, 15, 0), everything: true);
        Assert.Equal(9, market.Count);
        Assert.All(Enumerable.Range(0, 9), i => Assert.Null(market.FaultOf(i)));
        Assert.Equal(DecisionReason.UnderlyingMissing, market.DecisionOf(6)!.Reason);
    }

    [Fact]
    public void Digest_OfAnotherRule_IsAnother()
    {
        var (one, other) = (SettingsDigest.Of(Create()), SettingsDigest.Of(Create(("Feeds:6:Premium:MaxSpreadBps", "200"))));
        Assert.NotEqual(one.Hash, other.Hash);
    }

    [Theory]
    [InlineData("Feeds:6:Underlying", "TSLA", "a token feed of unit RawToken")]
    [InlineData("Feeds:6:Premium:Sources:1", "nobody", "one of")]
    [InlineData("Feeds:6:Premium:Sources:1", "alpaca-iex", "once")]
    [InlineData("Feeds:6:Premium:MinMarkets", "3", "3 upstreams (MinMarkets)")]
    [InlineData("Feeds:6:Premium:MaxSpreadBps", "0", "1 to 5000")]
    [InlineData("Feeds:6:Premium:MinDepth", "much", "a number like")]
    [InlineData("Feeds:6:Premium:MaxRatio", "0.0001", "the second above the first")]
    [InlineData("Feeds:6:Token", "solana:x", "empty")]
    [InlineData("Feeds:6:Currency", "USDC", "CurrencyUnit")]
    [InlineData("Feeds:7:Currency", "USD", "e.g. USDC")]
    [InlineData("Feeds:7:Currency", "usdc", "e.g. USDC")]
    [InlineData("Feeds:7:Underlying", "TSLA", "empty for a currency")]
    [InlineData("Feeds:7:CurrencyRules:MinUpstreams", "1", "2 to 16")]
    [InlineData("Feeds:8:Quote", "USDT", "the Currency of a feed")]
    [InlineData("Feeds:8:Underlying", "TSLA", "the token's feed in USD")]
    [InlineData("Feeds:6:Quote", "USDC", "USD: no vendor")]
    [InlineData("Feeds:5:Underlying", "TSLAx", "a share feed")]
    [InlineData("Feeds:5:Underlying", "AAPL", "a premium feed of a token of AAPL")]
    [InlineData("Feeds:5:Indication:Premiums:0", "TSLAx", "a premium feed of a token of TSLA")]
    [InlineData("Feeds:5:Indication:MinMarkets", "3", "3 upstreams (MinMarkets)")]
    [InlineData("Feeds:5:Indication:MaxFallBps", "9000", "0 to 5000")]
    [InlineData("Feeds:6:Premium:MaxAge", "00:10:00", "Closed:Attestation")]
    public void WrongFeed_Checked_IsSaid(string key, string value, string expected)
    {
        var errors = Assert.Throws<ConfigurationException>(() => Create((key, value))).Errors;
        Assert.Contains(errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    private static NodeSettings Create(params (string, string)[] changes)
    {
        var all = Feeds.Where(f => changes.All(c => c.Item1 != f.Item1)).Concat(changes).Select(c => KeyValuePair.Create("OracleNode:" + c.Item1, (string?)c.Item2));
        return NodeSettingsFactory.Create(new ConfigurationBuilder().AddJsonFile(RepositoryFiles.Path("appsettings.json")).AddInMemoryCollection(all).Build());
    }

    private static TradingCalendar CalendarOf() => TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json")));
}
