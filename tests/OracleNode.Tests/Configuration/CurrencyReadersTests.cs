using Microsoft.Extensions.Configuration;
using OracleNode.Guards;
using OracleNode.Vendors;

namespace OracleNode.Configuration;

/// <summary>A currency's feed of Kraken and an aggregator in the node's own configuration file.</summary>
public class CurrencyReadersTests
{
    private static readonly (string, string)[] Shipped =
    [
        ("Sources:5:Name", "kraken"), ("Sources:5:Vendor", "Kraken"), ("Sources:5:Upstream", "kraken"), ("Sources:5:Symbols:0:Symbol", "USDC/USD"), ("Sources:5:Symbols:0:Currency", "USDC"),
        ("Sources:6:Name", "chainlink"), ("Sources:6:Vendor", "Chainlink"), ("Sources:6:Upstream", "chainlink"), ("Sources:6:Url", "https://rpc.example.com/"),
        ("Sources:6:Symbols:0:Symbol", "0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6"), ("Sources:6:Symbols:0:Currency", "USDC"), ("Sources:6:Chainlink:ChainId", "1"),
        ("Feeds:5:Name", "USDC"), ("Feeds:5:Unit", "CurrencyUnit"), ("Feeds:5:Currency", "USDC"), ("Feeds:5:CurrencyRules:Sources:0", "kraken"), ("Feeds:5:CurrencyRules:Sources:1", "chainlink"),
    ];

    [Fact]
    public void Feed_OfKrakenAndAnAggregator_HasTwoUpstreams()
    {
        var settings = Create();
        Assert.Equal(VendorKind.Chainlink, settings.Options.Sources[6].Vendor);
        var rules = Assert.IsType<CurrencyFeedRules>(settings.Feeds.Single(f => f.Feed.Name == "USDC").Derived);
        Assert.Equal(2, rules.Sources.Select(s => s.Upstream).Distinct().Count());
        // It never votes on a share.
        Assert.False(VendorKind.Chainlink.HasSharePrices());
    }

    [Theory]
    [InlineData("Sources:6:Chainlink:DeviationBps", "150", "Feeds:5:CurrencyRules:OutlierLimitBps = '100': must be at least 150")]
    [InlineData("Sources:6:Chainlink:MaxBlockAge", "00:10:00", "Feeds:5:CurrencyRules:Freshness = '00:10:00': must be at least 00:10:15")]
    [InlineData("Sources:6:Symbols:0:Currency", "USDT", "'chainlink': must be a source of that price: one with an entry in Symbols whose Currency is USDC")]
    [InlineData("Sources:6:Chainlink:Hartbeat", "1.00:00:00", "Hartbeat")]
    [InlineData("Sources:6:Chainlink:Block", "Finalized", "Block")]
    [InlineData("Feeds:5:CurrencyRules:Sources:1", "kraken", "once")]
    public void WrongKey_Checked_IsSaid(string key, string value, string expected)
    {
        var errors = Assert.Throws<ConfigurationException>(() => Create((key, value))).Errors;
        Assert.Contains(errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Peg_OfACurrencyThatTwoUpstreamsPrice_IsTheTokens() =>
        Assert.Equal("USDC", Create(("Feeds:3:TokenLimits:PegCurrency", "USDC")).Feeds[3].Token!.PegCurrency);

    [Theory]
    [InlineData("USDT", 0)]
    [InlineData("USDC", 1)]
    public void Peg_OfACurrencyThatFewerPrice_IsRefused(string currency, int readers)
    {
        (string, string)[] peg = [("Feeds:3:TokenLimits:PegCurrency", currency)];
        var errors = Assert.Throws<ConfigurationException>(() => Create(readers == 1 ? [.. peg, ("Sources:6:Symbols:0:Currency", "USDT")] : peg)).Errors;
        Assert.Contains(errors, e => e.Contains($"Feeds:3:TokenLimits:PegCurrency = '{currency}': must be a currency that sources of two upstreams at least price", StringComparison.Ordinal) && e.EndsWith($"there are {readers}.", StringComparison.Ordinal));
    }

    private static NodeSettings Create(params (string, string)[] changes)
    {
        var all = Shipped.Where(f => changes.All(c => c.Item1 != f.Item1)).Concat(changes).Select(c => KeyValuePair.Create("OracleNode:" + c.Item1, (string?)c.Item2));
        return NodeSettingsFactory.Create(new ConfigurationBuilder().AddJsonFile(RepositoryFiles.Path("appsettings.json")).AddInMemoryCollection(all).Build());
    }
}
