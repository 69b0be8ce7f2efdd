using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>An Ondo token, by the word of the issuer's SyntheticSharesOracle. See <c>README.md</c> beside this.</summary>
internal sealed class OndoToken(EvmAddress oracle, EvmAddress token) : IEvmTokenInterface
{
    private const string SValue = "getSValue(address)";

    /// <inheritdoc/>
    public IReadOnlyList<EvmStateQuery> Queries { get; } = [EvmStateQuery.Call(oracle, new AbiWriter(SValue, 1).Address(token).ToArray())];

    /// <inheritdoc/>
    public IReadOnlyList<EvmAddress> Contracts { get; } = [oracle];

    /// <inheritdoc/>
    public string? TryRead(ReadOnlySpan<EvmStateAnswer> answers, Instant chainTime, out TokenTerms terms)
    {
        terms = default;
        Span<UInt128> words = stackalloc UInt128[2];
        if (EvmWords.TryRead(answers[0], SValue, words) is { } error) return error;
        if (words[1] > 1) return $"{SValue} answers {words[1]} for paused, neither 0 nor 1";
        var current = new Multiplier(words[0]);
        return TokenTerms.TryOf(current, current, 0, chainTime, words[1] == 1, out terms);
    }
}
