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

    /// <summary>So long before a step above <see cref="MultiplierStepBps"/> is due the token is paused.</summary>
    public Duration ActivationLead { get; init; } = Duration.FromMinutes(10);

    /// <summary>
    /// So long after a step above <see cref="MultiplierStepBps"/> the record says when it applied: at least as long as any consumer wants to pause after one. 0 to 366 days.
    /// </summary>
    public Duration StepSaidFor { get; init; } = Duration.FromDays(7);

    /// <summary>Small steps that add up to more than this within 24 hours pause the token as a large one does. 1 to 10,000.</summary>
    public int SmallStepsPerDayBps { get; init; } = 200;

    /// <summary>Small steps that add up to more than this within <see cref="SmallStepsWindow"/> are said to a person. 1 to 10,000.</summary>
    public int SmallStepsBps { get; init; } = 100;

    /// <summary>See <see cref="SmallStepsBps"/>.</summary>
    public Duration SmallStepsWindow { get; init; } = Duration.FromDays(90);

    /// <summary>Reserves over tokens issued below which the token holds, where they are known. 1 to 20,000; 10,000 is covered exactly.</summary>
    public int MinReserveRatioBps { get; init; } = 10_000;

    /// <summary>
    /// Reserves over tokens issued below which the token is Degraded and carries the flag; nothing where it is not above <see cref="MinReserveRatioBps"/>. 1 to
    /// 20,000.
    /// </summary>
    public int DegradeReserveRatioBps { get; init; } = 10_000;

    /// <summary>A reading of the reserves that is older than this tells nothing any more.</summary>
    public Duration ReserveMaxAge { get; init; } = Duration.FromDays(2);

    /// <summary>The currency that stands for the quote currency where the token trades, e.g. <c>USDC</c>; empty for none: its peg is not judged.</summary>
    public string PegCurrency { get; init; } = "";

    /// <summary>How far the quote currency may be off its peg, where that is known. 1 to 10,000.</summary>
    public int MaxPegDeviationBps { get; init; } = 100;

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
        const string Owner = nameof(TokenSettings);
        Bounds.Note(problems, Owner, nameof(MultiplierMaxAge), MultiplierMaxAge, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        Bounds.Note(problems, Owner, nameof(MultiplierStepBps), MultiplierStepBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(ContinuityBps), ContinuityBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(ActivationLead), ActivationLead, Duration.Zero, Duration.FromDays(7));
        Bounds.Note(problems, Owner, nameof(StepSaidFor), StepSaidFor, Duration.Zero, Duration.FromDays(366));
        Bounds.Note(problems, Owner, nameof(SmallStepsPerDayBps), SmallStepsPerDayBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(SmallStepsBps), SmallStepsBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(SmallStepsWindow), SmallStepsWindow, Duration.FromMinutes(1), Duration.FromDays(366));
        Bounds.Note(problems, Owner, nameof(MinReserveRatioBps), MinReserveRatioBps, 1, 2 * SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(DegradeReserveRatioBps), DegradeReserveRatioBps, 1, 2 * SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(ReserveMaxAge), ReserveMaxAge, Duration.FromSeconds(1), Duration.FromDays(366));
        Bounds.Note(problems, Owner, nameof(MaxPegDeviationBps), MaxPegDeviationBps, 1, SessionPricing.MaxBps);
        return problems;
    }
}
