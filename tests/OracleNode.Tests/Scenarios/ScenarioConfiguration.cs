using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using OracleNode.Configuration;

namespace OracleNode.Scenarios;

/// <summary>
/// The shipped configuration, laid over by <c>base.json</c> and by a scenario's own overlays: objects are merged, everything else replaces. What a scenario
/// need not say is filled in: an instrument's identifiers, a feed for every instrument, a feed's token, a source's keys and symbols.
/// </summary>
internal static class ScenarioConfiguration
{
    /// <exception cref="ConfigurationException">It is refused, as the node would refuse it.</exception>
    public static NodeSettings Create(params IEnumerable<string> overlays) => Create(overlays.Select(o => JsonNode.Parse(File.ReadAllText(o))!.AsObject()));

    /// <summary>Stocks under the scenarios' sources and otherwise shipped rules.</summary>
    public static NodeSettings ForTickers(IEnumerable<string> tickers, int luldTier = 0) =>
        Create([new JsonObject { ["Instruments"] = new JsonArray([.. tickers.Select(t => new JsonObject { ["Ticker"] = t, ["LuldTier"] = luldTier })]) }]);

    /// <summary>One overlay made in memory.</summary>
    public static NodeSettings Create(JsonObject overlay) => Create([overlay]);

    private static NodeSettings Create(IEnumerable<JsonObject> overlays)
    {
        var shipped = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json")))!["OracleNode"]!.AsObject();
        var common = JsonNode.Parse(File.ReadAllText(Path.Combine(Scenario.Root, "base.json")))!.AsObject();
        foreach (var overlay in overlays.Prepend(common)) Lay(shipped, overlay);
        Complete(shipped);
        var text = new JsonObject { ["OracleNode"] = shipped.DeepClone() }.ToJsonString();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return NodeSettingsFactory.Create(new ConfigurationBuilder().AddJsonStream(stream).Build());
    }

    private static void Lay(JsonObject below, JsonObject above)
    {
        foreach (var (key, value) in above)
        {
            if (value is JsonObject inner && below[key] is JsonObject existing) Lay(existing, inner);
            else below[key] = value?.DeepClone();
        }
    }

    private static void Complete(JsonObject node)
    {
        var instruments = node["Instruments"]!.AsArray();
        for (var i = 0; i < instruments.Count; i++)
        {
            instruments[i]!["Figi"] ??= $"BBG{i:D9}";
            instruments[i]!["ListingMic"] ??= "XNAS";
        }

        var tickers = instruments.Select(i => (string)i!["Ticker"]!).ToList();
        var aliases = instruments.SelectMany(i => i!["Tickers"]?.AsArray() ?? []).Select(t => (string)t!["Ticker"]!).ToList();
        var feeds = node["Feeds"]!.AsArray();
        foreach (var ticker in feeds.Count == 0 ? tickers : []) feeds.Add(new JsonObject { ["Name"] = ticker, ["Instrument"] = ticker });
        foreach (var feed in feeds)
            if (feed!["Underlying"] is null)
                feed["Unit"] ??= "UnderlyingShare";
        // A token that only a feed names is an xStock on Solana, by the feed's name.
        var tokens = node["Tokens"]!["List"]!.AsArray();
        foreach (var feed in feeds)
            if ((string?)feed!["Token"] is { } asset && (string?)feed["Unit"] != "WrapperShare" && tokens.All(t => (string?)t!["Asset"] != asset))
                tokens.Add(new JsonObject { ["Name"] = (string)feed["Name"]!, ["Asset"] = asset, ["Issue"] = (string)feed["Name"]!, ["Issuer"] = "Backed", ["Standard"] = "ScaledUiAmount" });
        foreach (var source in node["Sources"]!.AsArray())
        {
            source!["ApiKey"] ??= "env:NOT_READ_BY_A_SCENARIO";
            if ((string?)source["Vendor"] == "Alpaca") source["ApiSecret"] ??= "env:NOT_READ_BY_A_SCENARIO";
            source["Symbols"] ??= new JsonArray([.. tickers.Concat(aliases).Select(t => new JsonObject { ["Instrument"] = t })]);
        }
    }
}
