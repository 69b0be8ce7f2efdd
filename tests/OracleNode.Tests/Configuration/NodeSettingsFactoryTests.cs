using Microsoft.Extensions.Configuration;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Configuration;

public class NodeSettingsFactoryTests
{
    [Fact]
    public void ShippedConfiguration_Checked_IsGood()
    {
        var settings = NodeSettingsFactory.Create(Shipped());

        Assert.Equal(["TSLA", "AAPL", "SPY", "TSLAx", "SPYx"], settings.Feeds.Select(f => f.Feed.Name));
        Assert.Equal(["arbitrum", "base", "solana"], settings.Publishing.Keys.Order());
        Assert.All(settings.Publishing.Values, feeds => Assert.Equal(5, feeds.Count));
    }

    [Fact]
    public void ShippedSources_Checked_AreAllOfDifferentUpstreams()
    {
        var sources = NodeSettingsFactory.Create(Shipped()).Sources;
        Assert.Equal(["nasdaq-basic", "iex", "sip", "nasdaq-halts", "nyse-halts"], sources.Select(s => s.UpstreamName));
        Assert.Equal(5, sources.Select(s => s.Upstream).Distinct().Count());
    }

    [Fact]
    public void ListsOfHalts_Checked_SpeakForTheirListingsAndNeverVote()
    {
        var feeds = NodeSettingsFactory.Create(Shipped()).Feeds;
        Assert.Equal(["nasdaq-halts"], feeds[0].Sources.Where(s => s.IsListingMarket).Select(s => s.Name));
        Assert.Equal(["nyse-halts"], feeds[2].Sources.Where(s => s.IsListingMarket).Select(s => s.Name));
        Assert.All(feeds.Take(3), f => Assert.Equal([0, 1, 2], f.Pricing!.Regular.AllowedSources!.Select(s => s.Index)));
        Assert.Equal(Guards.LuldTier.Tier1, feeds[0].Luld);
    }

