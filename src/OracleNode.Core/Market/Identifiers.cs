namespace OracleNode.Market;

/// <summary>A configured vendor channel, by its place in the running configuration.</summary>
public readonly record struct SourceId(int Index);

/// <summary>Where a source's data is born. Two sources of one upstream are one vote.</summary>
public readonly record struct UpstreamId(int Index);

/// <summary>A configured instrument, by its place in the running configuration.</summary>
public readonly record struct InstrumentId(int Index);
