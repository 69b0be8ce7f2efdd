using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>The rules by which tokens' own markets move a share's indicative price while its market is closed. Immutable.</summary>
public sealed record IndicationSettings
{
    /// <summary>Independent markets that it takes. 2 to 16: one alone indicates nothing.</summary>
    public int MinMarkets { get; init; } = 2;

    /// <summary>A market farther from the median does not stand behind it; two that are farther apart indicate nothing. 1 to 10,000.</summary>
    public int OutlierLimitBps { get; init; } = 200;

    /// <summary>How much of what the markets moved is believed, in bps. 1 to 10,000.</summary>
    public int WeightBps { get; init; } = 7_000;

    /// <summary>Time constant by which the indication follows the markets: who moves them for a minute moves it little. 1 s to 1 h.</summary>
    public Duration DriftWindow { get; init; } = Duration.FromSeconds(500);

    /// <summary>How far below the last official price it can be at most, in bps of it. 0 to 5,000.</summary>
    public int MaxFallBps { get; init; } = 500;

    /// <summary>How far above. 0 to 5,000.</summary>
    public int MaxRiseBps { get; init; } = 250;

    /// <summary>The least its confidence can be, in bps of the price. 1 to 5,000.</summary>
    public int ConfidenceFloorBps { get; init; } = 100;

    /// <summary>What is added to the confidence per hour since the last official price, in bps of the price. 0 to 1,000.</summary>
    public int ConfidencePerHourBps { get; init; } = 5;

    /// <summary>How long after its attestation a record may be relied on.</summary>
    public Duration MaxAge { get; init; } = Duration.FromHours(1);

    /// <summary>Every value that is outside its range, with member, value and range; empty when all is well.</summary>
    public IReadOnlyList<string> Check()
    {
        var problems = new List<string>();
        const string Owner = nameof(IndicationSettings);
        Bounds.Note(problems, Owner, nameof(MinMarkets), MinMarkets, 2, 16);
        Bounds.Note(problems, Owner, nameof(OutlierLimitBps), OutlierLimitBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(WeightBps), WeightBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(DriftWindow), DriftWindow, Duration.FromSeconds(1), Duration.FromHours(1));
        Bounds.Note(problems, Owner, nameof(MaxFallBps), MaxFallBps, 0, SessionPricing.MaxBps / 2);
        Bounds.Note(problems, Owner, nameof(MaxRiseBps), MaxRiseBps, 0, SessionPricing.MaxBps / 2);
        Bounds.Note(problems, Owner, nameof(ConfidenceFloorBps), ConfidenceFloorBps, 1, SessionPricing.MaxBps / 2);
        Bounds.Note(problems, Owner, nameof(ConfidencePerHourBps), ConfidencePerHourBps, 0, SessionPricing.MaxBps / 10);
        Bounds.Note(problems, Owner, nameof(MaxAge), MaxAge, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        return problems;
    }
}

/// <summary>A share's indicative price around the clock.</summary>
/// <param name="Feed">The feed, of unit <see cref="FeedUnit.IndicativeShare"/>.</param>
/// <param name="Share">Place of the share's own feed, before this one.</param>
/// <param name="Premiums">Places of the premiums of its tokens, of <see cref="PremiumFeedRules"/>, before this one. At least one.</param>
/// <param name="Sources">All sources of those premiums, once each.</param>
/// <param name="Settings">Its rules.</param>
public sealed record IndicationFeedRules(Feed Feed, int Share, IReadOnlyList<int> Premiums, IReadOnlyList<Source> Sources, IndicationSettings Settings)
    : DerivedFeedRules(Feed, [Share])
{
    internal override IDerivedFold CreateFold() => new IndicationFold(this);
}
