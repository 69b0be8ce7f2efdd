using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains;

/// <summary>What a chain holds for one feed, read back from it.</summary>
/// <param name="Id">Feed id as registered there.</param>
/// <param name="Address">Where a consumer reads it: the feed's own proxy (EVM) or account (Solana).</param>
/// <param name="Sequence">Sequence of the stored record; 0 when nothing was ever stored.</param>
/// <param name="Record">The stored record, or null when nothing was ever stored.</param>
/// <param name="Detailed">Whether the chain stores quote, EMA and counts of this feed too; in <paramref name="Record"/> they are none otherwise.</param>
public sealed record OnChainFeed(FeedId Id, string Address, ulong Sequence, FeedRecord? Record, bool Detailed = true)
{
    /// <summary>Whether all that the chain stores of a record is as it was signed.</summary>
    public bool Holds(FeedRecord signed) => Record is not null && Record == (Detailed ? signed : signed with
    {
        Bid = default,
        Ask = default,
        Ema = default,
        SourcesUsed = 0,
        SourcesRejected = 0,
        Upstreams = 0,
    });
}
