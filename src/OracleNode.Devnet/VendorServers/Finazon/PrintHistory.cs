using OracleNode.MarketData;

namespace OracleNode.VendorServers.Finazon;

/// <summary>The newest prints of one symbol, in order of arrival, up to a limit. Not safe for concurrent use.</summary>
internal sealed class PrintHistory(int limit)
{
    private readonly Queue<MarketEvent> _prints = new();

    /// <summary>The newest print; null before the first.</summary>
    public MarketEvent? Newest { get; private set; }

    public void Add(in MarketEvent print)
    {
        if (_prints.Count == limit) _prints.Dequeue();
        _prints.Enqueue(print);
        Newest = print;
    }

    /// <summary>One page of the prints between two Unix times in milliseconds, both included.</summary>
    public List<MarketEvent> Page(long fromMillis, long toMillis, bool newestFirst, int page, int pageSize)
    {
        var inRange = _prints.Where(print => print.Time.ToUnixTimeMilliseconds() is var time && time >= fromMillis && time <= toMillis);
        if (newestFirst) inRange = inRange.Reverse();
        return [.. inRange.Skip(page * pageSize).Take(pageSize)];
    }
}
