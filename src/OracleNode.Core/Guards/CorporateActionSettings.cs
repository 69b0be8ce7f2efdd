using NodaTime;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>When a corporate action pauses a share's feed. Immutable.</summary>
public sealed record CorporateActionSettings
{
    /// <summary>A split, stock or cash dividend that changes the price by more than this pauses the feed; a smaller one is an ordinary move. 1 to 10,000.</summary>
    public int PauseStepBps { get; init; } = 100;

    /// <summary>For how long after its trade date began an action that became known late may still explain a jump.</summary>
    public Duration Lateness { get; init; } = Duration.FromDays(5);

    /// <summary>A first price within this many days of a listing needs the listing market's auction print. 0 to 30.</summary>
    public int ListingDays { get; init; } = 5;

    /// <summary>Checks every bound.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names the member, the value and the range of all that are.</exception>
    public void Validate()
    {
        var problems = Check();
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems));
    }

    /// <summary>Every value that is outside its range, with member, value and range; empty when all is well.</summary>
    public IReadOnlyList<string> Check()
    {
        var problems = new List<string>();
        const string Owner = nameof(CorporateActionSettings);
        Bounds.Note(problems, Owner, nameof(PauseStepBps), PauseStepBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(Lateness), Lateness, Duration.Zero, Duration.FromDays(30));
        Bounds.Note(problems, Owner, nameof(ListingDays), ListingDays, 0, 30);
        return problems;
    }
}
