using OracleNode.Guards;

namespace OracleNode.Configuration;

/// <summary>The rules of a wrapper's rate; units and bounds are those of <see cref="WrapperSettings"/>.</summary>
public sealed class WrapperFeedOptions
{
    /// <summary>How its rate comes about: BackedWrapped, DinariWrapped or Identity. Required.</summary>
    public WrapperFormula Formula { get; set; }

    /// <summary>Raw tokens per share at <see cref="SnapshotAt"/>, as you checked it, e.g. 1.0025. Required.</summary>
    public string SnapshotRate { get; set; } = "";

    /// <summary>When, e.g. 2026-06-01T00:00:00Z. Required.</summary>
    public string SnapshotAt { get; set; } = "";

    public int? MaxYearlyGrowthBps { get; set; }
    public int? MaxStepBps { get; set; }
    public bool MayFall { get; set; }

    /// <summary>keccak256 of the code that answers, behind every proxy, as you accepted it; empty takes the first that is seen after each start.</summary>
    public string CodeHash { get; set; } = "";

    public TimeSpan? RateMaxAge { get; set; }
}

/// <summary>The rules of a ratio feed; units and bounds are those of <see cref="ReserveSettings"/>.</summary>
public sealed class ReserveFeedOptions
{
    public TimeSpan? MaxAge { get; set; }
    public int? ImplausibleRatioBps { get; set; }
}
