using NodaTime;

namespace OracleNode.Pricing;

/// <summary>When a source that is wrong loses its vote, and how it gets it back. Immutable.</summary>
public sealed record BreakerSettings
{
    /// <summary>Times wrong within <see cref="Window"/> that quarantine a source. 2 to 1,000.</summary>
    public int Strikes { get; init; } = 5;

    /// <summary>Counted from the first time wrong.</summary>
    public Duration Window { get; init; } = Duration.FromSeconds(60);

    /// <summary>A source that is wrong for less than this is not quarantined, however often: vendors do not move in the same instant.</summary>
    public Duration MinSpan { get; init; } = Duration.FromSeconds(5);

    /// <summary>Good words in a row that end the quarantine. 1 to 10,000.</summary>
    public int GoodWords { get; init; } = 10;

    /// <summary>Over at least this time.</summary>
    public Duration Probation { get; init; } = Duration.FromSeconds(30);

    /// <summary>Checks every bound.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names the member, the value and the range.</exception>
    internal void Validate()
    {
        const string Owner = nameof(PricingSettings.Breaker);
        Bounds.Check(Owner, nameof(Strikes), Strikes, 2, 1_000);
        Bounds.Check(Owner, nameof(Window), Window, Duration.FromSeconds(1), Duration.FromHours(1));
        Bounds.Check(Owner, nameof(MinSpan), MinSpan, Duration.Zero, Window);
        Bounds.Check(Owner, nameof(GoodWords), GoodWords, 1, 10_000);
        Bounds.Check(Owner, nameof(Probation), Probation, Duration.Zero, Duration.FromHours(1));
    }
}
