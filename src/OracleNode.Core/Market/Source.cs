namespace OracleNode.Market;

/// <summary>A vendor channel and the upstream its data is born at.</summary>
/// <param name="Id">Place in the configuration.</param>
/// <param name="Name">Unique name, e.g. <c>alpaca-iex</c>.</param>
/// <param name="Upstream">Place of its upstream; sources with the same upstream are one vote.</param>
/// <param name="UpstreamName">e.g. <c>iex</c>.</param>
public sealed record Source(SourceId Id, string Name, UpstreamId Upstream, string UpstreamName)
{
    /// <summary>
    /// True when it speaks for the market that lists the instrument (its halt feed, its market status): its word alone halts or disputes the session.
    /// The same channel may speak for one instrument and not for another.
    /// </summary>
    public bool IsListingMarket { get; init; }
}
