namespace OracleNode.Market;

/// <summary>
/// Shares per raw token unit, scaled by 1e18 (128 bit: a 20:1 split does not fit 64). Always positive;
/// <c>default</c> means "none".
/// </summary>
public readonly partial record struct Multiplier(UInt128 E18)
{
    /// <summary>A multiplier of exactly one.</summary>
    public static Multiplier One { get; } = new(1_000_000_000_000_000_000);

    /// <summary>True for <c>default</c>.</summary>
    public bool IsNone => E18 == 0;
}
