using System.Text.Json.Nodes;
using OracleNode.Market;

namespace OracleNode.Run;

/// <summary>What a token's own markets pay over the token's price, on a run. What is quoted in another currency votes through that currency's feed.</summary>
/// <param name="Token">The token's feed, in dollars.</param>
/// <param name="Sources">The markets.</param>
internal sealed record DevnetPremium(string Token, IReadOnlyList<string> Sources) : IDerivedFeed
{
    public string FeedName => Token + "-premium";

    public Feed Of(IReadOnlyList<Feed> before) => before.Single(f => f.Name == Token) with { Name = FeedName, Unit = FeedUnit.PremiumRatio };

    public void AddTo(JsonObject node, double speed) => node["Feeds"]!.AsArray().Add(new JsonObject
    {
        ["Name"] = FeedName,
        ["Underlying"] = Token,
        ["Unit"] = "PremiumRatio",
        ["Premium"] = new JsonObject { [nameof(Sources)] = new JsonArray([.. Sources]), ["WantedMarkets"] = Sources.Count, ["MaxAge"] = DevnetNodeConfiguration.DerivedMaxAge(speed) },
    });
}
