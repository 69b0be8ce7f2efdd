using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// The rules of a wrapper's rate. Immutable. The cap at a time is the snapshot x (1 + <see cref="MaxStepBps"/> + <see cref="MaxYearlyGrowthBps"/> x years since it
/// was taken): what lies beyond holds, and is never cut to it. Snapshot and its time belong together and change together.
/// </summary>
public sealed record WrapperSettings
{
    private const long SecondsPerYear = 31_557_600;

    /// <summary>No wrapper's share is worth 300,000 tokens; below it every comparison stays within 128 bits.</summary>
    internal static UInt128 MaxRateE18 { get; } = UInt128.One << 78;

    /// <summary>How its rate comes about.</summary>
    public required WrapperFormula Formula { get; init; }

    /// <summary>Raw tokens per share at <see cref="SnapshotAt"/>, as somebody checked it.</summary>
    public required Multiplier SnapshotRate { get; init; }

    /// <summary>When.</summary>
    public required Instant SnapshotAt { get; init; }

    /// <summary>What the rate may grow in a year, in bps of the snapshot. 0 to 10,000.</summary>
    public int MaxYearlyGrowthBps { get; init; } = 500;

    /// <summary>What the rate may grow (or fall, where it may) from one reading that counted to the next. 0 to 1,000.</summary>
    public int MaxStepBps { get; init; } = 100;

    /// <summary>True when the rate may fall, by no more than a step at once.</summary>
    public bool MayFall { get; init; }

    /// <summary>Hash of the code whose formula is known, as <c>0x</c> and 64 hex digits; empty: the code of the first reading after a start.</summary>
    public string CodeHash { get; init; } = "";

    /// <summary>A reading of the rate older than this holds the wrapper.</summary>
    public Duration RateMaxAge { get; init; } = Duration.FromMinutes(10);

    /// <summary>The highest rate that counts at a time.</summary>
    public UInt128 CapE18(Instant now)
    {
        var snapshot = SnapshotRate.E18;
        var seconds = (ulong)long.Clamp((long)(now - SnapshotAt).TotalSeconds, 0, 100 * SecondsPerYear);
        return snapshot + (snapshot * (uint)MaxStepBps / Bps.Scale) + (snapshot * (uint)MaxYearlyGrowthBps / Bps.Scale * seconds / SecondsPerYear);
    }

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
        const string Owner = nameof(WrapperSettings);
        if (Formula is < WrapperFormula.BackedWrapped or > WrapperFormula.Identity)
            problems.Add($"{Owner}.{nameof(Formula)} is {Formula}; it must be {string.Join(", ", Enum.GetNames<WrapperFormula>()[1..])}.");
        if (SnapshotRate.IsNone || SnapshotRate.E18 > MaxRateE18)
            problems.Add($"{Owner}.{nameof(SnapshotRate)} is {SnapshotRate}; it must be a positive number below 300,000 that was checked by hand at {nameof(SnapshotAt)}.");
        if (SnapshotAt < Instant.FromUtc(2020, 1, 1, 0, 0) || SnapshotAt > Instant.FromUtc(2100, 1, 1, 0, 0))
            problems.Add($"{Owner}.{nameof(SnapshotAt)} is {SnapshotAt}; it must be when {nameof(SnapshotRate)} was read.");
        if (CodeHash.Length != 0 && !Keccak256.IsText(CodeHash)) problems.Add($"{Owner}.{nameof(CodeHash)} is {CodeHash}; it must be 0x and 64 lower-case hex digits, or empty.");
        Bounds.Note(problems, Owner, nameof(MaxYearlyGrowthBps), MaxYearlyGrowthBps, 0, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(MaxStepBps), MaxStepBps, 0, SessionPricing.MaxBps / 10);
        Bounds.Note(problems, Owner, nameof(RateMaxAge), RateMaxAge, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        return problems;
    }
}
