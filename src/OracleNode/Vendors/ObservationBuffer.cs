using OracleNode.Market;

namespace OracleNode.Vendors;

/// <summary>
/// The observations of one frame, reused from frame to frame so that parsing allocates nothing once it has grown. Bounded by
/// the frame size: a frame of n bytes cannot hold n observations.
/// </summary>
public sealed class ObservationBuffer
{
    private Observation[] _items;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">Observations it takes before it grows.</param>
    public ObservationBuffer(int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _items = new Observation[capacity];
    }

    /// <summary>How many it holds.</summary>
    public int Count { get; private set; }

    /// <summary>What it holds, in order; valid until the next change.</summary>
    public ReadOnlySpan<Observation> Written => _items.AsSpan(0, Count);

    /// <summary>Appends one.</summary>
    public void Add(in Observation observation)
    {
        if (Count == _items.Length) Array.Resize(ref _items, _items.Length * 2);
        _items[Count++] = observation;
    }

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Keeps the first <paramref name="count"/> only.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
    }

    /// <summary>Keeps those that <paramref name="keep"/> admits, in order.</summary>
    internal void RemoveRefused(ObservationFilter keep)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            ref readonly var item = ref _items[i];
            if (!keep.Admits(item)) continue;
            if (kept != i) _items[kept] = item;
            kept++;
        }

        Count = kept;
    }
}
