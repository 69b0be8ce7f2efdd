using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What the chains hold of a feed when the node starts.</summary>
/// <param name="Price">Last published price; none when nothing was ever published.</param>
/// <param name="ConfidenceE8">Its confidence in 1e-8 units.</param>
/// <param name="Bid">Its bid, or none.</param>
/// <param name="Ask">Its ask, or none.</param>
/// <param name="Ema">The moving average, or none.</param>
/// <param name="ObservedAt">Its <c>observedAt</c>.</param>
/// <param name="State">The state it was published with. Paused stays until an operator resumes, Retired for good.</param>
/// <param name="HaltReason">The halt it was published with; it goes on until the market is known to trade, and an operator's until the operator is heard.</param>
public readonly record struct RestoredFeed(
    Price Price, long ConfidenceE8, Price Bid, Price Ask, Price Ema, Instant ObservedAt, FeedState State, HaltReason HaltReason)
{
    /// <summary>Why it was held or paused; a pause for a corporate action alone is judged anew, any other is the operator's.</summary>
    public HoldReasons HoldReasons { get; init; }

    /// <summary>For a token: the multiplier that <see cref="Price"/> was made with; none for a share.</summary>
    public Multiplier Multiplier { get; init; }

    /// <summary>For a token: the share price that <see cref="Price"/> was made from; none for a share.</summary>
    public Price Underlying { get; init; }

    /// <summary>For a token: the multiplier that was staged; none when nothing was, and for a share.</summary>
    public Multiplier NextMultiplier { get; init; }

    /// <summary>
    /// For a token: when <see cref="NextMultiplier"/> applies; with none staged, since when <see cref="Multiplier"/> does, null when that is not said. For a feed that starts
    /// from another price: the time of <see cref="Underlying"/>. Null for any other.
    /// </summary>
    public Instant? ActivationAt { get; init; }
}
