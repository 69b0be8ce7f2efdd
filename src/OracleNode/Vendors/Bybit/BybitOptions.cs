namespace OracleNode.Vendors.Bybit;

/// <summary>What is particular to Bybit.</summary>
public sealed class BybitOptions
{
    /// <summary>How far from the best price a level may be to count as depth, in bps. 1 to 1000.</summary>
    public int DepthBps { get; set; } = 50;

    /// <summary>Where a pair's status and multiplier are asked for; empty for Bybit's own address.</summary>
    public string InstrumentsUrl { get; set; } = string.Empty;

    /// <summary>How often. 5 s to 10 min; an answer counts for three times as long.</summary>
    public TimeSpan InstrumentsPeriod { get; set; } = TimeSpan.FromMinutes(1);
}
