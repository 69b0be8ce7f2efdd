using System.Text.Json.Nodes;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Run;

namespace OracleNode.Fixtures;

/// <summary>
/// IBM and BAC of 2013-10-08 as they were, from shortly before the open, eight times as fast. Not started where the recordings are absent.
/// </summary>
public sealed class RecordedSystem : LocalSystem
{
    public const string FolderVariable = "ORACLENODE_MARKET_DATA";

    public RecordedSystem() : base(new DevnetOptions { Data = [PathOf("IBM"), PathOf("BAC")], From = new LocalTime(9, 28), Speed = 8 })
    {
    }

    internal static IReadOnlyList<string> Symbols { get; } = ["IBM", "BAC"];

    /// <summary>Where a symbol's recording is, or would be.</summary>
    internal static string PathOf(string symbol) => Path.Combine(Folder, $"{symbol}-20131008-ticks.csv.gz");

    internal static void SkipWhereAbsent() =>
        Assert.SkipUnless(AreThere, $"The recorded ticks of {string.Join(" and ", Symbols)} are not in {Folder}; set {FolderVariable} to the folder that has them to run this.");

    public override async ValueTask InitializeAsync()
    {
        if (AreThere) await base.InitializeAsync();
    }

    private protected override void Adjust(JsonObject node)
    {
        // More records than a price that moves by 10 bps makes: one cent of BAC is 7.
        foreach (var (_, cadence) in Cadences(node)) cadence["DeviationBps"] = 4;
    }

    private static bool AreThere => Symbols.All(s => File.Exists(PathOf(s)));

    private static string Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(RepositoryRoot.Find(), "..", "shared", "market-data"));
}
