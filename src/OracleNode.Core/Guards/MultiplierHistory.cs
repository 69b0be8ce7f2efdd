using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>The multipliers that one token had: fixed memory, the oldest goes first. Dividends come one by one, each too small to stop for; together they are what a consumer must know of.</summary>
public sealed class MultiplierHistory
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 64;

    /// <summary>One hundred millionth of one.</summary>
    private const uint Unit = 100_000_000;

    private const uint UnitsPerBps = Unit / 10_000;

    private readonly (Instant At, Multiplier Multiplier)[] _kept = new (Instant, Multiplier)[Capacity];
    private int _next;

    /// <summary>Number of multipliers kept.</summary>
    public int Count { get; private set; }

    /// <summary>One of them, 0 the newest: since when, and what.</summary>
    public (Instant At, Multiplier Multiplier) this[int age] =>
        age >= 0 && age < Count ? _kept[(_next - 1 - age + (2 * Capacity)) % Capacity] : throw new ArgumentOutOfRangeException(nameof(age), age, $"0 to {Count - 1}");

    /// <summary>The multiplier that is in force; the same again changes nothing. Allocates nothing.</summary>
    public void Note(Multiplier current, Instant at)
    {
        if (current.IsNone || (Count > 0 && this[0].Multiplier == current)) return;
        _kept[_next] = (at, current);
        _next = (_next + 1) % Capacity;
        Count = int.Min(Count + 1, Capacity);
    }

    /// <summary>What small steps add up to, each without its sign, in bps rounded up.</summary>
    /// <param name="window">How far back.</param>
    /// <param name="stepBps">A larger step is no small one.</param>
    /// <param name="now">Market time.</param>
    public int SmallStepsBps(Duration window, int stepBps, Instant now)
    {
        UInt128 sum = 0;
        for (var age = 0; age + 1 < Count && now - this[age].At <= window; age++)
        {
            var (before, after) = (this[age + 1].Multiplier.E18, this[age].Multiplier.E18);
            var apart = after > before ? after - before : before - after;
            if (before > UInt128.MaxValue / Unit || apart > before || apart * 10_000 > before * (uint)stepBps) continue;
            sum += apart * Unit / before;
        }

        return (int)((sum + (UnitsPerBps - 1)) / UnitsPerBps);
    }
}
