using System.Text.Json.Nodes;
using NodaTime;
using OracleNode.Run;

namespace OracleNode.Fixtures;

/// <summary>The last minutes of a generated day's last session with a feed of every kind, so that the shares' market closes while those of their tokens go on.</summary>
public sealed class IndicatedSystem : LocalSystem
{
    public IndicatedSystem() : base(new DevnetOptions { From = new LocalTime(19, 54), Speed = 5, HasDerivedFeeds = true })
    {
    }

    private protected override void Adjust(JsonObject node)
    {
        node["OvernightCalendarFile"] = "";

        // Learned from what is left of the session.
        node["Feeds"]!.AsArray().Single(f => (string?)f!["Unit"] == "PremiumRatio")!["Premium"]!["MinLearning"] = "00:01:00";
    }
}
