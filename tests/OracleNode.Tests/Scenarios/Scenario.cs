using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Replay;

namespace OracleNode.Scenarios;

/// <summary>One folder: what happens, under which configuration, and what the node must make of it.</summary>
internal sealed class Scenario
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    private readonly string _folder;

    private Scenario(string folder)
    {
        _folder = folder;
        Name = Path.GetFileName(folder);
        Expected = ReadExpectation(Name);
        var background = File.Exists(PathOf("background.json")) ? Read<List<BackgroundEvents>>(PathOf("background.json")) : [];
        Text = Join(File.ReadAllLines(PathOf("events.jsonl")), background);
        Settings = ScenarioConfiguration.Create(Overlay("config.json"));
        Calendar = NodeHost.ReadCalendar(Settings.Options).Current.Calendar;
        using var stream = new MemoryStream(Text);
        var reader = new EventReader(stream, new EventNames(Settings));
        var log = new List<ReplayEvent>();
        while (reader.TryRead(out var entry)) log.Add(entry);
        Log = ScenarioRun.WithTicks(log, reader.Header);
    }

    /// <summary>The folder that holds all scenarios.</summary>
    public static string Root { get; } = RepositoryFiles.Path("tests", "OracleNode.Tests", "Scenarios");

    /// <summary>Names of the folders, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetDirectories(Root).Where(f => File.Exists(Path.Combine(f, "expect.json"))).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public string Name { get; }

    public ExpectationFile Expected { get; }

    public NodeSettings Settings { get; }

    public TradingCalendar Calendar { get; }

    /// <summary>The whole event file, background included: what the replay verb would be given.</summary>
    public byte[] Text { get; }

    /// <summary>The same with its ticks made explicit.</summary>
    public IReadOnlyList<ReplayEvent> Log { get; }

    public static Scenario Load(string name) => new(Path.Combine(Root, name));

    /// <summary>What a scenario expects, without loading the rest.</summary>
    public static ExpectationFile ReadExpectation(string name) => Read<ExpectationFile>(Path.Combine(Root, name, "expect.json"));

    /// <summary>An RFC 3339 time.</summary>
    public static Instant Time(string text) => InstantPattern.ExtendedIso.Parse(text).GetValueOrThrow();

    /// <summary>Tries a further overlay; the configuration's complaint, or null when it is accepted.</summary>
    public string? ComplaintAbout(string file)
    {
        try
        {
            ScenarioConfiguration.Create(Overlay("config.json").Append(PathOf(file)));
            return null;
        }
        catch (ConfigurationException e)
        {
            return e.Message;
        }
    }

    private IEnumerable<string> Overlay(string file) => File.Exists(PathOf(file)) ? [PathOf(file)] : [];

    private string PathOf(string file) => Path.Combine(_folder, file);

    private static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Puts the background between the events; of the same time, what the event file says goes first.</summary>
    private static byte[] Join(string[] lines, IEnumerable<BackgroundEvents> background)
    {
        var events = new List<(Instant Time, string Line)>();
        foreach (var line in lines.Skip(1).Where(l => !string.IsNullOrWhiteSpace(l)))
        {
            using var json = JsonDocument.Parse(line);
            events.Add((Time(json.RootElement.GetProperty("t").GetString()!), line));
        }

        events.AddRange(background.SelectMany(b => b.Lines()));
        var text = new StringBuilder(lines[0]).Append('\n');
        foreach (var (_, line) in events.OrderBy(e => e.Time)) text.Append(line).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
