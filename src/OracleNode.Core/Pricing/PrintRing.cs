using System.Runtime.CompilerServices;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>The last eligible prints of one kind, so that a retracted one gives way to the one before it rather than to nothing.</summary>
internal struct PrintRing
{
    /// <summary>How many retractions in a row leave a print.</summary>
    public const int Capacity = 4;

    private Slots _slots;
    private int _newest;

    /// <summary>Number of prints kept.</summary>
    public int Count { get; private set; }

    /// <summary>The newest print; without an event when there is none.</summary>
    public readonly TradeSlot Newest => Count == 0 ? default : _slots[_newest];

    /// <summary>Takes a print in; false when it is older than the newest.</summary>
    public bool TryAdd(in TradeSlot print)
    {
        if (Count > 0 && print.EventTime < _slots[_newest].EventTime) return false;
        _newest = (_newest + 1) % Capacity;
        _slots[_newest] = print;
        if (Count < Capacity) Count++;
        return true;
    }

    /// <summary>
    /// Removes the print with the id. Where either side has no id the newest print of the price does that is not newer than
    /// <paramref name="at"/>: one taken for another of the same price costs one vote until the next one.
    /// </summary>
    public bool Retract(ulong id, long price, Instant at)
    {
        for (var back = 0; back < Count; back++)
        {
            ref readonly var print = ref _slots[Index(back)];
            var matches = id != 0 && print.Id != 0 ? print.Id == id : print.Price == price && print.EventTime <= at;
            if (!matches) continue;
            for (; back > 0; back--) _slots[Index(back)] = _slots[Index(back - 1)];
            _slots[_newest] = default;
            _newest = Index(1);
            Count--;
            return true;
        }

        return false;
    }

    private readonly int Index(int back) => (_newest - back + Capacity) % Capacity;

    [InlineArray(Capacity)]
    private struct Slots
    {
        private TradeSlot _first;
    }
}

/// <summary>A source's eligible print.</summary>
internal readonly record struct TradeSlot(bool HasEvent, long Price, ConditionFlags Conditions, Instant EventTime, ulong Id);
