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

    /// <summary>Changes that add a ratio feed of TSLAx, with all that it needs.</summary>
    public static readonly (string Key, string Value)[] RatioFeed =
    [
        ("Feeds:5:Name", "TSLAx-reserve"), ("Feeds:5:Underlying", "TSLAx"), ("Feeds:5:Unit", "ReserveRatio"), ("Operator:StateFile", "state.json"),
        ("Reserves:Custodians:0:Name", "bank"), ("Reserves:Custodians:0:Statement", "bank.json"), ("Reserves:Custodians:0:PublicKeys:0", "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"),
        ("Reserves:Issues:0:Issue", "TSLAx"), ("Reserves:Issues:0:Custodians:0", "bank"),
    ];

    /// <summary>Changes that add a wrapper of Dinari's TSLA, and the token that it holds.</summary>
    public static readonly (string Key, string Value)[] WrapperFeed =
    [
        ("Tokens:Evm:1:Name", "arbitrum"), ("Tokens:Evm:1:ChainId", "42161"), ("Tokens:Evm:1:RpcUrl", "https://arbitrum-rpc.example"),
        ("Tokens:List:3:Name", "TSLA.d"), ("Tokens:List:3:Asset", "eip155:42161/erc20:0x00000000000000000000000000000000000000bb"), ("Tokens:List:3:Issuer", "Dinari"), ("Tokens:List:3:Standard", "Dinari"),
        ("Feeds:6:Name", "TSLA.d"), ("Feeds:6:Underlying", "TSLA"), ("Feeds:6:Unit", "RawToken"), ("Feeds:6:Token", "eip155:42161/erc20:0x00000000000000000000000000000000000000bb"),
        ("Feeds:7:Name", "wTSLA.d"), ("Feeds:7:Underlying", "TSLA.d"), ("Feeds:7:Unit", "WrapperShare"), ("Feeds:7:Token", "eip155:42161/erc20:0x00000000000000000000000000000000000000aa"),
        ("Feeds:7:Wrapper:Formula", "DinariWrapped"), ("Feeds:7:Wrapper:SnapshotRate", "1.0025"), ("Feeds:7:Wrapper:SnapshotAt", "2026-06-01T00:00:00Z"),
    ];

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
