using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>One share of a wrapper (<see cref="FeedUnit.WrapperShare"/>): the token's price times raw tokens per share.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Token">Place of the token's feed, which is per raw token.</param>
/// <param name="Wrapper">Canonical asset of the wrapper (CAIP-19): whose rate it takes.</param>
/// <param name="Settings">Its rules.</param>
public sealed record WrapperFeedRules(Feed Feed, int Token, string Wrapper, WrapperSettings Settings) : DerivedFeedRules(Feed, [Token])
{
    internal override IDerivedFold CreateFold() => new WrapperFold(this);
}
