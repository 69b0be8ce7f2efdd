using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>A share's feed: priced from observations.</summary>
internal sealed class ShareSlot(Feed feed, PricingSettings settings, IReadOnlyList<Source> sources) : FeedSlot(feed)
{
    private readonly FeedFold _fold = new(settings, sources);

    /// <summary>True when something was applied since the last tick.</summary>
    public bool IsDirty => _fold.IsDirty;

    public override void Restore(in FeedRecord record) => _fold.Restore(FeedRecordFactory.ToRestored(record));

    public void Apply(in Observation observation, long arrivedAt)
    {
        _fold.Apply(observation);
        if (_fold.IsDirty) InputArrivedAt = arrivedAt;
    }

    public void Tick(Instant now, in SessionInfo session)
    {
        Decision = _fold.Tick(now, session);
        Propose(FeedRecordFactory.Create(Decision, Id));
    }
}
