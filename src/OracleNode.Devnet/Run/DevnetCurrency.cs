using System.Text.Json.Nodes;
using OracleNode.Market;

namespace OracleNode.Run;

/// <summary>What a currency that stands for the dollar is worth, on a run.</summary>
/// <param name="Currency">USDC or USDT; its feed has its name.</param>
/// <param name="Sources">Who reads it: at least two upstreams.</param>
internal sealed record DevnetCurrency(string Currency, IReadOnlyList<string> Sources) : IDerivedFeed
{
    public string FeedName => Currency;

    public Feed Of(IReadOnlyList<Feed> before) => new(FeedName, InstrumentId.None, $"currency:{Currency}", "USD", FeedUnit.CurrencyUnit);

    public void AddTo(JsonObject node, double speed) => node["Feeds"]!.AsArray().Add(new JsonObject
    {
        ["Name"] = FeedName,
        ["Unit"] = "CurrencyUnit",
        [nameof(Currency)] = Currency,
        ["CurrencyRules"] = new JsonObject
        {
            [nameof(Sources)] = new JsonArray([.. Sources]),
            ["WantedUpstreams"] = Sources.Count,
            ["Freshness"] = DevnetAggregators.Freshness(speed),
            ["MaxAge"] = DevnetNodeConfiguration.DerivedMaxAge(speed),
        },
    });
}
