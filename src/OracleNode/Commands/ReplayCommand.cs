using System.CommandLine;
using System.Globalization;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Replay;

namespace OracleNode.Commands;

/// <summary><c>replay --events FILE... --out FILE</c>: what the node makes of a log of events, on the log's own time. Sends nothing.</summary>
internal static class ReplayCommand
{
    private const string FullSpeed = "max";

    public static Command Create(Option<string> config)
    {
        var events = new Option<string[]>("--events") { Description = "Event files, in order; a recording's parts follow each other.", Required = true, AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "File to write records and state changes to, as JSON Lines; overwritten.", Required = true };
        var speed = new Option<string>("--speed") { Description = "Market seconds per second, or max.", DefaultValueFactory = _ => FullSpeed };
        var replay = new Command("replay", "Runs recorded or written events through the node's rules and writes every record and state change.") { events, output, speed };
        replay.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(config), parsed.GetRequiredValue(events), parsed.GetRequiredValue(output), parsed.GetRequiredValue(speed),
            TimeProvider.System, Console.Out, Console.Error, cancellationToken));
        return replay;
    }

    /// <returns>0 when every event was run; 1 when the configuration, a file or a line is wrong, and <paramref name="error"/> says what.</returns>
    internal static async Task<int> RunAsync(
        string config, IReadOnlyList<string> eventFiles, string outputFile, string speed, TimeProvider time, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        double? pace = null;
        if (speed != FullSpeed)
        {
            if (!double.TryParse(speed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) || factor is not (> 0 and <= 1_000_000))
            {
                await error.WriteLineAsync($"--speed = '{speed}': must be {FullSpeed}, or market seconds per second: above 0, at most 1000000.");
                return 1;
            }

            pace = factor;
        }

        var current = "";
        try
        {
            var settings = NodeSettingsFactory.Create(ConfigurationFile.Read(config));
            var calendar = NodeHost.ReadCalendar(settings.Options).Current.Calendar;
            var startedAt = time.GetTimestamp();
            await using var written = new FileStream(outputFile, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            using var writer = new OutputWriter(settings.Sources);
            var lines = 0L;
            ReplayRunner? runner = null;
            ReplayPace? pacer = pace is { } p ? new ReplayPace(p, time) : null;
            foreach (var file in eventFiles)
            {
                current = file;
                await using var stream = File.OpenRead(file);
                var reader = new EventReader(stream, new EventNames(settings));
                runner ??= new ReplayRunner(settings, calendar, Write, reader.Header);
                if (reader.Header != runner.Header) throw new EventFileException(1, "says otherwise about ticks than the file before it");
                while (reader.TryRead(out var entry))
                {
                    if (pacer is not null) await pacer.UntilAsync(entry.At, cancellationToken);
                    cancellationToken.ThrowIfCancellationRequested();
                    runner.Take(entry);
                }
            }

            runner!.Finish();
            await written.FlushAsync(cancellationToken);
            var elapsed = time.GetElapsedTime(startedAt);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{runner.Events} events, {lines} lines of output in {elapsed.TotalSeconds:F2} s: {runner.Events / Math.Max(elapsed.TotalSeconds, 1e-9):F0} events/s."));
            return 0;

            void Write(OutputEntry entry)
            {
                lines++;
                written.Write(writer.Line(entry));
            }
        }
        catch (ConfigurationException e)
        {
            await error.WriteLineAsync(e.Message);
        }
        catch (CalendarException e)
        {
            await error.WriteLineAsync(e.Message);
        }
        catch (EventFileException e)
        {
            await error.WriteLineAsync($"--events = '{current}': {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"--events or --out: {e.Message}");
        }

        return 1;
    }
}
