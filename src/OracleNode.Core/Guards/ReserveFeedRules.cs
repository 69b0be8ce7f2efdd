using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// A token's reserves over what was issued, as a feed of its own (<see cref="FeedUnit.ReserveRatio"/>). It has no market: it is of this moment at a weekend too.
/// </summary>
/// <param name="Feed">The feed.</param>
/// <param name="Share">Place of the share's feed, whose session and max age its records carry.</param>
/// <param name="Token">The token.</param>
/// <param name="Settings">Its rules.</param>
public sealed record ReserveFeedRules(Feed Feed, int Share, TokenId Token, ReserveSettings Settings) : DerivedFeedRules(Feed, [Share])
{
    internal override IDerivedFold CreateFold() => new ReserveFold(this);
}
