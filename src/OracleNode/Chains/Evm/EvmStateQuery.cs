using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>A block and its time: what everything that is asked at it was true at.</summary>
/// <param name="Hash">Names it beyond doubt, also when the chain reorganises.</param>
/// <param name="Number">Height.</param>
/// <param name="TimestampUnixSeconds">The chain's time.</param>
internal readonly record struct EvmBlockHead(Hash32 Hash, ulong Number, ulong TimestampUnixSeconds);

/// <summary>A question about the state after a block.</summary>
internal readonly record struct EvmStateQuery
{
    private EvmStateQuery(string method, EvmAddress address, ReadOnlyMemory<byte> data)
    {
        Method = method;
        Address = address;
        Data = data;
    }

    /// <summary>The JSON-RPC method.</summary>
    public string Method { get; }

    /// <summary>The contract asked about.</summary>
    public EvmAddress Address { get; }

    /// <summary>Of a call: selector and arguments. Of a storage slot: its 32 bytes.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>What a view function answers.</summary>
    public static EvmStateQuery Call(EvmAddress contract, ReadOnlyMemory<byte> data) => new("eth_call", contract, data);

    /// <summary>The code that stands at an address; empty where there is none.</summary>
    public static EvmStateQuery Code(EvmAddress contract) => new("eth_getCode", contract, default);

    /// <summary>One storage slot, 32 bytes.</summary>
    public static EvmStateQuery Storage(EvmAddress contract, ReadOnlyMemory<byte> slot) => new("eth_getStorageAt", contract, slot);
}

/// <summary>The answer to one question.</summary>
/// <param name="Data">What was answered; empty when it reverted.</param>
/// <param name="Error">Set when the call reverts; any other refusal is an exception and no answer.</param>
internal readonly record struct EvmStateAnswer(ReadOnlyMemory<byte> Data, EvmRpcError? Error);
