using System.Text.Json.Nodes;
using OracleNode.Market;

namespace OracleNode.Run;

/// <summary>A token's price in another currency than the dollar, on a run.</summary>
/// <param name="Token">The token's feed, in dollars.</param>
/// <param name="Currency">The currency, which has a feed.</param>
internal sealed record DevnetQuotedToken(string Token, string Currency) : IDerivedFeed
{
    public string FeedName => $"{Token}-{Currency}";

    public Feed Of(IReadOnlyList<Feed> before) => before.Single(f => f.Name == Token) with { Name = FeedName, Quote = Currency };

    public void AddTo(JsonObject node, double speed) => node["Feeds"]!.AsArray().Add(new JsonObject { ["Name"] = FeedName, ["Underlying"] = Token, ["Unit"] = "RawToken", ["Quote"] = Currency });
}