    [Theory]
    [InlineData("Feeds:0:Pricing:Regular:Sources:0", "nasdaq-halts", "must be one of")]
    [InlineData("Sources:0:ListingMics:0", "XNAS", "only a list of halts")]
    [InlineData("Sources:3:ApiKey", "env:X", "is public")]
    [InlineData("Sources:3:MarketStatus", "true", "only Massive and Alpaca")]
    [InlineData("Sources:3:Url", "http://halts.example/", "https://")]
    [InlineData("Sources:4:Halts:PollPeriod", "00:00:01", "00:00:05")]
    [InlineData("Sources:2:MarketStatusUrl", "https://x.example/", "MarketStatus")]
    [InlineData("Instruments:0:LuldTier", "3", "1 or 2")]
    [InlineData("Instruments:0:Tickers:0:Ticker", "AAPL", "used once")]
    [InlineData("Instruments:0:Tickers:0:Ticker", "OLD", "dated")]
    [InlineData("Instruments:0:Tickers:0:ValidTo", "yesterday", "a date like")]
    [InlineData("Instruments:0:TickerValidFrom", "2026-13-01", "a date like")]
    [InlineData("CorporateActions:PauseStepBps", "0", "PauseStepBps is 0; it must be 1 to 10000")]
    [InlineData("CorporateActions:Lateness", "60.00:00:00", "Lateness")]
    [InlineData("CorporateActions:ListingDays", "31", "ListingDays is 31; it must be 0 to 30")]
    [InlineData("CorporateActions:PauseBps", "1", "unknown key")]
    [InlineData("Feeds:3:TokenLimits:SmallStepsBps", "0", "SmallStepsBps is 0")]
    [InlineData("Feeds:3:TokenLimits:ActivationLead", "8.00:00:00", "ActivationLead")]
    [InlineData("Operator:Commands", "commands.json", "PublicKeys")]
    [InlineData("Operator:PublicKeys:0", "0x12", "64 hex digits")]
    [InlineData("Clock:Servers:0", "time server", "host")]
    [InlineData("Clock:Period", "00:00:01", "00:00:16")]
    public void WrongSurroundings_Checked_AreSaid(string key, string value, string expected) =>
        Assert.Contains(Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped((key, value)))).Errors, e => e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void FurtherTickers_Checked_AreOfTheInstrumentWithTheirDates()
    {
        var settings = NodeSettingsFactory.Create(Shipped(
            ("Instruments:0:TickerValidFrom", "2022-06-09"), ("Instruments:0:Tickers:0:Ticker", "OLD"), ("Instruments:0:Tickers:0:ValidTo", "2022-06-08"),
            ("CorporateActions:PauseStepBps", "50"), ("Feeds:3:TokenLimits:ActivationLead", "00:15:00")));
        Assert.Equal(
            [new TickerAlias("TSLA", new LocalDate(2022, 6, 9), null), new TickerAlias("OLD", null, new LocalDate(2022, 6, 8))], settings.Instruments[0].Tickers);
        Assert.Equal(50, settings.CorporateActions.PauseStepBps);
        Assert.Equal(Duration.FromMinutes(15), settings.Feeds[3].Token!.ActivationLead);
    }

    [Fact]
    public void TwoSourcesOfOneUpstream_Checked_ShareOneVote()
    {
        var sources = NodeSettingsFactory.Create(Shipped(
            ("Sources:1:Upstream", "sip"), ("Sources:1:Name", "alpaca-sip"))).Sources;
        Assert.Equal(4, sources.Select(s => s.Upstream).Distinct().Count());
        Assert.Equal(sources[1].Upstream, sources[2].Upstream);
    }

    [Fact]
    public void OverrideForAChain_Checked_ReplacesOnlyWhatItNames()
    {
        var publishing = NodeSettingsFactory.Create(Shipped()).Publishing;
        Assert.Equal(10, publishing["arbitrum"][0][MarketSession.Regular].DeviationBps);
        Assert.Equal(15, publishing["base"][0][MarketSession.Regular].DeviationBps);
        Assert.Equal(publishing["arbitrum"][0][MarketSession.Regular].Heartbeat, publishing["base"][0][MarketSession.Regular].Heartbeat);
    }

    [Fact]
    public void Attestation_Checked_IsOfItsSessionAndOverridden()
    {
        var publishing = NodeSettingsFactory.Create(Shipped(("Publishing:Overrides:0:Closed:Attestation", "00:20:00"), ("Publishing:Overrides:0:LandingMargin", "00:00:30"))).Publishing;
        Assert.Equal(Duration.FromMinutes(3), publishing["arbitrum"][0][MarketSession.Regular].Attestation);
        Assert.Equal(Duration.FromMinutes(30), publishing["arbitrum"][3][MarketSession.Closed].Attestation);
        Assert.Equal(Duration.FromMinutes(30), publishing["arbitrum"][0][MarketSession.Unknown].Attestation);
        Assert.Equal(Duration.FromMinutes(20), publishing["base"][0][MarketSession.Closed].Attestation);
        Assert.Equal(Duration.FromSeconds(30), publishing["base"][0].LandingMargin);
        Assert.Equal(Duration.FromMinutes(1), publishing["solana"][0].LandingMargin);
    }

    [Theory]
    [InlineData("Publishing:Regular:Heartbeat", "00:04:01", "'00:04:01': must be at most 00:04:00. A record of TSLA (Regular) may be relied on for 00:05:00 (MaxAge), and landing on arbitrum may take 00:01:00 (LandingMargin). 14 more")]
    [InlineData("Publishing:Regular:Attestation", "00:05:00", "at most 00:04:00")]
    [InlineData("Publishing:Closed:Attestation", "00:59:01", "must be at most 00:59:00. A record of TSLA (Closed)")]
    [InlineData("Publishing:Overrides:0:Overnight:Attestation", "00:10:00", "at most 00:09:00. A record of TSLA (Overnight) may be relied on for 00:10:00 (MaxAge), and landing on base")]
    [InlineData("Feeds:1:Pricing:Regular:MaxAge", "00:03:30", "at most 00:02:30. A record of AAPL (Regular)", "Publishing:Regular:Attestation")]
    [InlineData("Feeds:0:Pricing:ClosedMaxAge", "00:15:00", "at most 00:14:00. A record of TSLA (Closed) may be relied on for 00:15:00 (MaxAge), and landing on arbitrum may take 00:01:00 (LandingMargin). 5 more", "Publishing:Closed:Attestation")]
    [InlineData("Feeds:0:Pricing:Regular:MaxAge", "00:01:00", "leaves no room: raise MaxAge or lower OracleNode:Publishing:LandingMargin", "Publishing:Regular:Heartbeat")]
    [InlineData("Publishing:LandingMargin", "00:04:30", "at most 00:00:30", "Publishing:Regular:Heartbeat")]
    public void CadenceThatOutlivesItsRecord_Checked_IsRefusedWithTheNumbers(string key, string value, string expected, string? named = null)
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped((key, value))));
        var found = Assert.Single(error.Errors, e => e.StartsWith($"OracleNode:{named ?? key} = ", StringComparison.Ordinal));
        Assert.Contains(expected, found);
    }

    [Fact]
    public void ClosedHeartbeat_Checked_IsUnknown()
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(("Publishing:Closed:Heartbeat", "00:30:00"))));
        Assert.Contains("unknown key", Assert.Single(error.Errors));
    }

    [Fact]
    public void PricingOfAFeed_Checked_IsLaidOverItsProfile()
    {
        var feeds = NodeSettingsFactory.Create(Shipped()).Feeds;
        Assert.Equal(300, feeds[0].Pricing!.Regular.JumpLimitBps);
        Assert.Equal(200, feeds[1].Pricing!.Regular.JumpLimitBps);
        Assert.Equal(feeds[0].Pricing!.Regular.QuoteFreshness, feeds[1].Pricing!.Regular.QuoteFreshness);
    }

    [Fact]
    public void OvernightWithoutASource_Checked_LetsNobodyVote() =>
        Assert.Empty(NodeSettingsFactory.Create(Shipped()).Feeds[0].Pricing!.Overnight.AllowedSources!);

    [Fact]
    public void TokenFeed_Checked_CarriesItsTokenInItsIdentity()
    {
        var feed = NodeSettingsFactory.Create(Shipped()).Feeds[3];
        Assert.Equal("figi:BBG000N9MNX3@XNAS;solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", feed.Feed.Identity);
        Assert.Equal(FeedUnit.RawToken, feed.Feed.Unit);
        Assert.Equal("XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", feed.Mint);
    }

    [Fact]
    public void RatioAndWrapperFeed_Checked_AreMadeFromTheirToken()
    {
        var settings = NodeSettingsFactory.Create(Shipped([.. RatioAndWrapper]));
        var (token, ratio, wrapper) = (settings.Feeds.ToList().FindIndex(f => f.Feed.Name == "TSLAx"), settings.Feeds[^2], settings.Feeds[^1]);
        Assert.Equal((settings.Feeds[token].Feed.Identity, FeedUnit.ReserveRatio), (ratio.Feed.Identity, ratio.Feed.Unit));
        Assert.Equal("figi:BBG000N9MNX3@XNAS;eip155:42161/erc20:0x00000000000000000000000000000000000000aa", wrapper.Feed.Identity);
        var reserve = Assert.IsType<ReserveFeedRules>(ratio.Derived);
        Assert.Equal((settings.Feeds[token].Underlying!.Value, new TokenId(0), Duration.FromHours(30)), (reserve.Share, reserve.Token, reserve.Settings.MaxAge));
        var rate = Assert.IsType<WrapperFeedRules>(wrapper.Derived);
        Assert.Equal((token, WrapperFormula.DinariWrapped, "1.0025", Instant.FromUtc(2026, 6, 1, 0, 0)), (rate.Token, rate.Settings.Formula, rate.Settings.SnapshotRate.ToString(), rate.Settings.SnapshotAt));
        Assert.Equal(settings.Feeds.Count, settings.Publishing["arbitrum"].Count);
    }

    /// <summary>A snapshot is a rate and its time, or nothing: half of a change is refused.</summary>
    [Theory]
    [InlineData("Feeds:5:Underlying", "TSLA", "OracleNode:Feeds:5:Underlying = 'TSLA': must be the name of a token feed")]
    [InlineData("Feeds:5:Token", "eip155:1/erc20:0x00000000000000000000000000000000000000aa", "OracleNode:Feeds:5:Token")]
    [InlineData("Feeds:5:Reserve:ImplausibleRatioBps", "10000", "ReserveSettings.ImplausibleRatioBps is 10000; it must be 10001 to 1000000")]
    [InlineData("Feeds:6:Token", "eip155:42161/erc20:0x12", "must be the wrapper as a CAIP-19 asset")]
    [InlineData("Feeds:6:Token", "eip155:042161/erc20:0x00000000000000000000000000000000000000aa", "must be the wrapper as a CAIP-19 asset")]
    [InlineData("Feeds:6:Wrapper:SnapshotAt", "", "OracleNode:Feeds:6:Wrapper:SnapshotAt = ''")]
    [InlineData("Feeds:6:Wrapper:SnapshotRate", "", "OracleNode:Feeds:6:Wrapper:SnapshotRate = ''")]
    [InlineData("Feeds:6:Wrapper:SnapshotRate", "0", "WrapperSettings.SnapshotRate is none")]
    [InlineData("Feeds:6:Wrapper:Formula", "None", "WrapperSettings.Formula is None; it must be BackedWrapped, DinariWrapped, Identity")]
    [InlineData("Feeds:6:Wrapper:CodeHash", "0xABC", "WrapperSettings.CodeHash is 0xABC")]
    [InlineData("Feeds:6:Wrapper:MaxStepBps", "1001", "WrapperSettings.MaxStepBps is 1001; it must be 0 to 1000")]
    public void OneWrongKeyOfADerivedFeed_Checked_IsNamedWithWhatWouldBeRight(string key, string value, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped([.. RatioAndWrapper.Where(c => c.Item1 != key), (key, value)])));
        Assert.Contains(error.Errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    private static readonly (string, string)[] RatioAndWrapper =
    [
        ("Feeds:5:Name", "TSLAx-reserve"), ("Feeds:5:Underlying", "TSLAx"), ("Feeds:5:Unit", "ReserveRatio"), ("Feeds:5:Reserve:MaxAge", "1.06:00:00"),
        ("Feeds:6:Name", "wTSLAx"), ("Feeds:6:Underlying", "TSLAx"), ("Feeds:6:Unit", "WrapperShare"), ("Feeds:6:Token", "eip155:42161/erc20:0x00000000000000000000000000000000000000aa"),
        ("Feeds:6:Wrapper:Formula", "DinariWrapped"), ("Feeds:6:Wrapper:SnapshotRate", "1.0025"), ("Feeds:6:Wrapper:SnapshotAt", "2026-06-01T00:00:00Z"),
    ];

    [Theory]
    [InlineData("Node", "", "OracleNode:Node = ''")]
    [InlineData("NodeSlot", "16", "OracleNode:NodeSlot = '16': must be 0 to 15")]
    [InlineData("Deployment", "", "OracleNode:Deployment = ''")]
    [InlineData("Nodde", "x", "OracleNode:Nodde = '...': unknown key")]
    [InlineData("Instruments:0:Figi", "short", "OracleNode:Instruments:0:Figi = 'short'")]
    [InlineData("Instruments:1:Ticker", "TSLA", "used by one instrument only")]
    [InlineData("Instruments:0:TickerValidFrom", "June", "OracleNode:Instruments:0:TickerValidFrom = 'June': must be a date")]
    [InlineData("Feeds:0:Instrument", "NONE", "OracleNode:Feeds:0:Instrument = 'NONE'")]
    [InlineData("Feeds:0:Unit", "RawToken", "OracleNode:Feeds:0:Unit = 'RawToken'")]
    [InlineData("Feeds:1:Name", "TSLA", "used by one feed only")]
    [InlineData("Feeds:2:Instrument", "TSLA", "another feed than 'TSLA'")]
    [InlineData("Feeds:3:Underlying", "NONE", "OracleNode:Feeds:3:Underlying = 'NONE'")]
    [InlineData("Feeds:3:Token", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:bad!", "OracleNode:Feeds:3:Token")]
    [InlineData("Feeds:3:Instrument", "TSLA", "not both")]
    [InlineData("Feeds:0:Pricing:Regular:Quorum", "0", "OracleNode:Feeds:0:Pricing")]
    [InlineData("Feeds:0:Pricing:MinPrice", "cheap", "OracleNode:Feeds:0:Pricing:MinPrice = 'cheap': must be a price")]
    [InlineData("Feeds:0:Pricing:MaxPrice", "-1", "OracleNode:Feeds:0:Pricing:MaxPrice = '-1': must be a price")]
    [InlineData("Feeds:0:Pricing:MinPrice", "5", "MinPrice is 5; it must be below MaxPrice", "Feeds:0:Pricing:MaxPrice", "4")]
    [InlineData("Feeds:0:Pricing:Breaker:Strikes", "1", "Breaker.Strikes is 1; it must be 2 to 1000")]
    [InlineData("Feeds:0:Pricing:Regular:EmaJumpLimitBps", "0", "Regular.AverageJumpLimitBps is 0")]
    [InlineData("Feeds:0:Pricing:Regular:CloseJumpLimitBps", "0", "Regular.CloseJumpLimitBps is 0")]
    [InlineData("Feeds:0:Pricing:ResumeGuard", "5", "OracleNode:Feeds:0:Pricing:ResumeGuard = '5': must be a time span")]
    [InlineData("Feeds:0:Related:0:Feed", "TSLA", "OracleNode:Feeds:0:Related:0:Feed = 'TSLA': must be the name of another share feed", "Feeds:0:Related:0:ToleranceBps", "100")]
    [InlineData("Feeds:0:Related:0:Feed", "SPY", "OracleNode:Feeds:0:Related:0:ToleranceBps = '0': must be 1 to 10000")]
    [InlineData("Feeds:3:Related:0:Feed", "SPY", "empty for a token feed")]
    [InlineData("Feeds:3:TokenLimits:MinReserveRatioBps", "0", "OracleNode:Feeds:3:TokenLimits: TokenSettings.MinReserveRatioBps is 0")]
    [InlineData("Feeds:0:Pricing:Overnight:Sources:0", "nobody", "OracleNode:Feeds:0:Pricing:Overnight:Sources = 'nobody'")]
    [InlineData("Sources:0:Upstream", "iex", "OracleNode:Sources:0:Upstream = 'iex'", "Sources:0:Url", "wss://socket.massive.com/stocks")]
    [InlineData("Publishing:Regular:DeviationBps", "0", "OracleNode:Publishing:Regular:DeviationBps = '0'")]
    [InlineData("Publishing:Closed:Attestation", "00:00:00", "OracleNode:Publishing:Closed:Attestation")]
    [InlineData("Publishing:LandingMargin", "00:00:00", "OracleNode:Publishing:LandingMargin = '00:00:00': must be 00:00:01 to 01:00:00")]
    [InlineData("Publishing:Overrides:0:Chain", "nochain", "OracleNode:Publishing:Overrides:0:Chain = 'nochain'")]
    [InlineData("Chains:Evm:1:Name", "arbitrum", "used by one chain only")]
    [InlineData("Chains:Evm:0:Contract", "0x12", "OracleNode:Chains:Evm:0:Contract = '0x12'")]
    [InlineData("Chains:Solana:0:Registry", "0", "OracleNode:Chains:Solana:0:Registry = '0'")]
    [InlineData("Redis:Configuration", "redis:6379,password=x", "without a password")]
    [InlineData("Health:Listen", "ftp://x", "OracleNode:Health:Listen = 'ftp://x'")]
    public void OneWrongKey_Checked_IsNamedWithWhatWouldBeRight(string key, string value, string expected, string? otherKey = null, string? otherValue = null)
    {
        (string, string)[] changes = otherKey is null ? [(key, value)] : [(key, value), (otherKey, otherValue!)];
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(changes)));
        Assert.Contains(error.Errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void ManyWrongKeys_Checked_AreAllNamedOnce()
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(
            ("Node", "NODE ONE"), ("NodeSlot", "99"), ("Chains:Evm:0:ChainId", "x"), ("Redis:Period", "5"))));
        Assert.Equal(4, error.Errors.Count);
    }

    [Fact]
    public void ManyWrongRules_Checked_AreAllNamed()
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(
            ("Feeds:0:Pricing:Regular:JumpLimitBps", "0"), ("Feeds:0:Pricing:Regular:QuoteFreshness", "00:00:00"), ("Feeds:0:Pricing:Breaker:GoodWords", "0"), ("Feeds:0:Pricing:ActivationLimitBps", "0"))));
        Assert.Equal(4, error.Errors.Count);
    }

    [Fact]
    public void GuardsOfAFeed_Checked_AreLaidOverTheirDefaults()
    {
        var feeds = NodeSettingsFactory.Create(Shipped(
            ("Feeds:0:Pricing:MinPrice", "0.50"), ("Feeds:0:Pricing:Breaker:Strikes", "7"), ("Feeds:0:Pricing:Regular:OpeningGuard", "00:00:10"), ("Feeds:0:Pricing:Regular:EmaJumpLimitBps", "900"),
            ("Feeds:0:Related:0:Feed", "SPY"), ("Feeds:0:Related:0:ToleranceBps", "400"), ("Feeds:3:TokenLimits:PegCurrency", "USDC"))).Feeds;
        var pricing = feeds[0].Pricing!;
        Assert.Equal(("0.5", 7, 900), (pricing.MinPrice.ToString(), pricing.Breaker.Strikes, pricing.Regular.AverageJumpLimitBps));
        Assert.Equal(NodaTime.Duration.FromSeconds(10), pricing.Regular.OpeningGuard);
        Assert.Equal(new Guards.RelatedFeed(2, 400), Assert.Single(feeds[0].Related));
        Assert.Equal("USDC", feeds[3].Token!.PegCurrency);
        Assert.Equal(feeds[1].Pricing!.Breaker, feeds[2].Pricing!.Breaker);
    }

    [Fact]
    public void MissingSection_Checked_SaysWhereToStart()
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(new ConfigurationBuilder().Build()));
        Assert.Contains("appsettings.json", error.Message);
    }

    [Fact]
    public void EmptySection_Checked_NeverThrowsAnythingElse() =>
        Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(
            new ConfigurationBuilder().AddInMemoryCollection([new("OracleNode:Node", "x")]).Build()));

    private static IConfigurationRoot Shipped(params (string Key, string Value)[] changes) => new ConfigurationBuilder()
        .AddJsonFile(RepositoryFiles.Path("appsettings.json"))
        .AddInMemoryCollection(changes.Select(c => new KeyValuePair<string, string?>("OracleNode:" + c.Key, c.Value)))
        .Build();
}
