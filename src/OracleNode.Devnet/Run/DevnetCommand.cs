using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace OracleNode.Run;

/// <summary>The command line of Devnet.</summary>
internal static partial class DevnetCommand
{
    private static readonly LocalTimePattern Minutes = LocalTimePattern.CreateWithInvariantCulture("HH:mm");
    private static readonly LocalTimePattern Seconds = LocalTimePattern.CreateWithInvariantCulture("HH:mm:ss");

    public static RootCommand Create()
    {
        var data = new Option<FileInfo[]>("--data") { Description = "Recorded tick files (csv.gz) of one day to replay instead of the generated day.", AllowMultipleArgumentsPerToken = true };
        data.AcceptExistingOnly();
        var speed = new Option<double>("--speed") { Description = "Market seconds per real second, 0.1 to 100.", DefaultValueFactory = _ => 1 };
        speed.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<double>() is not (>= 0.1 and <= 100)) r.AddError($"--speed {r.Tokens[0].Value}: must be 0.1 to 100.");
        });
        var from = new Option<LocalTime>("--from") { Description = "New York time at which market time begins, HH:mm or HH:mm:ss.", DefaultValueFactory = _ => new DevnetOptions().From, CustomParser = r => ParseTime(r) };
        var duration = new Option<TimeSpan?>("--for") { Description = "Stop by itself after this long, e.g. 60s or 5m.", CustomParser = r => ParseDuration(r) };
        var report = new Option<string?>("--report") { Description = "Write a report as JSON to this file at the end." };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the generated day.", DefaultValueFactory = _ => new DevnetOptions().Seed };

        var root = new RootCommand("The whole system on one machine: Redis, vendor servers, two EVM chains, a Solana engine, contracts, and the node. Ctrl-C stops all of it.")
        {
            data, speed, from, duration, report, seed,
        };
        root.SetAction((parsed, cancellationToken) => DevnetRun.RunAsync(
            new DevnetOptions
            {
                Data = [.. (parsed.GetValue(data) ?? []).Select(f => f.FullName)],
                Speed = parsed.GetRequiredValue(speed),
                From = parsed.GetRequiredValue(from),
                For = parsed.GetValue(duration),
                Report = parsed.GetValue(report),
                Seed = parsed.GetRequiredValue(seed),
                HasDerivedFeeds = true,
            },
            cancellationToken));
        return root;
    }

    private static LocalTime ParseTime(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var parsed = Minutes.Parse(text);
        if (!parsed.Success) parsed = Seconds.Parse(text);
        if (parsed.Success) return parsed.Value;
        result.AddError($"--from {text}: must be a New York time like 09:28 or 09:29:30.");
        return default;
    }

    private static TimeSpan? ParseDuration(System.CommandLine.Parsing.ArgumentResult result)
    {
        var match = DurationText().Match(result.Tokens[0].Value);
        if (match.Success && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 86_400)
        {
            return match.Groups[2].Value switch { "m" => TimeSpan.FromMinutes(n), "h" => TimeSpan.FromHours(n), _ => TimeSpan.FromSeconds(n) };
        }

        result.AddError($"--for {result.Tokens[0].Value}: must be a time like 60s, 5m or 1h.");
        return null;
    }

    [GeneratedRegex("^([0-9]{1,5})(s|m|h)$")]
    private static partial Regex DurationText();
}
