using NodaTime;

namespace OracleNode.Pricing;

/// <summary>What the votes of one moment say, before any rule judges it. All prices in 1e-8 units.</summary>
/// <param name="Price">Median of all votes; the midpoint of an even number is rounded down.</param>
/// <param name="ConfidenceE8">Half-width within which the price stands; see <see cref="Confidence"/>.</param>
/// <param name="Bid">Median of the votes' bids, rounded down (a print stands for both sides); 0 when no vote is a quote.</param>
/// <param name="Ask">Median of the votes' asks, rounded up; 0 when no vote is a quote.</param>
/// <param name="Accepted">Votes within the outlier limit of the median.</param>
/// <param name="MiddlesDisagree">The number of votes is even and the two middle ones lie farther apart than two upstreams may.</param>
/// <param name="OldestEvent">Event time of the oldest vote. Outliers count: the median ran over them too.</param>
internal readonly record struct PriceMeasurement(
    long Price, long ConfidenceE8, long Bid, long Ask, int Accepted, bool MiddlesDisagree, Instant OldestEvent);
