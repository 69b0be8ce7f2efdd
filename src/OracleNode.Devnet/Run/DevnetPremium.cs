using System.Text.Json.Nodes;

namespace OracleNode.Run;

/// <summary>What a token's market pays over the token's price, on a run. Kraken alone quotes it in dollars here, so that one market is enough.</summary>
/// <param name="Token">The token.</param>
internal sealed record DevnetPremium(DevnetToken Token)
{
    /// <summary>Name of the premium's feed.</summary>
    public string FeedName => Token.Name + "-premium";

    /// <summary>Adds the feed to the node's configuration.</summary>
    public void AddTo(JsonObject node) => node["Feeds"]!.AsArray().Add(new JsonObject
    {
        ["Name"] = FeedName,
        ["Underlying"] = Token.Name,
        ["Unit"] = "PremiumRatio",
        ["Premium"] = new JsonObject { ["Sources"] = new JsonArray("kraken"), ["MinMarkets"] = 1, ["WantedMarkets"] = 1 },
    });
}
