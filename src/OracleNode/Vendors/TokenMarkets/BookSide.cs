namespace OracleNode.Vendors.TokenMarkets;

/// <summary>One side of a venue's book, best level first. Bounded: what is worse than there is room for is not kept.</summary>
/// <param name="isBid">Higher is better.</param>
/// <param name="depth">Levels that the venue keeps us told of.</param>
internal sealed class BookSide(bool isBid, int depth)
{
    // Within one message a level may come before the one goes that it pushes out.
    private const int Slack = 64;
    private const int BpsDenominator = 10_000;

    private readonly long[] _prices = new long[depth + Slack];
    private readonly long[] _quantities = new long[depth + Slack];

    /// <summary>How many levels there are.</summary>
    public int Count { get; private set; }

    /// <summary>The best price, 1e-8; 0 when there is none.</summary>
    public long Best => Count == 0 ? 0 : _prices[0];

    /// <summary>Price and quantity of a level, 1e-8.</summary>
    public (long Price, long Quantity) this[int level] => (_prices[level], _quantities[level]);

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Sets what stands at a price; a quantity of 0 takes the level away.</summary>
    public void Set(long price, long quantity)
    {
        var at = 0;
        while (at < Count && (isBid ? _prices[at] > price : _prices[at] < price)) at++;
        var isThere = at < Count && _prices[at] == price;
        if (quantity == 0)
        {
            if (!isThere) return;
            Count--;
            Array.Copy(_prices, at + 1, _prices, at, Count - at);
            Array.Copy(_quantities, at + 1, _quantities, at, Count - at);
            return;
        }

        if (isThere)
        {
            _quantities[at] = quantity;
            return;
        }

        if (at == _prices.Length) return;
        if (Count == _prices.Length) Count--;
        Array.Copy(_prices, at, _prices, at + 1, Count - at);
        Array.Copy(_quantities, at, _quantities, at + 1, Count - at);
        _prices[at] = price;
        _quantities[at] = quantity;
        Count++;
    }

    /// <summary>Forgets what lies beyond the depth: the venue says nothing more of it.</summary>
    public void Truncate() => Count = Math.Min(Count, depth);

    /// <summary>Units within a distance of the best price, 1e-8; the most a long holds when it is more.</summary>
    public long DepthWithin(int bps)
    {
        Int128 sum = 0;
        for (var i = 0; i < Count; i++)
        {
            var (here, limit) = ((Int128)_prices[i] * BpsDenominator, (Int128)Best * (BpsDenominator + (isBid ? -bps : bps)));
            if (isBid ? here < limit : here > limit) break;
            sum += _quantities[i];
        }

        return sum > long.MaxValue ? long.MaxValue : (long)sum;
    }
}
