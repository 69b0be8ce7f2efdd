using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>The rules by which a token's own markets make its premium. Immutable.</summary>
public sealed record PremiumSettings
{
    /// <summary>A quote older than this has no vote. 1 s to 1 h.</summary>
    public Duration QuoteFreshness { get; init; } = Duration.FromMinutes(5);

    /// <summary>A quote whose spread is above this share of its mid has no vote. 1 to 5,000.</summary>
    public int MaxSpreadBps { get; init; } = 300;

    /// <summary>What must be bid for and offered near the best price at least, each, in the token feed's quote currency; none asks for nothing.</summary>
    public Price MinDepth { get; init; } = Price.FromE8(1_000 * Price.One);

    /// <summary>Upstreams that it takes. 1 to 16; with one, whoever moves that market moves the feed.</summary>
    public int MinMarkets { get; init; } = 2;

    /// <summary>Upstreams with which it is Live; with fewer Degraded. Not below <see cref="MinMarkets"/>, at most 16.</summary>
    public int WantedMarkets { get; init; } = 2;

    /// <summary>A vote farther from the median does not stand behind it; two that are farther apart hold. 1 to 10,000.</summary>
    public int OutlierLimitBps { get; init; } = 500;

    /// <summary>At or below it nothing is published.</summary>
    public Price MinRatio { get; init; } = Price.FromE8(Price.One / 1_000);

    /// <summary>At or above it nothing is published: a premium may be large, and a number that no market ever made is a fault.</summary>
    public Price MaxRatio { get; init; } = Price.FromE8(1_000 * Price.One);

    /// <summary>Time constant of the premium that is learned while the share's market is open. 1 min to 1 d.</summary>
    public Duration AverageWindow { get; init; } = Duration.FromHours(1);

    /// <summary>For how long it must have been watched to be relied on. 0 to 1 d.</summary>
    public Duration MinLearning { get; init; } = Duration.FromMinutes(10);

    /// <summary>How long after its attestation a record may be relied on.</summary>
    public Duration MaxAge { get; init; } = Duration.FromHours(1);

    /// <summary>Every value that is outside its range, with member, value and range; empty when all is well.</summary>
    public IReadOnlyList<string> Check()
    {
        var problems = new List<string>();
        const string Owner = nameof(PremiumSettings);
        Bounds.Note(problems, Owner, nameof(QuoteFreshness), QuoteFreshness, Duration.FromSeconds(1), Duration.FromHours(1));
        Bounds.Note(problems, Owner, nameof(MaxSpreadBps), MaxSpreadBps, 1, SessionPricing.MaxBps / 2);
        Bounds.Note(problems, Owner, nameof(MinMarkets), MinMarkets, 1, 16);
        Bounds.Note(problems, Owner, nameof(WantedMarkets), WantedMarkets, int.Clamp(MinMarkets, 1, 16), 16);
        Bounds.Note(problems, Owner, nameof(OutlierLimitBps), OutlierLimitBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(AverageWindow), AverageWindow, Duration.FromMinutes(1), Duration.FromDays(1));
        Bounds.Note(problems, Owner, nameof(MinLearning), MinLearning, Duration.Zero, Duration.FromDays(1));
        Bounds.Note(problems, Owner, nameof(MaxAge), MaxAge, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        if (MinRatio.IsNone || MaxRatio <= MinRatio) problems.Add($"{Owner}.{nameof(MinRatio)} is {MinRatio} and {nameof(MaxRatio)} is {MaxRatio}; both must be there, and the second above the first.");
        return problems;
    }
}

/// <summary>A token's premium: what its own markets pay for it over what it is worth by the share.</summary>
/// <param name="Feed">The feed, of unit <see cref="FeedUnit.PremiumRatio"/>.</param>
/// <param name="TokenFeed">Place of the token's feed, of unit <see cref="FeedUnit.RawToken"/> and quoted in US dollars, before this one.</param>
/// <param name="Token">The token.</param>
/// <param name="MultiplierMaxAge">A reading of the multiplier older than this tells nothing of a market that quotes displayed tokens.</param>
/// <param name="Sources">The sources that may speak of its markets. 1 to <see cref="DerivedLimits.MaxSources"/>.</param>
/// <param name="Rates">Places of the currencies' feeds, before this one, by currency.</param>
/// <param name="Settings">Its rules.</param>
public sealed record PremiumFeedRules(
    Feed Feed, int TokenFeed, TokenId Token, Duration MultiplierMaxAge, IReadOnlyList<Source> Sources, IReadOnlyDictionary<string, int> Rates, PremiumSettings Settings)
    : DerivedFeedRules(Feed, [TokenFeed])
{
    internal override IDerivedFold CreateFold() => new PremiumFold(this);
}
