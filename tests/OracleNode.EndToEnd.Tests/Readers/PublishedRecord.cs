using OracleNode.Market;

namespace OracleNode.Readers;

/// <summary>What a chain holds for a feed, every field of it; 0 where a record has none. Equal records are equal field by field.</summary>
internal sealed record PublishedRecord
{
    public required ulong Sequence { get; init; }
    public required long Price { get; init; }
    public required long Confidence { get; init; }
    public required long Bid { get; init; }
    public required long Ask { get; init; }
    public required long Ema { get; init; }
    public required int Session { get; init; }
    public required int ClosedReason { get; init; }
    public required int HaltReason { get; init; }
    public required int State { get; init; }
    public required uint HoldReasons { get; init; }
    public required int SourcesUsed { get; init; }
    public required int SourcesRejected { get; init; }
    public required int Upstreams { get; init; }
    public required long ObservedAtMillis { get; init; }
    public required long NextChangeAtSeconds { get; init; }
    public required uint MaxAgeSeconds { get; init; }
    public required UInt128 Multiplier { get; init; }
    public required UInt128 NextMultiplier { get; init; }
    public required long ActivationSeconds { get; init; }
    public required long Underlying { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long AttestedAtMillis => (long)(Sequence >> 4);

    /// <summary>Live or Degraded: measured when it was attested.</summary>
    public bool IsFresh => State is (int)FeedState.Live or (int)FeedState.Degraded;

    public bool IsHeldFor(HoldReasons reason) => State == (int)FeedState.Held && (HoldReasons & (uint)reason) == (uint)reason;
}

/// <summary>A chain, read without the node.</summary>
internal interface IChainReader
{
    /// <summary>As the node names it.</summary>
    string Name { get; }

    /// <summary>What it holds; null when nothing was ever stored.</summary>
    Task<PublishedRecord?> ReadAsync(FeedId feed);
}
