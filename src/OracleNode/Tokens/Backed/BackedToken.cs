using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>Backed's token on EVM chains (xStocks). See <c>README.md</c> beside this.</summary>
internal sealed class BackedToken(EvmAddress token) : IEvmTokenInterface
{
    private const string Current = "getCurrentMultiplier()";
    private const string New = "newMultiplier()";
    private const string ActivationTime = "newMultiplierActivationTime()";
    private const string Nonce = "multiplierNonce()";
    private const string Paused = "isPaused()";

    /// <inheritdoc/>
    public IReadOnlyList<EvmStateQuery> Queries { get; } =
    [
        EvmWords.Call(token, Current), EvmWords.Call(token, New), EvmWords.Call(token, ActivationTime), EvmWords.Call(token, Nonce), EvmWords.Call(token, Paused),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<EvmAddress> Contracts { get; } = [token];

    /// <inheritdoc/>
    public string? TryRead(ReadOnlySpan<EvmStateAnswer> answers, Instant chainTime, out TokenTerms terms)
    {
        terms = default;
        Span<UInt128> current = stackalloc UInt128[3];
        Span<UInt128> activation = stackalloc UInt128[1];
        Span<UInt128> nonce = stackalloc UInt128[1];
        var error = EvmWords.TryRead(answers[0], Current, current)
            ?? EvmWords.TryRead(answers[1], New, out Multiplier next)
            ?? EvmWords.TryRead(answers[2], ActivationTime, activation)
            ?? EvmWords.TryRead(answers[3], Nonce, nonce)
            ?? EvmWords.TryReadOptional(answers[4], Paused, out var isPaused)
            ?? Contradiction(current, next, activation[0], nonce[0], chainTime)
            ?? TokenTerms.TryOf(new Multiplier(current[0]), next, activation[0], chainTime, isPaused, out terms);
        return error;
    }

    /// <summary>
    /// All answers are of one block, so they fit together: from its activation on the new multiplier is the current one, less a fee per elapsed period, and
    /// a period's fee is the only thing that moves the nonce of the current one ahead of the schedule's.
    /// </summary>
    private static string? Contradiction(ReadOnlySpan<UInt128> current, Multiplier next, UInt128 activation, UInt128 nonce, Instant chainTime)
    {
        var (multiplier, periods, currentNonce) = (current[0], current[1], current[2]);
        if (currentNonce != nonce && (currentNonce < nonce || currentNonce - nonce != periods))
            return $"{Current} is of nonce {currentNonce} after {periods} periods and {Nonce} is {nonce}, which do not belong together";
        var isDue = activation <= (UInt128)chainTime.ToUnixTimeSeconds();
        return isDue && (multiplier > next.E18 || (periods == 0 && multiplier != next.E18))
            ? $"{Current} is {new Multiplier(multiplier)} and {New} {next} was due at {activation} s, before the block's time {chainTime}"
            : null;
    }
}
