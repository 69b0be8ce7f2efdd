using Microsoft.Extensions.Configuration;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Vendors;

namespace OracleNode.Configuration;

/// <summary>Premium, currency and indicative feeds in the configuration.</summary>
public class MarketFeedFactoryTests
{
    /// <summary>The order in the file does not matter: an indication first, then what it is made from.</summary>
    private static readonly (string, string)[] Feeds =
    [
        ("Feeds:5:Name", "TSLA-24x7"), ("Feeds:5:Unit", "IndicativeShare"), ("Feeds:5:Underlying", "TSLA"), ("Feeds:5:Indication:Premiums:0", "TSLAx-premium"), ("Feeds:5:Indication:MaxFallBps", "400"),
        ("Feeds:6:Name", "TSLAx-premium"), ("Feeds:6:Unit", "PremiumRatio"), ("Feeds:6:Underlying", "TSLAx"), ("Feeds:6:Premium:Sources:0", "kraken"), ("Feeds:6:Premium:Sources:1", "bybit"), ("Feeds:6:Premium:MinDepth", "250.5"),
        ("Sources:5:Name", "kraken"), ("Sources:5:Vendor", "Kraken"), ("Sources:5:Upstream", "kraken"), ("Sources:5:Symbols:0:Symbol", "TSLAx/USD"), ("Sources:5:Symbols:0:Token", "TSLAx"),
        ("Sources:5:Symbols:1:Symbol", "USDC/USD"), ("Sources:5:Symbols:1:Currency", "USDC"),
        ("Sources:6:Name", "bybit"), ("Sources:6:Vendor", "Bybit"), ("Sources:6:Upstream", "bybit"), ("Sources:6:Symbols:0:Symbol", "TSLAXUSDT"), ("Sources:6:Symbols:0:Token", "TSLAx"),
        ("Sources:7:Name", "bybit-spy"), ("Sources:7:Vendor", "Bybit"), ("Sources:7:Upstream", "bybit"), ("Sources:7:Symbols:0:Symbol", "SPYXUSDT"), ("Sources:7:Symbols:0:Token", "SPYx"),
    ];

    [Fact]
    public void Feeds_Checked_StandBehindWhatTheyAreMadeFrom()
    {
        var settings = Create();
        Assert.Equal(["TSLA", "AAPL", "SPY", "TSLAx", "SPYx", "TSLAx-premium", "TSLA-24x7"], settings.Feeds.Select(f => f.Feed.Name));
        var (share, token, premium, indication) = (settings.Feeds[0], settings.Feeds[3], settings.Feeds[5], settings.Feeds[6]);
        Assert.Equal((token.Feed.Identity, "USD", FeedUnit.PremiumRatio), (premium.Feed.Identity, premium.Feed.Quote, premium.Feed.Unit));
        Assert.Equal((share.Feed.Identity, FeedUnit.IndicativeShare), (indication.Feed.Identity, indication.Feed.Unit));
        Assert.Equal(7, settings.Feeds.Select(f => FeedIdentity.Compute(f.Feed)).Distinct().Count());

        var rules = Assert.IsType<PremiumFeedRules>(premium.Derived);
        Assert.Equal((3, 0, 0), (rules.TokenFeed, rules.Token.Index, rules.Rates.Count));
        Assert.Equal(Price.FromE8(25_050_000_000), rules.Settings.MinDepth);
        Assert.Equal(["bybit", "kraken"], rules.Sources.Select(s => s.Name).Order());
        var moved = Assert.IsType<IndicationFeedRules>(indication.Derived);
        Assert.Equal((0, 400, 250), (moved.Share, moved.Settings.MaxFallBps, moved.Settings.MaxRiseBps));
        Assert.Equal([5], moved.Premiums);
        Assert.All(settings.Publishing.Values, p => Assert.Equal(7, p.Count));
    }

    [Fact]
    public void Currency_OfSourcesThatPriceIt_IsWhatTokensAreQuotedIn()
    {
        var settings = Create();
        var (currency, errors) = Make(settings, Currency(), settings.Feeds);
        Assert.Empty(errors);
        Assert.Equal(("currency:USDC", InstrumentId.None, FeedUnit.CurrencyUnit), (currency!.Feed.Identity, currency.Feed.Instrument, currency.Feed.Unit));
        Assert.Equal(["kraken", "other"], Assert.IsType<CurrencyFeedRules>(currency.Derived).Sources.Select(s => s.Name));

        List<FeedSettings> before = [.. settings.Feeds.Take(5), currency];
        (var quoted, errors) = Make(settings, new FeedOptions { Name = "TSLAx-USDC", Unit = FeedUnit.RawToken, Underlying = "TSLAx", Quote = "USDC" }, before);
        Assert.Empty(errors);
        Assert.Equal((3, 5), (Assert.IsType<QuotedTokenFeedRules>(quoted!.Derived).TokenFeed, ((QuotedTokenFeedRules)quoted.Derived!).CurrencyFeed));
        Assert.Equal((settings.Feeds[3].Feed.Identity, "USDC", FeedUnit.RawToken), (quoted.Feed.Identity, quoted.Feed.Quote, quoted.Feed.Unit));
        (var premium, errors) = Make(settings, new FeedOptions { Name = "premium", Unit = FeedUnit.PremiumRatio, Underlying = "TSLAx", Premium = { Sources = { "kraken", "bybit" } } }, before);
        Assert.Empty(errors);
        Assert.Equal(5, Assert.IsType<PremiumFeedRules>(premium!.Derived).Rates["USDC"]);

        Assert.Contains("the Currency of a feed", Assert.Single(Make(settings, new FeedOptions { Name = "x", Unit = FeedUnit.RawToken, Underlying = "TSLAx", Quote = "USDT" }, before).Errors));
        Assert.Contains("the token's feed in USD", Assert.Single(Make(settings, new FeedOptions { Name = "x", Unit = FeedUnit.RawToken, Underlying = "TSLA", Quote = "USDC" }, before).Errors));
    }

