using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>Dinari's dShare, which rebases at splits. See <c>README.md</c> beside this.</summary>
internal sealed class DinariToken(EvmAddress token) : IEvmTokenInterface
{
    private const string BalancePerShare = "balancePerShare()";

    /// <inheritdoc/>
    public IReadOnlyList<EvmStateQuery> Queries { get; } = [EvmWords.Call(token, BalancePerShare)];

    /// <inheritdoc/>
    public IReadOnlyList<EvmAddress> Contracts { get; } = [token];

    /// <inheritdoc/>
    public string? TryRead(ReadOnlySpan<EvmStateAnswer> answers, Instant chainTime, out TokenTerms terms)
    {
        terms = default;
        return EvmWords.TryRead(answers[0], BalancePerShare, out Multiplier current)
            ?? TokenTerms.TryOf(current, current, 0, chainTime, isPaused: false, out terms);
    }
}
