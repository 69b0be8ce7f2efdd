using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>The state a call is answered from.</summary>
public readonly record struct EvmBlockTag
{
    private readonly string? _text;

    private EvmBlockTag(string text) => _text = text;

    /// <summary>After the newest block; also what <c>default</c> means.</summary>
    public static EvmBlockTag Latest { get; } = new("latest");

    /// <summary>After the newest block and everything the endpoint holds in waiting.</summary>
    public static EvmBlockTag Pending { get; } = new("pending");

    /// <summary>After the newest block that the chain's consensus calls safe.</summary>
    public static EvmBlockTag Safe { get; } = new("safe");

    /// <summary>After the block with a number.</summary>
    public static EvmBlockTag At(ulong number) => new(EvmHex.Quantity(number));

    /// <inheritdoc/>
    public override string ToString() => _text ?? "latest";
}

/// <summary>What of a block matters to a sender.</summary>
/// <param name="Number">Height.</param>
/// <param name="TimestampUnixSeconds">The chain's time.</param>
/// <param name="BaseFeePerGas">Burnt per gas, wei.</param>
public readonly record struct EvmBlock(ulong Number, ulong TimestampUnixSeconds, UInt128 BaseFeePerGas);

/// <summary>A call without a transaction.</summary>
/// <param name="From">Who appears to call.</param>
/// <param name="To">The contract; null for a creation.</param>
/// <param name="Data">Selector and arguments.</param>
public sealed record EvmCall(EvmAddress From, EvmAddress? To, ReadOnlyMemory<byte> Data);

/// <summary>The word of a chain on an included transaction.</summary>
/// <param name="TransactionHash">Which one.</param>
/// <param name="BlockNumber">Where it is.</param>
/// <param name="Succeeded">False when it reverted.</param>
/// <param name="GasUsed">What it cost.</param>
/// <param name="ContractAddress">What it created, if it did.</param>
/// <param name="Logs">Its events, in order.</param>
public sealed record EvmReceipt(Hash32 TransactionHash, ulong BlockNumber, bool Succeeded, ulong GasUsed, EvmAddress? ContractAddress, IReadOnlyList<EvmLog> Logs);

/// <summary>One event.</summary>
/// <param name="Address">The contract that emitted it.</param>
/// <param name="Topics">Event id and indexed arguments, at most four.</param>
/// <param name="Data">The other arguments.</param>
public sealed record EvmLog(EvmAddress Address, IReadOnlyList<Hash32> Topics, ReadOnlyMemory<byte> Data);

/// <summary>One event and where it is.</summary>
/// <param name="Log">The event.</param>
/// <param name="TransactionHash">Of the transaction that emitted it.</param>
/// <param name="BlockNumber">Of its block.</param>
public sealed record EvmFoundLog(EvmLog Log, Hash32 TransactionHash, ulong BlockNumber);

/// <summary>What a transaction was sent to do.</summary>
/// <param name="Hash">Which one.</param>
/// <param name="To">What it called; null when it created a contract.</param>
/// <param name="Input">The call's data.</param>
public sealed record EvmTransaction(Hash32 Hash, EvmAddress? To, ReadOnlyMemory<byte> Input);
