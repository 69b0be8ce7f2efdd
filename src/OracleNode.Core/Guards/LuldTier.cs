namespace OracleNode.Guards;

/// <summary>An instrument's tier of the limit-up limit-down plan.</summary>
public enum LuldTier : byte
{
    /// <summary>The plan does not cover it (rights, warrants), or nobody said: no band is computed.</summary>
    None = 0,
    /// <summary>S&amp;P 500, Russell 1000 and listed exchange-traded products.</summary>
    Tier1 = 1,
    /// <summary>Every other NMS stock.</summary>
    Tier2 = 2,
}
