using NodaTime;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>The rules of a feed that says how much of a token is covered. Immutable.</summary>
public sealed record ReserveSettings
{
    /// <summary>Reserves that were measured longer ago hold the feed.</summary>
    public Duration MaxAge { get; init; } = Duration.FromDays(2);

    /// <summary>A ratio of this and above is two numbers in different units, and is held. 10,001 to 1,000,000; 10,000 is covered exactly.</summary>
    public int ImplausibleRatioBps { get; init; } = 20_000;

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
        Bounds.Note(problems, nameof(ReserveSettings), nameof(MaxAge), MaxAge, Duration.FromMinutes(1), Duration.FromDays(366));
        Bounds.Note(problems, nameof(ReserveSettings), nameof(ImplausibleRatioBps), ImplausibleRatioBps, Bps.Scale + 1, 100 * Bps.Scale);
        return problems;
    }
}
