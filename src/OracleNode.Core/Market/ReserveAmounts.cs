using NodaTime;

namespace OracleNode.Market;

/// <summary>The two numbers behind a reserve ratio.</summary>
/// <param name="BackingE18">Shares in custody, 1e-18.</param>
/// <param name="IssuedE18">Shares that all tokens stand for (supply times multiplier, over all chains), 1e-18.</param>
/// <param name="MeasuredAt">When the oldest part of them was measured.</param>
public readonly record struct ReserveAmounts(UInt128 BackingE18, UInt128 IssuedE18, Instant MeasuredAt);
