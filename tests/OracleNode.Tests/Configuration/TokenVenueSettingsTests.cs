using OracleNode.Market;
using OracleNode.Replay;

namespace OracleNode.Configuration;

public class TokenVenueSettingsTests
{
    [Fact]
    public void Create_WithMarketsOfTokens_ChangesNoRuleOfAnyShare()
    {
        var without = ReplayFixture.Settings();
        var with = ReplayFixture.Settings(Venues(without.Sources.Count));
        Assert.Equal(without.Sources.Count + 2, with.Sources.Count);
        foreach (var (before, after) in without.Feeds.Zip(with.Feeds))
        {
            Assert.Equal(before.Feed, after.Feed);
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(before.Pricing), System.Text.Json.JsonSerializer.Serialize(after.Pricing));
        }
    }

    [Fact]
    public void TokenNames_OfSettings_AreFeedAddressAndAsset()
    {
        var settings = ReplayFixture.Settings();
        var names = TokenNames.Of(settings);
        var mint = settings.Tokens[names["TSLAx"].Id.Index].Address;
        Assert.Equal(names["TSLAx"], names[mint]);
        Assert.Equal(names["TSLAx"], names[names["TSLAx"].Asset]);
        Assert.EndsWith(":" + mint, names["TSLAx"].Asset, StringComparison.Ordinal);
        Assert.NotEqual(names["TSLAx"].Id, names["SPYx"].Id);
        Assert.Equal(TokenNames.Of(settings.Options).Keys.Order(StringComparer.Ordinal), names.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_UnknownToken_NamesTheKey()
    {
        var count = ReplayFixture.Settings().Sources.Count;
        var changes = Venues(count).Select(c => c.Key == $"Sources:{count}:Symbols:0:Token" ? (c.Key, "GONEx") : c).ToArray();
        var error = Assert.Throws<ConfigurationException>(() => ReplayFixture.Settings(changes));
        Assert.Contains($"OracleNode:Sources:{count}:Symbols:0:Token = 'GONEx'", error.Message, StringComparison.Ordinal);
    }

    private static (string Key, string Value)[] Venues(int at) =>
    [
        ($"Sources:{at}:Name", "kraken"), ($"Sources:{at}:Vendor", "Kraken"), ($"Sources:{at}:Upstream", "kraken"),
        ($"Sources:{at}:Symbols:0:Symbol", "TSLAx/USD"), ($"Sources:{at}:Symbols:0:Token", "TSLAx"),
        ($"Sources:{at}:Symbols:1:Symbol", "USDC/USD"), ($"Sources:{at}:Symbols:1:Currency", "USDC"),
        ($"Sources:{at + 1}:Name", "bybit"), ($"Sources:{at + 1}:Vendor", "Bybit"), ($"Sources:{at + 1}:Upstream", "bybit"),
        ($"Sources:{at + 1}:Symbols:0:Symbol", "SPYXUSDT"), ($"Sources:{at + 1}:Symbols:0:Token", "SPYx"),
    ];
}
