using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Replay;

namespace OracleNode.Scenarios;

/// <summary>A scenario run through the replay, with a look at every feed after every tick.</summary>
internal static class ScenarioRun
{
    /// <summary>
    /// Makes the ticks explicit that the replay would make by itself, so that a run with a source left out ticks at the same times.
    /// The scenario tests prove that both ways give the same bytes.
    /// </summary>
    public static IReadOnlyList<ReplayEvent> WithTicks(IReadOnlyList<ReplayEvent> log, EventHeader header)
    {
        if (header.ListsTicks) throw new InvalidDataException("A scenario's ticks are \"auto\".");
        var ticked = new List<ReplayEvent>(log.Count * 2);
        Instant? last = null;
        var isFull = false;
        foreach (var entry in log)
        {
            if (last is { } before && entry.At > before)
            {
                ticked.Add(ReplayEvent.Tick(before, isFull));
                for (var grid = After(before); grid < entry.At; grid += header.TickPeriod) ticked.Add(ReplayEvent.Tick(grid));
            }

            if (last is null || entry.At > last)
            {
                last = entry.At;
                isFull = After(entry.At - Duration.Epsilon) == entry.At;
            }

            if (entry.Type != ReplayEventType.Tick) ticked.Add(entry);
            isFull |= entry.Type != ReplayEventType.Input || entry.Input.Kind != MarketInputKind.Observation;
        }

        if (last is { } end) ticked.Add(ReplayEvent.Tick(end, isFull));
        return ticked;

        Instant After(Instant at)
        {
            var period = header.TickPeriod.BclCompatibleTicks;
            var ticks = at.ToUnixTimeTicks();
            return Instant.FromUnixTimeTicks(ticks - (ticks % period) + period);
        }
    }

    /// <summary>Runs it.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="without">Entries to leave out; null for none.</param>
    /// <param name="observe">Called after every tick with its number and time.</param>
    public static List<OutputEntry> Run(Scenario scenario, Func<ReplayEvent, bool>? without, TickObserver observe)
    {
        var output = new List<OutputEntry>();
        var runner = new ReplayRunner(scenario.Settings, scenario.Calendar, output.Add, new EventHeader(ListsTicks: true, EventHeader.DefaultTickPeriod));
        var tick = 0;
        foreach (var entry in scenario.Log)
        {
            if (entry.Type == ReplayEventType.Input && without?.Invoke(entry) == true) continue;
            runner.Take(entry);
            if (entry.Type == ReplayEventType.Tick) observe(tick++, entry.At, runner.Feeds);
        }

        runner.Finish();
        return output;
    }
}

/// <summary>Sees every feed after a tick.</summary>
internal delegate void TickObserver(int tick, Instant at, ReadOnlySpan<FeedSlot> feeds);
