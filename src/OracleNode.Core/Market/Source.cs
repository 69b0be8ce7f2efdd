namespace OracleNode.Market;

/// <summary>A vendor channel and the upstream its data is born at.</summary>
/// <param name="Id">Place in the configuration.</param>
/// <param name="Name">Unique name, e.g. <c>alpaca-iex</c>.</param>
/// <param name="Upstream">Place of its upstream; sources with the same upstream are one vote.</param>
/// <param name="UpstreamName">e.g. <c>iex</c>.</param>
public sealed record Source(SourceId Id, string Name, UpstreamId Upstream, string UpstreamName);
