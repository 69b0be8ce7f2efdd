using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>Many questions about the state after one block, in JSON-RPC batches.</summary>
public sealed partial class EvmRpcClient
{
    /// <summary>Most questions that one batch may carry.</summary>
    internal const int MaxBatch = 100;

    /// <summary>The newest block, by hash.</summary>
    /// <exception cref="EvmRpcException">No answer, a malformed one, or a refusal.</exception>
    internal Task<EvmBlockHead> GetHeadAsync(CancellationToken cancellationToken) => GetHeadAsync(EvmBlockTag.Latest, cancellationToken);

    /// <summary>The block that a tag names, by hash.</summary>
    /// <exception cref="EvmRpcException">No answer, a malformed one, or a refusal.</exception>
    internal Task<EvmBlockHead> GetHeadAsync(EvmBlockTag tag, CancellationToken cancellationToken) =>
        SendAsync(
            "eth_getBlockByNumber",
            w =>
            {
                w.WriteStringValue(tag.ToString());
                w.WriteBooleanValue(false);
            },
            block => block.ValueKind == JsonValueKind.Object
                ? new EvmBlockHead(
                    ReadHash(Property(block, "hash"), "the block's hash"),
                    ReadUInt64(Property(block, "number"), "the block number"),
                    ReadUInt64(Property(block, "timestamp"), "the block's timestamp"))
                : throw Malformed("the block is not an object"),
            cancellationToken);

    /// <summary>Answers to all questions, in their order, every one from the state after the same block (EIP-1898).</summary>
    /// <param name="block">The block's hash.</param>
    /// <param name="queries">The questions.</param>
    /// <param name="batchSize">How many go into one request, 1 to <see cref="MaxBatch"/>; 1 for endpoints that take no batches.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EvmRpcException">No answer, a malformed one, or a refusal that is no revert.</exception>
    internal async Task<EvmStateAnswer[]> AskAsync(Hash32 block, IReadOnlyList<EvmStateQuery> queries, int batchSize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, MaxBatch);
        var answers = new EvmStateAnswer[queries.Count];
        for (var from = 0; from < answers.Length; from += batchSize)
        {
            var count = Math.Min(batchSize, answers.Length - from);
            if (batchSize == 1) answers[from] = await AskOneAsync(block, queries[from], cancellationToken);
            else await AskBatchAsync(block, queries, answers, from, count, cancellationToken);
        }

        return answers;
    }

    private async Task<EvmStateAnswer> AskOneAsync(Hash32 block, EvmStateQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return new EvmStateAnswer(await SendAsync(query.Method, w => WriteQuery(w, query, block), r => ReadData(r, "the answer"), cancellationToken), null);
        }
        catch (EvmRpcException e) when (e.Error is { Kind: EvmRpcErrorKind.Reverted } error)
        {
            return new EvmStateAnswer(default, error);
        }
    }

    private async Task AskBatchAsync(Hash32 block, IReadOnlyList<EvmStateQuery> queries, EvmStateAnswer[] answers, int from, int count, CancellationToken cancellationToken)
    {
        const string What = "a batch of calls";
        var firstId = Interlocked.Add(ref _lastId, count) - count + 1;
        var (status, body) = await ExchangeAsync(What, () => Batch(block, queries, from, count, firstId), cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(body, JsonOptions);
            ReadBatch(document.RootElement, answers.AsSpan(from, count), firstId);
        }
        catch (EvmRpcException e) when (e.Error is { } error)
        {
            throw new EvmRpcException($"{What} on {Endpoint}: {e.Message}", error);
        }
        catch (Exception) when (status != HttpStatusCode.OK)
        {
            throw new EvmRpcException(EvmRpcFailure.Transport, string.Create(CultureInfo.InvariantCulture, $"{What} on {Endpoint}: HTTP status {(int)status}."));
        }
        catch (Exception e) when (e is EvmRpcException or JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new EvmRpcException(EvmRpcFailure.Malformed, $"{What} on {Endpoint}: {Clean(e.Message)}", e);
        }
    }

    private static ByteArrayContent Batch(Hash32 block, IReadOnlyList<EvmStateQuery> queries, int from, int count, long firstId)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            for (var i = 0; i < count; i++)
            {
                var query = queries[from + i];
                WriteRequest(writer, firstId + i, query.Method, w => WriteQuery(w, query, block));
            }

            writer.WriteEndArray();
        }

        return Content(buffer);
    }

    private static void WriteQuery(Utf8JsonWriter writer, EvmStateQuery query, Hash32 block)
    {
        var address = EvmHex.Data(query.Address.ToArray());
        if (query.Method == "eth_call")
        {
            writer.WriteStartObject();
            writer.WriteString("to", address);
            writer.WriteString("data", EvmHex.Data(query.Data.Span));
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteStringValue(address);
            if (!query.Data.IsEmpty) writer.WriteStringValue(EvmHex.Data(query.Data.Span));
        }

        writer.WriteStartObject();
        writer.WriteString("blockHash", block.ToString());
        writer.WriteEndObject();
    }

    /// <summary>The answers of a batch come in any order; each belongs to exactly one question.</summary>
    private static void ReadBatch(JsonElement root, Span<EvmStateAnswer> answers, long firstId)
    {
        // An endpoint that takes no batch, or takes this one for too large, answers one error.
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var refusal) && refusal.ValueKind != JsonValueKind.Null) throw ReadError(refusal);
        if (root.ValueKind != JsonValueKind.Array) throw Malformed("the answer to a batch is not a list; set BatchSize to 1 for an endpoint that takes none");
        if (root.GetArrayLength() != answers.Length) throw Malformed(string.Create(CultureInfo.InvariantCulture, $"{root.GetArrayLength()} answers to a batch of {answers.Length}"));
        Span<bool> isAnswered = stackalloc bool[MaxBatch];
        isAnswered.Clear();
        foreach (var answer in root.EnumerateArray())
        {
            if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number)
                || number < firstId || number - firstId >= answers.Length || isAnswered[(int)(number - firstId)])
                throw Malformed("an answer of the batch belongs to another request");
            var place = (int)(number - firstId);
            isAnswered[place] = true;
            answers[place] = ReadState(answer);
        }
    }

    private static EvmStateAnswer ReadState(JsonElement answer)
    {
        if (!answer.TryGetProperty("error", out var error) || error.ValueKind == JsonValueKind.Null)
            return new EvmStateAnswer(ReadData(Property(answer, "result"), "the answer"), null);
        var refusal = ReadError(error);
        return refusal.Error is { Kind: EvmRpcErrorKind.Reverted } reverted ? new EvmStateAnswer(default, reverted) : throw refusal;
    }
}
