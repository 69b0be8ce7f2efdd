using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>One entry of the ordered log: an input, a tick, a record that a chain held at the start, or a hole in the recording.</summary>
internal readonly record struct ReplayEvent
{
    public required ReplayEventType Type { get; init; }

    /// <summary>Market time of the entry.</summary>
    public required Instant At { get; init; }

    /// <summary>For an input.</summary>
    public MarketInput Input { get; init; }

    /// <summary>For a tick: every feed, or only what took something in.</summary>
    public bool Everything { get; init; }

    /// <summary>For a restore: place of the feed.</summary>
    public int Feed { get; init; }

    /// <summary>For a restore: the record.</summary>
    public FeedRecord Record { get; init; }

    /// <summary>For a restore: its sequence. For a gap: how many inputs were lost.</summary>
    public ulong Sequence { get; init; }

    public static ReplayEvent Of(in MarketInput input) => new() { Type = ReplayEventType.Input, At = input.ReceivedAt, Input = input };

    public static ReplayEvent Tick(Instant at, bool everything = true) => new() { Type = ReplayEventType.Tick, At = at, Everything = everything };

    public static ReplayEvent Restore(Instant at, int feed, in FeedRecord record, ulong sequence) =>
        new() { Type = ReplayEventType.Restore, At = at, Feed = feed, Record = record, Sequence = sequence };

    public static ReplayEvent Gap(Instant at, ulong lost) => new() { Type = ReplayEventType.Gap, At = at, Sequence = lost };
}

/// <summary>What an entry of the log is.</summary>
internal enum ReplayEventType : byte
{
    None = 0,
    Input,
    Tick,
    Restore,
    Gap,
}

/// <summary>The first line of an event file.</summary>
/// <param name="ListsTicks">True when the rules are run at the ticks that the file lists and at no others.</param>
/// <param name="TickPeriod">Otherwise: they are run at every event's time, and in between this often, for every feed.</param>
internal sealed record EventHeader(bool ListsTicks, Duration TickPeriod)
{
    /// <summary>How often the rules are run in between unless the header says otherwise.</summary>
    public static Duration DefaultTickPeriod { get; } = Duration.FromMilliseconds(250);

    public static EventHeader Default { get; } = new(ListsTicks: false, DefaultTickPeriod);
}
