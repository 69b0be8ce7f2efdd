using System.Text.Json.Nodes;
using NodaTime;

namespace OracleNode.Fixtures;

/// <summary>A generated day in its regular session, so quick that what must become stale does so in seconds.</summary>
public sealed class GeneratedSystem : LocalSystem
{
    private const double MarketSecondsPerSecond = 5;

    public GeneratedSystem() : base(new Run.DevnetOptions { From = new LocalTime(9, 35), Speed = MarketSecondsPerSecond })
    {
    }

    /// <summary>Market seconds per second.</summary>
    internal double Speed => MarketSecondsPerSecond;

    /// <summary>Where the node writes its inputs down.</summary>
    internal string RecordingFolder => Path.Combine(Path.GetDirectoryName(Devnet.ConfigurationPath)!, "recording");

    /// <summary>Who instructs the node.</summary>
    internal OperatorDesk Operator { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Operator = Own(await OperatorDesk.OpenAsync());
        await base.InitializeAsync();
    }

    private protected override void Adjust(JsonObject node)
    {
        Operator.Configure(node);
        node["Recording"] = new JsonObject { ["Folder"] = RecordingFolder };
        node["Evidence"] = new JsonObject { ["File"] = Path.Combine(Path.GetDirectoryName(Devnet.ConfigurationPath)!, "evidence.db") };
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class GeneratedDay : ICollectionFixture<GeneratedSystem>
{
    public const string Name = "generated day";
}
