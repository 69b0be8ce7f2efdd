using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>A token's feed: its underlying's decision times the multiplier read from the token's chain.</summary>
/// <param name="feed">The feed.</param>
/// <param name="underlying">The share it is made from; stands before it in the plan.</param>
/// <param name="settings">The rules.</param>
/// <param name="multiplier">The latest reading, or null when there never was one. Cheap and thread-safe.</param>
internal sealed class TokenSlot(Feed feed, ShareSlot underlying, TokenSettings settings, Func<MultiplierTerms?> multiplier) : FeedSlot(feed)
{
    private readonly TokenFold _fold = new(settings);

    public override void Restore(in FeedRecord record) => _fold.Restore(FeedRecordFactory.ToRestored(record));

    public void Tick(Instant now)
    {
        if (underlying.IsStopped && !IsStopped) Stop($"the feed {underlying.Feed.Name} that it is made from has stopped");
        if (underlying.Decision is not { } decision) return;
        InputArrivedAt = underlying.InputArrivedAt;
        Decision = _fold.Tick(decision, multiplier(), now);
        Propose(FeedRecordFactory.Create(Decision, Id));
    }
}
