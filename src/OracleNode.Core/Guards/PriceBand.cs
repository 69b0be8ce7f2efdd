using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>Where a price band comes from.</summary>
public enum BandOrigin : byte
{
    None = 0,
    /// <summary>A vendor passed the tape's own band on.</summary>
    Vendor = 1,
    /// <summary>The node computed it by the plan's rules.</summary>
    Computed = 2,
}

/// <summary>The limits between which an instrument may trade. <c>default</c>: there is none.</summary>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
/// <param name="Origin">Where it comes from.</param>
public readonly record struct PriceBand(Price Low, Price High, BandOrigin Origin);