    [Theory]
    [InlineData("USD", "", 2, "kraken", "e.g. USDC")]
    [InlineData("usdc", "", 2, "kraken", "e.g. USDC")]
    [InlineData("USDC", "TSLA", 2, "kraken", "empty for a currency")]
    [InlineData("USDC", "", 1, "kraken", "2 to 16")]
    [InlineData("USDC", "", 2, "alpaca-iex", ":CurrencyRules:Sources:0 = 'alpaca-iex': must be a source of that price: one with an entry in Symbols whose Currency is USDC")]
    [InlineData("USDC", "", 2, "bybit", ":CurrencyRules:Sources:0 = 'bybit': must be a source of that price")]
    [InlineData("USDT", "", 2, "kraken", ":CurrencyRules:Sources:0 = 'kraken': must be a source of that price: one with an entry in Symbols whose Currency is USDT")]
    public void WrongCurrency_Checked_IsSaid(string currency, string underlying, int upstreams, string source, string expected)
    {
        var settings = Create();
        var options = new FeedOptions { Name = "USDC", Unit = FeedUnit.CurrencyUnit, Currency = currency, Underlying = underlying, CurrencyRules = { Sources = { source, "other" }, MinUpstreams = upstreams } };
        Assert.Contains(Make(settings, options, settings.Feeds).Errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Feeds_OnTheFold_AreFolded()
    {
        var settings = Create();
        var market = MarketFoldFactory.Create(settings, CalendarOf());
        market.Tick(Instant.FromUtc(2026, 6, 10, 15, 0), everything: true);
        Assert.Equal(7, market.Count);
        Assert.All(Enumerable.Range(0, 7), i => Assert.Null(market.FaultOf(i)));
        Assert.Equal(DecisionReason.UnderlyingMissing, market.DecisionOf(5)!.Reason);
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
    [InlineData("Feeds:6:Premium:Sources:1", "kraken", "once")]
    [InlineData("Feeds:6:Premium:Sources:1", "alpaca-iex", "Sources:1 = 'alpaca-iex': must be a market of the token: a source with an entry in Symbols whose Token is TSLAx")]
    [InlineData("Feeds:6:Premium:Sources:1", "nasdaq-halts", "must be a market of the token")]
    [InlineData("Feeds:6:Premium:Sources:1", "bybit-spy", "must be a market of the token")]
    [InlineData("Feeds:6:Premium:MinMarkets", "3", "3 upstreams (MinMarkets)")]
    [InlineData("Feeds:6:Premium:MaxSpreadBps", "0", "1 to 5000")]
    [InlineData("Feeds:6:Premium:MinDepth", "much", "a number like")]
    [InlineData("Feeds:6:Premium:MaxRatio", "0.0001", "the second above the first")]
    [InlineData("Feeds:6:Token", "solana:x", "empty")]
    [InlineData("Feeds:6:Currency", "USDC", "CurrencyUnit")]
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

    private static FeedOptions Currency() => new() { Name = "USDC", Unit = FeedUnit.CurrencyUnit, Currency = "USDC", CurrencyRules = { Sources = { "kraken", "other" } } };

    /// <summary>Makes one feed beside those of the configuration, with one source more: of a vendor that nobody here knows, which has USDC too.</summary>
    private static (FeedSettings? Feed, List<string> Errors) Make(NodeSettings settings, FeedOptions feed, IReadOnlyList<FeedSettings> before)
    {
        var errors = new List<string>();
        var at = settings.Sources.Count;
        var factory = new MarketFeedFactory(
            [.. settings.Options.Feeds, feed], [.. settings.Sources, new Source(new SourceId(at), "other", new UpstreamId(100), "other")],
            [.. settings.Options.Sources, new SourceOptions { Name = "other", Symbols = { new SymbolOptions { Symbol = "USDC-USD", Currency = "USDC" } } }],
            TokenNames.Of(settings.Options), "OracleNode:Feeds", errors);
        return (factory.Create(feed, before), errors);
    }

    private static NodeSettings Create(params (string, string)[] changes)
    {
        var all = Feeds.Where(f => changes.All(c => c.Item1 != f.Item1)).Concat(changes).Select(c => KeyValuePair.Create("OracleNode:" + c.Item1, (string?)c.Item2));
        return NodeSettingsFactory.Create(new ConfigurationBuilder().AddJsonFile(RepositoryFiles.Path("appsettings.json")).AddInMemoryCollection(all).Build());
    }

    private static TradingCalendar CalendarOf() => TradingCalendar.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json")));
}
