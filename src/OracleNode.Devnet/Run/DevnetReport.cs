using System.Text.Json;
using System.Text.Json.Serialization;

namespace OracleNode.Run;

/// <summary>What a run came to; written as JSON.</summary>
internal sealed record DevnetReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    public required IReadOnlyList<ChainReport> Chains { get; init; }

    /// <summary>The embedded Redis, host and port.</summary>
    public required string Redis { get; init; }

    /// <summary>Observations handed to the pipeline.</summary>
    public required long Observations { get; init; }

    public required long BatchesSigned { get; init; }

    public required LatencyReport LatencyMs { get; init; }

    /// <summary>Gas of the last landed batch, by EVM chain.</summary>
    public required IReadOnlyDictionary<string, long?> Gas { get; init; }

    /// <summary>Compute units of the last landed batch, by Solana cluster.</summary>
    public required IReadOnlyDictionary<string, long?> ComputeUnits { get; init; }

    /// <summary>Seconds from the start of the command to the first price that landed.</summary>
    public required double? SecondsToFirstLanded { get; init; }

    /// <summary>Empty when every feed landed on every chain and every read-back matched.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    public Task WriteAsync(string path, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(path, JsonSerializer.Serialize(this, Json) + "\n", cancellationToken);
}

/// <summary>One chain.</summary>
/// <param name="Kind">evm or solana.</param>
/// <param name="ChainId">EIP-155 chain id, or the genesis hash.</param>
/// <param name="Contract">Address of the contract or program.</param>
internal sealed record ChainReport(string Name, string Kind, string ChainId, string RpcUrl, string Contract, IReadOnlyList<FeedReport> Feeds);

/// <summary>One feed as read back from a chain.</summary>
/// <param name="Id">Feed id, hex.</param>
/// <param name="Unit">What one of its number is, in words.</param>
/// <param name="Address">Where a consumer reads it.</param>
/// <param name="Price">Decimal string; empty when nothing landed.</param>
/// <param name="State">By the record that the chain holds.</param>
/// <param name="Session">By the same record.</param>
/// <param name="MadeFrom">Tokens, wrappers: the share's price. Indications: the last official price. Decimal string; empty for any other.</param>
/// <param name="MadeFromAt">Indications: the time of it, ISO 8601, market time; null for any other.</param>
/// <param name="Sequence">Sequence the chain holds; below 2^53, so every JSON reader keeps it exact.</param>
/// <param name="ObservedAt">ISO 8601, market time.</param>
/// <param name="Updates">Records landed.</param>
/// <param name="WasLive">The chain was seen to hold a Live record of it during the run.</param>
internal sealed record FeedReport(
    string Feed, string Id, string Unit, string Address, string Price, string State, string Session, string MadeFrom, string? MadeFromAt, ulong Sequence, string? ObservedAt, long Updates, bool WasLive);

/// <summary>Latencies in milliseconds of real time; null when nothing was measured.</summary>
internal sealed record LatencyReport(PercentilesReport? ReceivedToSigned, PercentilesReport? ReceivedToLanded);

/// <summary>Percentiles.</summary>
internal sealed record PercentilesReport(long Count, double P50, double P99);
