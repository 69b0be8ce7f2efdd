using NodaTime;

namespace OracleNode.VendorServers.Halts;

/// <summary>A halt as an exchange lists it.</summary>
/// <param name="Symbol">In the list's own spelling.</param>
/// <param name="HaltedAt">When it began.</param>
/// <param name="Reason">The list's own word for why.</param>
/// <param name="Market">Listing market, in the list's own words.</param>
/// <param name="ResumesAt">When trading resumes; null while that is not known.</param>
internal sealed record HaltRow(string Symbol, Instant HaltedAt, string Reason, string Market, Instant? ResumesAt = null);
