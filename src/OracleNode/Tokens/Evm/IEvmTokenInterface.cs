using NodaTime;
using OracleNode.Chains.Evm;

namespace OracleNode.Tokens;

/// <summary>One way in which EVM contracts tell a token's multiplier: what to ask, and what the answers mean. Pure.</summary>
internal interface IEvmTokenInterface
{
    /// <summary>What is asked, in one block, in this order.</summary>
    IReadOnlyList<EvmStateQuery> Queries { get; }

    /// <summary>The contracts whose word is taken; the code behind them is watched.</summary>
    IReadOnlyList<EvmAddress> Contracts { get; }

    /// <summary>Reads the answers.</summary>
    /// <param name="answers">One per query, in their order.</param>
    /// <param name="chainTime">The block's time.</param>
    /// <param name="terms">What they say.</param>
    /// <returns>Null when they are usable; else what was found and what would be right.</returns>
    string? TryRead(ReadOnlySpan<EvmStateAnswer> answers, Instant chainTime, out TokenTerms terms);
}
