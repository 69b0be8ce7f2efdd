namespace OracleNode.Guards;

/// <summary>Why a feed was taken out of service: its rules threw, and what they hold may be half-done.</summary>
/// <param name="Problem">For a person.</param>
/// <param name="Cause">What was thrown; null when another feed's fault took it along.</param>
public sealed record FeedFault(string Problem, Exception? Cause);
