using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// The plan's reference price, as near as a node can know it: the listing market's opening print, then the mean of the last five minutes, which takes its place only
/// when it is at least one per cent away and the last one stood for thirty seconds. The mean is of what the quorum agrees on, never of one vendor's
/// prints. Off until an opening print is seen or, where there is none, the mean is of five whole minutes, as the plan has it: a band around a guess would be worse than none.
/// </summary>
public sealed class LuldReference
{
    /// <summary>Over which time the mean is taken.</summary>
    public static readonly Duration Window = Duration.FromMinutes(5);

    /// <summary>How long a reference stands at least.</summary>
    public static readonly Duration LeastStand = Duration.FromSeconds(30);

    /// <summary>How far, in bps of the reference, the mean must be for it to take its place.</summary>
    public const int LeastMoveBps = 100;

    private const int SlotSeconds = 5;
    private const int Slots = 60;

    private readonly long[] _prices = new long[Slots];
    private Int128 _sum;
    private int _count;
    private long _slot;
    private Instant _setAt, _firstAt;

    /// <summary>The reference; none while it is off.</summary>
    public Price Price { get; private set; }

    /// <summary>The listing market opened or reopened at a price.</summary>
    public void Start(Price print, Instant at)
    {
        Clear();
        if (print.IsNone) return;
        Price = print;
        _setAt = at;
        _slot = SlotOf(at);
    }

    /// <summary>The session ended, trading is halted, or it is wrong: off until the next opening or reopening print, or five minutes of prices.</summary>
    public void Clear()
    {
        Price = default;
        Array.Clear(_prices);
        _sum = 0;
        _count = 0;
    }

    /// <summary>The quorum's price now. Constant time, no allocation.</summary>
    public void Observe(Price measured, Instant now)
    {
        if (measured.IsNone || !MoveTo(SlotOf(now))) return;
        if (_count == 0) _firstAt = now;
        ref var slot = ref _prices[_slot % Slots];
        if (slot == 0) _count++;
        _sum += measured.E8 - slot;
        slot = measured.E8;

        var mean = (long)(_sum / _count);
        if (Price.IsNone)
        {
            if (now - _firstAt >= Window) (Price, _setAt) = (Price.FromE8(mean), now);
            return;
        }

        if (now - _setAt < LeastStand) return;
        if (Int128.Abs((Int128)mean - Price.E8) * 10_000 < (Int128)Price.E8 * LeastMoveBps) return;
        Price = Price.FromE8(mean);
        _setAt = now;
    }

    /// <summary>Forgets what has left the window. False for a time before the newest slot.</summary>
    private bool MoveTo(long slot)
    {
        if (slot < _slot) return false;
        for (var passed = Math.Min(slot - _slot, Slots); passed > 0; passed--)
        {
            ref var oldest = ref _prices[(slot - passed + 1) % Slots];
            if (oldest == 0) continue;
            _sum -= oldest;
            _count--;
            oldest = 0;
        }

        _slot = slot;
        return true;
    }

    private static long SlotOf(Instant at) => Math.Max(0, at.ToUnixTimeSeconds() / SlotSeconds);
}
