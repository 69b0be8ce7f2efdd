using NodaTime;

namespace OracleNode.Run;

/// <summary>What the command line asks of Devnet.</summary>
internal sealed record DevnetOptions
{
    /// <summary>Recorded tick files to replay; empty for the generated day.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Market seconds per real second, 0.1 to 100.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>New York time at which market time begins; by default so that a minute's run sees the open.</summary>
    public LocalTime From { get; init; } = new(9, 29, 30);

    /// <summary>How long to run once the node was started; null until stopped.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Where to write the report; null for none.</summary>
    public string? Report { get; init; }

    /// <summary>Seed of the generated day.</summary>
    public ulong Seed { get; init; } = 20260610;

    /// <summary>True: feeds of every other kind too, made from the first token's markets, reserves and wrapper and from what currencies are worth; with the servers and contracts that they need.</summary>
    public bool HasDerivedFeeds { get; init; }
}
