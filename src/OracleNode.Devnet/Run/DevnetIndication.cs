using System.Text.Json.Nodes;
using OracleNode.Market;

namespace OracleNode.Run;

/// <summary>A share's price around the clock, on a run: the official one while there is one, and what the token's markets indicate while there is none.</summary>
/// <param name="Share">The share's feed.</param>
/// <param name="Premium">The premium feed of its token.</param>
internal sealed record DevnetIndication(string Share, string Premium) : IDerivedFeed
{
    public string FeedName => Share + "-24x7";

    public Feed Of(IReadOnlyList<Feed> before) => before.Single(f => f.Name == Share) with { Name = FeedName, Unit = FeedUnit.IndicativeShare };

    public void AddTo(JsonObject node, double speed) => node["Feeds"]!.AsArray().Add(new JsonObject
    {
        ["Name"] = FeedName,
        ["Underlying"] = Share,
        ["Unit"] = "IndicativeShare",
        ["Indication"] = new JsonObject { ["Premiums"] = new JsonArray(Premium), ["MaxAge"] = DevnetNodeConfiguration.DerivedMaxAge(speed) },
    });
}
