using Microsoft.Extensions.Configuration;
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
    [InlineData("Operator:Commands", "commands.json", "PublicKeys")]
    [InlineData("Operator:PublicKeys:0", "0x12", "64 hex digits")]
    [InlineData("Clock:Servers:0", "time server", "host")]
    [InlineData("Clock:Period", "00:00:01", "00:00:16")]
    public void WrongSurroundings_Checked_AreSaid(string key, string value, string expected) =>
        Assert.Contains(Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped((key, value)))).Errors, e => e.Contains(expected, StringComparison.Ordinal));

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
    [InlineData("Feeds:0:Pricing:Overnight:Sources:0", "nobody", "OracleNode:Feeds:0:Pricing:Overnight:Sources = 'nobody'")]
    [InlineData("Sources:0:Upstream", "iex", "OracleNode:Sources:0:Upstream = 'iex'", "Sources:0:Url", "wss://socket.massive.com/stocks")]
    [InlineData("Publishing:Regular:DeviationBps", "0", "OracleNode:Publishing:Regular:DeviationBps = '0'")]
    [InlineData("Publishing:Closed:Heartbeat", "00:00:00", "OracleNode:Publishing:Closed:Heartbeat")]
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
