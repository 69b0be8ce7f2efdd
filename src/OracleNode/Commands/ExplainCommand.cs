using System.CommandLine;
using System.Text;
using Microsoft.Data.Sqlite;
using OracleNode.Archive;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Updates;
using OracleNode.Vendors;

namespace OracleNode.Commands;

/// <summary><c>explain FEED [--sequence N | --at TIME] [--json]</c>: why a published price was what it was, from the evidence archive.</summary>
internal static class ExplainCommand
{
    public static Command Create(Option<string> config)
    {
        var feed = new Argument<string>("feed") { Description = "Name of the feed." };
        var sequence = new Option<ulong?>("--sequence") { Description = "Sequence of the batch; without it the newest." };
        var at = new Option<string?>("--at") { Description = "The batch in force at this time (UTC), like 2026-06-10T13:30:00Z." };
        var json = new Option<bool>("--json") { Description = "For a program." };
        var archive = new Option<string?>("--archive") { Description = "The archive; without it the configuration's Evidence:File." };
        var explain = new Command("explain", "Prints where a published price came from, and proves that it was signed so. Reads the evidence archive, also while the node runs.")
        {
            feed, sequence, at, json, archive,
        };
        explain.SetAction(parsed => Run(
            parsed.GetRequiredValue(config), parsed.GetRequiredValue(feed), parsed.GetValue(sequence), parsed.GetValue(at), parsed.GetValue(json), parsed.GetValue(archive),
            Console.Out, Console.Error));
        return explain;
    }

    /// <returns>0 when it is explained and proven; 1 when there is nothing to explain, or the archive does not prove it.</returns>
    internal static int Run(string config, string name, ulong? sequence, string? at, bool json, string? file, TextWriter output, TextWriter error)
    {
        try
        {
            var settings = NodeSettingsFactory.Create(ConfigurationFile.Read(config));
            var path = file ?? settings.Options.Evidence.File;
            var feed = settings.Feeds.FirstOrDefault(f => f.Feed.Name == name);
            if (feed is null) return Fail(error, $"'{name}' is no feed; there are: {string.Join(", ", settings.Feeds.Select(f => f.Feed.Name))}.");
            if (path.Length == 0) return Fail(error, "OracleNode:Evidence:File = '': the node keeps no evidence. Name the archive's file there, or with --archive.");
            if (!File.Exists(path)) return Fail(error, $"'{path}': there is no such archive.");
            if (sequence is not null && at is not null) return Fail(error, "--sequence and --at: give one of them.");
            if (!TryNewest(sequence, at, out var atMost)) return Fail(error, $"--at = '{at}': must be a time like 2026-06-10T13:30:00Z.");
            return Explain(path, feed.Feed, atMost, sequence, json, output, error);
        }
        catch (ConfigurationException e)
        {
            return Fail(error, e.Message);
        }
        catch (Exception e) when (e is SqliteException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Fail(error, $"The archive cannot be read: {e.Message}");
        }
    }

    private static int Explain(string path, Feed feed, ulong atMost, ulong? sequence, bool json, TextWriter output, TextWriter error)
    {
        var id = FeedIdentity.Compute(feed);
        using var archive = ArchiveFile.OpenForReading(path);
        var found = archive.FindNewest(id, atMost);
        if (found is null || (sequence is not null && found != sequence)) return Fail(error, $"The archive has no record of {feed.Name} {(sequence is null ? "at or before that time" : $"in batch {sequence}")}.");
        var explanation = Explanation.Of(archive, feed, archive.Read(found.Value) ?? throw new InvalidDataException($"batch {found} has records and no header."));
        if (json) output.WriteLine(Encoding.UTF8.GetString(ExplanationJson.Write(explanation)));
        else ExplanationText.Write(explanation, output);
        return explanation.IsProven ? 0 : Fail(error, "The archive does not prove this: what it holds is not what was signed.");
    }

    private static bool TryNewest(ulong? sequence, string? at, out ulong atMost)
    {
        atMost = sequence ?? ulong.MaxValue;
        if (at is null) return true;
        if (!Rfc3339.TryParse(Encoding.UTF8.GetBytes(at), out var time)) return false;
        atMost = ((ulong)time.ToUnixTimeMilliseconds() * BatchSequence.Slots) + (BatchSequence.Slots - 1);
        return true;
    }

    private static int Fail(TextWriter error, string problem)
    {
        error.WriteLine(problem);
        return 1;
    }
}
