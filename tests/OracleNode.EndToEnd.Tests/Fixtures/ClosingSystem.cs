using System.Text.Json.Nodes;
using NodaTime;
using OracleNode.Run;

namespace OracleNode.Fixtures;

/// <summary>The last minutes of a generated day's last session, with no overnight venue after it, so that the market closes while a test looks on.</summary>
public sealed class ClosingSystem : LocalSystem
{
    public ClosingSystem() : base(new DevnetOptions { From = new LocalTime(19, 53), Speed = 5 })
    {
    }

    private protected override void Adjust(JsonObject node)
    {
        node["OvernightCalendarFile"] = "";

        // Attested every ten seconds of market time; a minute and a half without one is soon over.
        node["Publishing"]!["LandingMargin"] = "00:01:00";
        foreach (var feed in node["Feeds"]!.AsArray().Where(f => f!["Pricing"] is not null)) feed!["Pricing"]!["ClosedMaxAge"] = "00:01:30";
    }
}
