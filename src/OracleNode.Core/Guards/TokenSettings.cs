using NodaTime;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>The rules by which a token's price follows its underlying. Immutable.</summary>
public sealed record TokenSettings
{
    /// <summary>A reading of the multiplier older than this holds the token.</summary>
    public Duration MultiplierMaxAge { get; init; } = Duration.FromMinutes(10);

    /// <summary>
    /// A multiplier that changes by more than this (a split, not a dividend) holds the token until the share price has followed. 1 to 10,000.
    /// </summary>
    public int MultiplierStepBps { get; init; } = 100;

    /// <summary>After such a step: how far the new token price may lie from the last one for the share price to count as having followed. 1 to 10,000.</summary>
    public int ContinuityBps { get; init; } = 500;

    /// <summary>Reserves over tokens issued below which the token holds, where they are known. 1 to 20,000; 10,000 is covered exactly.</summary>
    public int MinReserveRatioBps { get; init; } = 10_000;

    /// <summary>How far the quote currency may be off its peg, where that is known. 1 to 10,000.</summary>
    public int MaxPegDeviationBps { get; init; } = 100;

    /// <summary>Checks every bound.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names the member, the value and the range.</exception>
    public void Validate()
    {
        Bounds.Check(nameof(TokenSettings), nameof(MultiplierMaxAge), MultiplierMaxAge, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        Bounds.Check(nameof(TokenSettings), nameof(MultiplierStepBps), MultiplierStepBps, 1, SessionPricing.MaxBps);
        Bounds.Check(nameof(TokenSettings), nameof(ContinuityBps), ContinuityBps, 1, SessionPricing.MaxBps);
        Bounds.Check(nameof(TokenSettings), nameof(MinReserveRatioBps), MinReserveRatioBps, 1, 2 * SessionPricing.MaxBps);
        Bounds.Check(nameof(TokenSettings), nameof(MaxPegDeviationBps), MaxPegDeviationBps, 1, SessionPricing.MaxBps);
    }
}
