using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>A token with the scaled UI amount extension of ERC-8056. See <c>README.md</c> beside this.</summary>
internal sealed class Erc8056Token(EvmAddress token) : IEvmTokenInterface
{
    private const string Current = "uiMultiplier()";
    private const string New = "newUIMultiplier()";
    private const string EffectiveAt = "effectiveAt()";
    private const string OraclePaused = "oraclePaused()";
    private const string Paused = "paused()";

    /// <inheritdoc/>
    public IReadOnlyList<EvmStateQuery> Queries { get; } =
    [
        EvmWords.Call(token, Current), EvmWords.Call(token, New), EvmWords.Call(token, EffectiveAt), EvmWords.Call(token, OraclePaused), EvmWords.Call(token, Paused),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<EvmAddress> Contracts { get; } = [token];

    /// <inheritdoc/>
    public string? TryRead(ReadOnlySpan<EvmStateAnswer> answers, Instant chainTime, out TokenTerms terms)
    {
        terms = default;
        Span<UInt128> effectiveAt = stackalloc UInt128[1];
        return EvmWords.TryRead(answers[0], Current, out Multiplier current)
            ?? EvmWords.TryRead(answers[1], New, out Multiplier next)
            ?? EvmWords.TryRead(answers[2], EffectiveAt, effectiveAt)
            ?? EvmWords.TryReadOptional(answers[3], OraclePaused, out var isOraclePaused)
            ?? EvmWords.TryReadOptional(answers[4], Paused, out var isPaused)
            ?? TokenTerms.TryOf(current, next, effectiveAt[0], chainTime, isOraclePaused || isPaused, out terms);
    }
}
