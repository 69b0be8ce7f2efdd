namespace OracleNode.MarketData;

/// <summary>
/// SplitMix64: the same numbers from the same seed on every machine and framework, which System.Random does not promise.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator of its own for a name, so that adding a symbol does not change the others.</summary>
    public static SeededRandom For(ulong seed, string name)
    {
        unchecked
        {
            var hash = 14695981039346656037UL;
            foreach (var character in name) hash = (hash ^ character) * 1099511628211UL;
            return new SeededRandom(seed ^ hash);
        }
    }

    public ulong NextUInt64()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 up to, but not including, <paramref name="bound"/>.</summary>
    public int Next(int bound) => (int)(NextUInt64() % (ulong)bound);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Next(high - low + 1);

    /// <summary>True in <paramref name="perMille"/> of 1,000 cases.</summary>
    public bool Chance(int perMille) => Next(1_000) < perMille;

    /// <summary>A bell-shaped number with mean 0 and a standard deviation of <see cref="Sigma"/> (sum of 12 uniform ones).</summary>
    public long NextNormal()
    {
        var sum = 0L;
        for (var i = 0; i < 12; i++) sum += Next((int)Sigma);
        return sum - 6 * Sigma;
    }

    /// <summary>One standard deviation of <see cref="NextNormal"/>.</summary>
    public const long Sigma = 1 << 20;
}
