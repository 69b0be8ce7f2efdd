using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>Reads the words that view functions answer, from contracts that nobody vouches for.</summary>
internal static class EvmWords
{
    /// <summary>The words of an answer, exactly so many.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="function">What was called, for the message.</param>
    /// <param name="values">Receives them; the length says how many there must be.</param>
    /// <returns>Null when read; else what was found and what would be right.</returns>
    public static string? TryRead(in EvmStateAnswer answer, string function, Span<UInt128> values)
    {
        if (CheckLength(answer, function, values.Length) is { } wrong) return wrong;
        try
        {
            var reader = new AbiReader(answer.Data.Span);
            for (var i = 0; i < values.Length; i++) values[i] = reader.ReadUnsigned(128);
            return null;
        }
        catch (FormatException e)
        {
            return $"{function}: {e.Message}";
        }
    }

    /// <summary>Whether an answer has exactly so many words.</summary>
    /// <returns>Null when it has; else what was found and what would be right.</returns>
    public static string? CheckLength(in EvmStateAnswer answer, string function, int words)
    {
        if (answer.Error is { } error) return $"{function} reverts ({(error.Message.Length == 0 ? "no reason" : error.Message)}): the contract has no such function, or it is stopped";
        if (answer.Data.IsEmpty) return $"{function} answers nothing: no contract with that function stands there";
        return answer.Data.Length == words * AbiReader.WordLength ? null : $"{function} answers {answer.Data.Length} bytes, not {words * AbiReader.WordLength}";
    }

    /// <summary>A multiplier in 1e-18.</summary>
    public static string? TryRead(in EvmStateAnswer answer, string function, out Multiplier multiplier)
    {
        Span<UInt128> word = stackalloc UInt128[1];
        var error = TryRead(answer, function, word);
        multiplier = new Multiplier(word[0]);
        return error;
    }

    /// <summary>A flag that a contract need not have: one that reverts, or answers nothing, is not up.</summary>
    public static string? TryReadOptional(in EvmStateAnswer answer, string function, out bool flag)
    {
        flag = false;
        if (answer.Error is not null || answer.Data.IsEmpty) return null;
        Span<UInt128> word = stackalloc UInt128[1];
        if (TryRead(answer, function, word) is { } error) return error;
        if (word[0] > 1) return $"{function} answers {word[0]}, neither 0 nor 1";
        flag = word[0] == 1;
        return null;
    }

    /// <summary>A call of a function without arguments.</summary>
    public static EvmStateQuery Call(EvmAddress contract, string signature) => EvmStateQuery.Call(contract, AbiWriter.Selector(signature));
}
