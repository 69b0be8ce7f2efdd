using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>A feed and the rules it follows.</summary>
public abstract record FeedRules(Feed Feed);

/// <summary>A share's feed: priced from observations.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Pricing">Its rules.</param>
/// <param name="Sources">The sources that may speak of it.</param>
public sealed record ShareFeedRules(Feed Feed, PricingSettings Pricing, IReadOnlyList<Source> Sources) : FeedRules(Feed)
{
    /// <summary>What the instrument should move like. At most three.</summary>
    public IReadOnlyList<RelatedFeed> Related { get; init; } = [];

    /// <summary>The instrument's tickers and when each names it; empty where nobody dates them.</summary>
    public IReadOnlyList<TickerAlias> Tickers { get; init; } = [];

    /// <summary>The instrument's tier of the limit-up limit-down plan; none: no band is computed for it.</summary>
    public LuldTier Luld { get; init; }

    /// <summary>Leverage of a leveraged exchange-traded product in per cent, by which the plan multiplies the band's width; 100 for any other. 100 to 500.</summary>
    public int LuldLeveragePercent { get; init; } = 100;
}

/// <summary>A token's feed: a share's price times the token's multiplier.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Underlying">Place of the share's feed, before this one.</param>
/// <param name="Token">The token whose multiplier it takes.</param>
/// <param name="Settings">Its rules.</param>
public sealed record TokenFeedRules(Feed Feed, int Underlying, TokenId Token, TokenSettings Settings) : FeedRules(Feed)
{
    /// <summary>True where readings of its reserves are expected: until the first one since the start nobody knows whether it is covered.</summary>
    public bool HasReserves { get; init; }
}

/// <summary>A feed made from what other feeds decided and from what was said besides: a premium, a ratio, a wrapper, an indication.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="MadeFrom">Places of the feeds it cannot do without, all before this one.</param>
public abstract record DerivedFeedRules(Feed Feed, IReadOnlyList<int> MadeFrom) : FeedRules(Feed)
{
    /// <summary>The fold that follows these rules.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal abstract IDerivedFold CreateFold();
}
