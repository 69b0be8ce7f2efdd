namespace OracleNode.Market;

/// <summary>A configured vendor channel, by its place in the running configuration.</summary>
public readonly record struct SourceId(int Index);

/// <summary>Where a source's data is born. Two sources of one upstream are one vote.</summary>
public readonly record struct UpstreamId(int Index);

/// <summary>A configured instrument, by its place in the running configuration.</summary>
public readonly record struct InstrumentId(int Index)
{
    /// <summary>Every instrument: a market-wide halt or its end, a market status.</summary>
    public static InstrumentId Every { get; } = new(-1);

    /// <summary>No instrument: a currency.</summary>
    public static InstrumentId None { get; } = new(-2);
}

/// <summary>A configured token (a mint, a contract), by its place among the distinct tokens of the running configuration.</summary>
public readonly record struct TokenId(int Index);
