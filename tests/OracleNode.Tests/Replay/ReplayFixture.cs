using System.Text;
using Microsoft.Extensions.Configuration;
using OracleNode.Configuration;
using OracleNode.Market;

namespace OracleNode.Replay;

/// <summary>The shipped configuration (with changes) and calendar, and event files as text.</summary>
internal static class ReplayFixture
{
    public const string Header = """{"format":"oraclenode-events","version":1}""";

    public static readonly string[] Sources = ["massive-nasdaq-basic", "alpaca-iex", "finazon-sip"];

    public static NodeSettings Settings(params (string Key, string Value)[] changes) => NodeSettingsFactory.Create(
        new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"))
            .AddInMemoryCollection(changes.Select(c => KeyValuePair.Create("OracleNode:" + c.Key, (string?)c.Value)))
            .Build());

    public static byte[] CalendarJson() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json"));

    public static TradingCalendar Calendar() => TradingCalendar.Parse(CalendarJson());

    public static MemoryStream FileOf(IEnumerable<string> lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    /// <summary>Runs lines below a header.</summary>
    public static IReadOnlyList<OutputEntry> Run(IEnumerable<string> lines, NodeSettings? settings = null, string header = Header) =>
        ReplayRunner.Run(settings ?? Settings(), Calendar(), FileOf(lines.Prepend(header)));

    /// <summary>The output as the verb writes it.</summary>
    public static byte[] Write(IReadOnlyList<OutputEntry> entries, NodeSettings? settings = null)
    {
        using var writer = new OutputWriter((settings ?? Settings()).Sources);
        using var bytes = new MemoryStream();
        foreach (var entry in entries) bytes.Write(writer.Line(entry));
        return bytes.ToArray();
    }

    /// <summary>The same quote from every source.</summary>
    public static IEnumerable<string> Quotes(string t, string symbol, string bid, string ask) =>
        Sources.Select(s => $$"""{"t":"{{t}}","kind":"quote","source":"{{s}}","symbol":"{{symbol}}","bid":"{{bid}}","ask":{{ask}}}""");
}
