using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>The latest reading of a token, as the rules are told of it. Immutable.</summary>
/// <param name="Terms">Its multipliers; null when what answers has none that can be used, be it because of new code.</param>
/// <param name="IsPaused">The issuer's pause.</param>
/// <param name="CodeHash">Hash of the code that answered; null where the chain's own program does.</param>
internal sealed record TokenReadout(MultiplierTerms? Terms, bool IsPaused, string? CodeHash);
