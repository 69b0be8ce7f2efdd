namespace OracleNode.MarketData;

/// <summary>
/// Rows that could not be used, each told once however often the file is read. A file that is mostly wrong is refused.
/// </summary>
internal sealed class MarketDataProblems
{
    /// <summary>More bad rows than this, and the data is not what it says it is.</summary>
    public const int Limit = 1_000;

    private readonly Lock _gate = new();
    private readonly HashSet<(string File, long Line)> _seen = [];
    private readonly List<string> _messages = [];

    /// <summary>How many rows were left out.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _messages.Count;
        }
    }

    /// <summary>What was wrong, each with file and line.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_gate) return [.. _messages];
        }
    }

    /// <summary>Notes a row that is left out.</summary>
    /// <exception cref="MarketDataException">There are more than <see cref="Limit"/> of them.</exception>
    public void Add(string file, long line, string what)
    {
        var message = $"{file}:{line}: {what}";
        lock (_gate)
        {
            if (!_seen.Add((file, line))) return;
            if (_messages.Count == Limit)
                throw new MarketDataException($"More than {Limit} rows cannot be read; the last one: {message}");
            _messages.Add(message);
        }
    }
}
