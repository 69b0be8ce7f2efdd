using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Run;

/// <summary>A vault over a token of Backed's kind, on a run: a share of it is one raw token.</summary>
/// <param name="Token">The token.</param>
/// <param name="Contract">The vault, on the token's chain.</param>
/// <param name="CheckedAt">When its rate was one, as the configuration says.</param>
internal sealed record DevnetWrapper(DevnetEvmToken Token, EvmAddress Contract, Instant CheckedAt) : IDerivedFeed
{
    public string FeedName => "w" + Token.Issue;

    private string Asset => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"eip155:{Token.ChainId}/erc20:{EvmHex.Data(Contract.ToArray())}");

    public Feed Of(IReadOnlyList<Feed> before)
    {
        var share = before.Single(f => f.Name == Token.Underlying);
        return share with { Name = FeedName, Identity = $"{share.Identity};{Asset}", Unit = FeedUnit.WrapperShare };
    }

    public void AddTo(JsonObject node, double speed) => node["Feeds"]!.AsArray().Add(new JsonObject
    {
        ["Name"] = FeedName,
        ["Underlying"] = Token.Name,
        ["Unit"] = "WrapperShare",
        [nameof(Token)] = Asset,
        ["Wrapper"] = new JsonObject { ["Formula"] = "BackedWrapped", ["SnapshotRate"] = "1", ["SnapshotAt"] = InstantPattern.General.Format(CheckedAt) },
    });
}
