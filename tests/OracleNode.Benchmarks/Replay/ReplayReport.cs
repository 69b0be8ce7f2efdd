using System.Diagnostics;
using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;
using OracleNode.Commands;

namespace OracleNode.Replay;

/// <summary>Events per second of the <c>replay</c> verb: a file of a million lines in, a file of records and state changes out.</summary>
internal static class ReplayReport
{
    private const int Events = 1_000_000;
    private const int WarmUpEvents = 20_000;

    private static readonly string[] Sources = ["massive-nasdaq-basic", "alpaca-iex", "finazon-sip"];
    private static readonly string[] Symbols = ["TSLA", "AAPL", "SPY"];

    public static async Task RunAsync(ResultTable table)
    {
        Console.WriteLine("Replay ...");
        var folder = Directory.CreateTempSubdirectory("oraclenode-replay-");
        try
        {
            var events = Path.Combine(folder.FullName, "events.jsonl");
            WriteEvents(events, WarmUpEvents);
            await ReplayAsync(folder, events, "warm-up.jsonl");
            WriteEvents(events, Events);
            var cpu = Environment.CpuUsage.TotalTime;
            var startedAt = Stopwatch.GetTimestamp();
            await ReplayAsync(folder, events, "output.jsonl");
            var elapsed = Stopwatch.GetElapsedTime(startedAt);
            cpu = Environment.CpuUsage.TotalTime - cpu;
            table.Add(
                "Replay of 1,000,000 events, 3 shares and 2 tokens, 3 chains", string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F2} s"),
                $"{ResultTable.Number(Events / elapsed.TotalSeconds)}/s, {ResultTable.Number(Events / cpu.TotalSeconds)} per CPU s");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ReplayAsync(DirectoryInfo folder, string events, string output)
    {
        var config = Path.Combine(AppContext.BaseDirectory, "appsettings.json");
        var code = await ReplayCommand.RunAsync(config, [events], Path.Combine(folder.FullName, output), "max", TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
        if (code != 0) throw new InvalidOperationException("The replay failed; it said why above.");
    }

    /// <summary>A Wednesday from 09:30 New York at 1,000 quotes a second: a random walk that every source follows.</summary>
    private static void WriteEvents(string path, int count)
    {
        var random = new Random(1);
        var mids = new[] { 40_000, 20_000, 60_000 };
        var t = Instant.FromUtc(2026, 6, 10, 13, 30);
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16);
        file.WriteLine($"{{\"format\":\"{EventFormat.Name}\",\"version\":{EventFormat.Version}}}");
        for (var i = 0; i < count; i++)
        {
            t += Duration.FromMilliseconds(1);
            var symbol = random.Next(Symbols.Length);
            if (random.Next(20) == 0) mids[symbol] += random.Next(-2, 3);
            var (bid, ask) = ((mids[symbol] - 1) / 100m, (mids[symbol] + 1) / 100m);
            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"t\":\"{InstantPattern.ExtendedIso.Format(t)}\",\"kind\":\"quote\",\"source\":\"{Sources[random.Next(Sources.Length)]}\",\"symbol\":\"{Symbols[symbol]}\",\"bid\":\"{bid}\",\"ask\":\"{ask}\"}}"));
        }
    }
}
