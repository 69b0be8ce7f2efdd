using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Configuration;

/// <summary>The page's example, added to the shipped configuration, is what it says it is.</summary>
public class DerivedFeedsPageTests
{
    [Fact]
    public void Example_AddedToTheShippedConfiguration_GivesEveryFeedOfIt()
    {
        var shipped = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Path("appsettings.json")))!;
        var node = shipped["OracleNode"]!.AsObject();
        foreach (var (list, added) in Example()) foreach (var item in added!.AsArray()) node[list]!.AsArray().Add(item!.DeepClone());
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(shipped.ToJsonString()));
        var settings = NodeSettingsFactory.Create(new ConfigurationBuilder().AddJsonStream(json).Build());

        Assert.Equal(
            [("USDC", FeedUnit.CurrencyUnit, "USD"), ("USDT", FeedUnit.CurrencyUnit, "USD"), ("TSLAx-premium", FeedUnit.PremiumRatio, "USD"), ("TSLAx-USDC", FeedUnit.RawToken, "USDC"), ("TSLA-24x7", FeedUnit.IndicativeShare, "USD")],
            settings.Feeds.Skip(5).Select(f => (f.Feed.Name, f.Feed.Unit, f.Feed.Quote)));
        var currency = Assert.IsType<CurrencyFeedRules>(settings.Feeds[5].Derived);
        Assert.Equal((3, 3), (currency.Sources.Select(s => s.Upstream).Distinct().Count(), currency.Settings.WantedUpstreams));
        var premium = Assert.IsType<PremiumFeedRules>(settings.Feeds[7].Derived);
        Assert.Equal(["USDC", "USDT"], premium.Rates.Keys.Order());
        Assert.Equal(2, Assert.IsType<IndicationFeedRules>(settings.Feeds[9].Derived).Sources.Count);
    }

    [Fact]
    public void Example_WithoutASource_IsRefusedByName()
    {
        var shipped = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Path("appsettings.json")))!;
        foreach (var feed in Example()["Feeds"]!.AsArray()) shipped["OracleNode"]!["Feeds"]!.AsArray().Add(feed!.DeepClone());
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(shipped.ToJsonString()));
        var errors = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(new ConfigurationBuilder().AddJsonStream(json).Build())).Errors;
        Assert.Contains(errors, e => e.Contains("CurrencyRules:Sources:1 = 'bitstamp'", StringComparison.Ordinal));
    }

    private static JsonObject Example()
    {
        var page = File.ReadAllText(RepositoryFiles.Path("src", "OracleNode", "Configuration", "README.md"));
        const string Begin = "```json\n";
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return JsonNode.Parse(page[from..page.IndexOf("```", from, StringComparison.Ordinal)])!.AsObject();
    }
}
