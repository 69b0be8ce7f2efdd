using NodaTime;

namespace OracleNode.Tokens;

/// <summary>What a chain said of tokens at one of its blocks or slots.</summary>
/// <param name="Height">Block number or slot.</param>
/// <param name="Time">The chain's own time there.</param>
/// <param name="Tokens">Every token that was asked for.</param>
internal sealed record ChainSnapshot(ulong Height, Instant Time, IReadOnlyList<TokenAnswer> Tokens);

/// <summary>What became of one token.</summary>
/// <param name="Token">Place of the token among those of the chain.</param>
/// <param name="Terms">What it says; meaningless when there is an error.</param>
/// <param name="CodeHash">Hash of the code that answers; null where the chain's own program does.</param>
/// <param name="Error">Why it has no usable multiplier; null when it has.</param>
internal readonly record struct TokenAnswer(int Token, TokenTerms Terms, string? CodeHash, string? Error);
