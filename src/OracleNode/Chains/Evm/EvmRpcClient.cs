using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>
/// The few JSON-RPC calls a relayer needs, typed. Nothing an endpoint answers is trusted: size, depth and every field are
/// checked, and whatever fails is an <see cref="EvmRpcException"/> and nothing else. Retries are the caller's.
/// </summary>
public sealed partial class EvmRpcClient
{
    private const int MaxJsonDepth = 16;
    private const int MaxMessageLength = 300;
    private const int MaxLogs = 8192;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = MaxJsonDepth, AllowDuplicateProperties = false };
    private static readonly MediaTypeHeaderValue JsonContent = new("application/json");

    private readonly Uri _url;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly int _maxResponseBytes;
    private long _lastId;

    /// <param name="url">Endpoint.</param>
    /// <param name="http">From <see cref="CreateHttpClient"/>, so that no redirect is followed.</param>
    /// <param name="time">Measures the timeout.</param>
    /// <param name="timeout">For one call, from sending to the last byte.</param>
    /// <param name="maxResponseBytes">An answer beyond it is refused.</param>
    public EvmRpcClient(Uri url, HttpClient http, TimeProvider time, TimeSpan timeout, int maxResponseBytes = 4 * 1024 * 1024)
    {
        ArgumentNullException.ThrowIfNull(url);
        _url = url;
        _http = http;
        _time = time;
        _timeout = timeout;
        _maxResponseBytes = maxResponseBytes;
        Endpoint = $"{url.Scheme}://{url.Host}:{url.Port.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The endpoint without path and query, which may hold an access key.</summary>
    public string Endpoint { get; }

    /// <summary>An HTTP client that follows no redirect, keeps no cookie and unpacks nothing.</summary>
    public static HttpClient CreateHttpClient() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxResponseHeadersLength = 32,
        })
    {
        // Each call has its own timeout, on the injected clock.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary><c>eth_chainId</c>.</summary>
    public Task<ulong> GetChainIdAsync(CancellationToken cancellationToken) =>
        SendAsync("eth_chainId", null, r => ReadUInt64(r, "the chain id"), cancellationToken);

    /// <summary><c>eth_getBlockByNumber</c> of the newest block.</summary>
    public Task<EvmBlock> GetLatestBlockAsync(CancellationToken cancellationToken) =>
        SendAsync(
            "eth_getBlockByNumber",
            w =>
            {
                w.WriteStringValue("latest");
                w.WriteBooleanValue(false);
            },
            ReadBlock,
            cancellationToken);

    /// <summary><c>eth_getBlockByNumber</c> of a numbered block; null where the endpoint does not have it.</summary>
    public Task<EvmBlock?> GetBlockAsync(ulong number, CancellationToken cancellationToken) =>
        SendAsync(
            "eth_getBlockByNumber",
            w =>
            {
                w.WriteStringValue(EvmHex.Quantity(number));
                w.WriteBooleanValue(false);
            },
            r => r.ValueKind == JsonValueKind.Null ? (EvmBlock?)null : ReadBlock(r),
            cancellationToken);

    /// <summary><c>eth_getLogs</c>: the events of a contract with these first topics, in a range of blocks, both ends included.</summary>
    public Task<IReadOnlyList<EvmFoundLog>> GetLogsAsync(EvmAddress contract, IReadOnlyList<Hash32> topics, ulong from, ulong to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topics);
        return SendAsync<IReadOnlyList<EvmFoundLog>>(
            "eth_getLogs",
            w =>
            {
                w.WriteStartObject();
                w.WriteString("address", EvmHex.Data(contract.ToArray()));
                w.WriteString("fromBlock", EvmHex.Quantity(from));
                w.WriteString("toBlock", EvmHex.Quantity(to));
                w.WriteStartArray("topics");
                foreach (var topic in topics) w.WriteStringValue(topic.ToString());
                w.WriteEndArray();
                w.WriteEndObject();
            },
            ReadFoundLogs,
            cancellationToken);
    }

    /// <summary><c>eth_getTransactionByHash</c>; null when the endpoint does not know it.</summary>
    public Task<EvmTransaction?> GetTransactionAsync(Hash32 transaction, CancellationToken cancellationToken) =>
        SendAsync("eth_getTransactionByHash", w => w.WriteStringValue(transaction.ToString()), r => ReadTransaction(r, transaction), cancellationToken);

    /// <summary><c>eth_getTransactionCount</c>: the next nonce of an account.</summary>
    public Task<ulong> GetTransactionCountAsync(EvmAddress account, EvmBlockTag at, CancellationToken cancellationToken) =>
        SendAsync("eth_getTransactionCount", w => WriteAddressAt(w, account, at), ReadTransactionCount, cancellationToken);

    /// <summary><c>eth_getBalance</c>, wei.</summary>
    public Task<UInt128> GetBalanceAsync(EvmAddress account, CancellationToken cancellationToken) =>
        SendAsync("eth_getBalance", w => WriteAddressAt(w, account, EvmBlockTag.Latest), r => ReadQuantity(r, "the balance"), cancellationToken);

    /// <summary><c>eth_getCode</c>; empty where there is no contract.</summary>
    public Task<byte[]> GetCodeAsync(EvmAddress contract, CancellationToken cancellationToken) =>
        SendAsync("eth_getCode", w => WriteAddressAt(w, contract, EvmBlockTag.Latest), r => ReadData(r, "the code"), cancellationToken);

    /// <summary><c>eth_maxPriorityFeePerGas</c>: the tip the endpoint suggests, wei per gas.</summary>
    public Task<UInt128> GetMaxPriorityFeePerGasAsync(CancellationToken cancellationToken) =>
        SendAsync("eth_maxPriorityFeePerGas", null, r => ReadQuantity(r, "the tip"), cancellationToken);

    /// <summary><c>eth_estimateGas</c> on the newest state.</summary>
    public Task<ulong> EstimateGasAsync(EvmCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return SendAsync("eth_estimateGas", w => WriteCall(w, call), r => ReadUInt64(r, "the gas estimate"), cancellationToken);
    }

    /// <summary><c>eth_call</c>.</summary>
    public Task<byte[]> CallAsync(EvmCall call, EvmBlockTag at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return SendAsync(
            "eth_call",
            w =>
            {
                WriteCall(w, call);
                w.WriteStringValue(at.ToString());
            },
            r => ReadData(r, "the call's result"),
            cancellationToken);
    }

    /// <summary><c>eth_sendRawTransaction</c>. The answer must be the hash of what was sent.</summary>
    public Task SendRawTransactionAsync(SignedEvmTransaction transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return SendAsync(
            "eth_sendRawTransaction",
            w => w.WriteStringValue(EvmHex.Data(transaction.Raw)),
            r =>
            {
                var hash = ReadHash(r, "the transaction hash");
                return hash == transaction.Hash ? hash : throw Malformed($"the endpoint answers hash {hash} for transaction {transaction.Hash}");
            },
            cancellationToken);
    }

    /// <summary><c>eth_getTransactionReceipt</c>; null while the transaction is in no block.</summary>
    public Task<EvmReceipt?> GetTransactionReceiptAsync(Hash32 transaction, CancellationToken cancellationToken) =>
        SendAsync("eth_getTransactionReceipt", w => w.WriteStringValue(transaction.ToString()), r => ReadReceipt(r, transaction), cancellationToken);

    /// <summary>Any other method, for tools around a development node.</summary>
    /// <param name="writeParameters">Writes the elements of the parameter list; null for none.</param>
    /// <param name="read">Reads the result; may throw what <see cref="JsonElement"/> throws.</param>
    /// <exception cref="EvmRpcException">No answer, a malformed one, or a refusal.</exception>
    public async Task<T> SendAsync<T>(string method, Action<Utf8JsonWriter>? writeParameters, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var id = Interlocked.Increment(ref _lastId);
        var (status, body) = await ExchangeAsync(method, () => Request(id, method, writeParameters), cancellationToken);
        try
        {
            return ReadAnswer(body, id, read);
        }
        catch (EvmRpcException e) when (e.Error is { } error)
        {
            throw new EvmRpcException($"{method} on {Endpoint}: {e.Message}", error);
        }
        catch (Exception) when (status != HttpStatusCode.OK)
        {
            // An error page is no answer, whatever its body looks like.
            throw new EvmRpcException(EvmRpcFailure.Transport, string.Create(CultureInfo.InvariantCulture, $"{method} on {Endpoint}: HTTP status {(int)status}."));
        }
        catch (Exception e) when (e is EvmRpcException or JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new EvmRpcException(EvmRpcFailure.Malformed, $"{method} on {Endpoint}: {Clean(e.Message)}", e);
        }
    }

    /// <summary>Sends one request and reads its whole answer, within the timeout and the size.</summary>
    private async Task<(HttpStatusCode Status, byte[] Body)> ExchangeAsync(string method, Func<HttpContent> content, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = content() };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return (response.StatusCode, await ReadBodyAsync(response.Content, either.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EvmRpcException(EvmRpcFailure.Transport, $"{method} on {Endpoint}: no answer within {_timeout}.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new EvmRpcException(EvmRpcFailure.Transport, $"{method} on {Endpoint}: {Clean(e.Message)}", e);
        }
        catch (EvmRpcException e)
        {
            throw new EvmRpcException(e.Failure, $"{method} on {Endpoint}: {e.Message}", e);
        }
    }

    private static ByteArrayContent Request(long id, string method, Action<Utf8JsonWriter>? writeParameters)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer)) WriteRequest(writer, id, method, writeParameters);
        return Content(buffer);
    }

    private static void WriteRequest(Utf8JsonWriter writer, long id, string method, Action<Utf8JsonWriter>? writeParameters)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WriteNumber("id", id);
        writer.WriteString("method", method);
        writer.WriteStartArray("params");
        writeParameters?.Invoke(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ByteArrayContent Content(ArrayBufferWriter<byte> json)
    {
        var content = new ByteArrayContent(json.WrittenSpan.ToArray());
        content.Headers.ContentType = JsonContent;
        return content;
    }

    private async Task<byte[]> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > _maxResponseBytes) throw TooLarge();
        using var collected = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var chunk = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
            {
                if (collected.Length + read > _maxResponseBytes) throw TooLarge();
                collected.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return collected.ToArray();

        EvmRpcException TooLarge() => new(EvmRpcFailure.Malformed, string.Create(CultureInfo.InvariantCulture, $"the answer exceeds {_maxResponseBytes} bytes."));
    }

    private static T ReadAnswer<T>(byte[] body, long id, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(body, JsonOptions);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw Malformed("the answer is not an object");
        var hasError = root.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null;
        // Endpoints that could not read a request answer its error with id null.
        if (!root.TryGetProperty("id", out var answered) || !(answered.ValueKind == JsonValueKind.Number && answered.TryGetInt64(out var answeredId) && answeredId == id || hasError && answered.ValueKind == JsonValueKind.Null))
        {
            throw Malformed("the answer belongs to another request");
        }

        if (hasError) throw ReadError(error);
        return root.TryGetProperty("result", out var result) ? read(result) : throw Malformed("the answer has neither result nor error");
    }

    private static EvmRpcException ReadError(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object) return Malformed("the error is not an object");
        var code = error.TryGetProperty("code", out var c) && c.ValueKind == JsonValueKind.Number && c.TryGetInt64(out var number) ? number : 0;
        var message = error.TryGetProperty("message", out var m) && m.ValueKind == JsonValueKind.String ? Clean(m.GetString() ?? "") : "";
        var found = new EvmRpcError(code, message, error.TryGetProperty("data", out var data) ? ReadRevertData(data) : ReadOnlyMemory<byte>.Empty);
        return new EvmRpcException(string.Create(CultureInfo.InvariantCulture, $"error {code}: {(message.Length == 0 ? "(no message)" : message)}"), found);
    }

    /// <summary>Revert data come as a string, inside an object, or behind a word such as "Reverted 0x...".</summary>
    private static ReadOnlyMemory<byte> ReadRevertData(JsonElement data)
    {
        if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("data", out var inner)) data = inner;
        if (data.ValueKind != JsonValueKind.String) return ReadOnlyMemory<byte>.Empty;
        var text = data.GetString() ?? "";
        var at = text.IndexOf("0x", StringComparison.Ordinal);
        return at < 0 ? ReadOnlyMemory<byte>.Empty : EvmHex.ReadData(text[at..]) ?? ReadOnlyMemory<byte>.Empty;
    }

    private static void WriteAddressAt(Utf8JsonWriter writer, EvmAddress address, EvmBlockTag at)
    {
        writer.WriteStringValue(EvmHex.Data(address.ToArray()));
        writer.WriteStringValue(at.ToString());
    }

    private static void WriteCall(Utf8JsonWriter writer, EvmCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("from", EvmHex.Data(call.From.ToArray()));
        if (call.To is { } to) writer.WriteString("to", EvmHex.Data(to.ToArray()));
        writer.WriteString("data", EvmHex.Data(call.Data.Span));
        writer.WriteEndObject();
    }

    private static EvmBlock ReadBlock(JsonElement block)
    {
        if (block.ValueKind != JsonValueKind.Object) throw Malformed("the block is not an object");
        if (!block.TryGetProperty("baseFeePerGas", out var baseFee)) throw Malformed("the block has no baseFeePerGas: the chain has no EIP-1559 fees");
        return new EvmBlock(
            ReadUInt64(Property(block, "number"), "the block number"),
            ReadUInt64(Property(block, "timestamp"), "the block's timestamp"),
            ReadQuantity(baseFee, "the base fee"));
    }

    private static EvmReceipt? ReadReceipt(JsonElement receipt, Hash32 asked)
    {
        if (receipt.ValueKind == JsonValueKind.Null) return null;
        if (receipt.ValueKind != JsonValueKind.Object) throw Malformed("the receipt is not an object");
        // Some endpoints show a waiting transaction as a receipt without a block.
        var block = Property(receipt, "blockNumber");
        if (block.ValueKind == JsonValueKind.Null) return null;
        var hash = ReadHash(Property(receipt, "transactionHash"), "the receipt's hash");
        if (hash != asked) throw Malformed($"asked for the receipt of {asked}, got that of {hash}");
        var status = ReadUInt64(Property(receipt, "status"), "the status");
        if (status > 1) throw Malformed(string.Create(CultureInfo.InvariantCulture, $"the status is {status}, neither 0 nor 1"));
        EvmAddress? created = receipt.TryGetProperty("contractAddress", out var contract) && contract.ValueKind != JsonValueKind.Null ? ReadAddress(contract) : null;
        return new EvmReceipt(hash, ReadUInt64(block, "the block number"), status == 1, ReadUInt64(Property(receipt, "gasUsed"), "the gas used"), created, ReadLogs(Property(receipt, "logs")));
    }

    private static EvmLog[] ReadLogs(JsonElement logs) => ReadLogs(logs, ReadLog);

    private static EvmFoundLog[] ReadFoundLogs(JsonElement logs) => ReadLogs(
        logs,
        log => new EvmFoundLog(ReadLog(log), ReadHash(Property(log, "transactionHash"), "a log's transaction"), ReadUInt64(Property(log, "blockNumber"), "a log's block number")));

    private static T[] ReadLogs<T>(JsonElement logs, Func<JsonElement, T> read)
    {
        if (logs.ValueKind != JsonValueKind.Array) throw Malformed("the logs are not a list");
        var count = logs.GetArrayLength();
        return count <= MaxLogs ? [.. logs.EnumerateArray().Select(read)] : throw Malformed(string.Create(CultureInfo.InvariantCulture, $"{count} logs in one answer"));
    }

    private static EvmLog ReadLog(JsonElement log)
    {
        if (log.ValueKind != JsonValueKind.Object) throw Malformed("a log is not an object");
        var topics = Property(log, "topics");
        if (topics.ValueKind != JsonValueKind.Array || topics.GetArrayLength() > 4) throw Malformed("a log's topics are not a list of at most four");
        return new EvmLog(ReadAddress(Property(log, "address")), [.. topics.EnumerateArray().Select(t => ReadHash(t, "a topic"))], ReadData(Property(log, "data"), "a log's data"));
    }

    private static EvmTransaction? ReadTransaction(JsonElement transaction, Hash32 asked)
    {
        if (transaction.ValueKind == JsonValueKind.Null) return null;
        if (transaction.ValueKind != JsonValueKind.Object) throw Malformed("the transaction is not an object");
        var hash = ReadHash(Property(transaction, "hash"), "the transaction's hash");
        if (hash != asked) throw Malformed($"asked for the transaction {asked}, got {hash}");
        var to = Property(transaction, "to");
        return new EvmTransaction(hash, to.ValueKind == JsonValueKind.Null ? null : ReadAddress(to), ReadData(Property(transaction, "input"), "the transaction's input"));
    }

    private static JsonElement Property(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value : throw Malformed($"{name} is missing");

    private static UInt128 ReadQuantity(JsonElement value, string what) =>
        value.ValueKind == JsonValueKind.String && EvmHex.TryReadQuantity(value.GetString(), out var quantity)
            ? quantity
            : throw Malformed($"{what} is not a hex quantity of at most 128 bits");

    /// <summary>A nonce is below 2^64 - 1 (EIP-2681).</summary>
    private static ulong ReadTransactionCount(JsonElement value)
    {
        var count = ReadUInt64(value, "the transaction count");
        return count < ulong.MaxValue ? count : throw Malformed("the transaction count is 2^64 - 1");
    }

    private static ulong ReadUInt64(JsonElement value, string what)
    {
        var quantity = ReadQuantity(value, what);
        return quantity <= ulong.MaxValue ? (ulong)quantity : throw Malformed($"{what} does not fit 64 bits");
    }

    private static byte[] ReadData(JsonElement value, string what) =>
        (value.ValueKind == JsonValueKind.String ? EvmHex.ReadData(value.GetString()) : null) ?? throw Malformed($"{what} is not hex data");

    private static Hash32 ReadHash(JsonElement value, string what)
    {
        var bytes = ReadData(value, what);
        return bytes.Length == Hash32.Length ? new Hash32(bytes) : throw Malformed($"{what} is not 32 bytes");
    }

    private static EvmAddress ReadAddress(JsonElement value)
    {
        var bytes = ReadData(value, "an address");
        return bytes.Length == EvmAddress.Length ? new EvmAddress(bytes) : throw Malformed("an address is not 20 bytes");
    }

    private static EvmRpcException Malformed(string what) => new(EvmRpcFailure.Malformed, $"malformed answer: {what}.");

    /// <summary>Words from outside, fit for a log line.</summary>
    private static string Clean(string text)
    {
        var length = Math.Min(text.Length, MaxMessageLength);
        var clean = new StringBuilder(length + 3);
        for (var i = 0; i < length; i++) clean.Append(char.IsControl(text[i]) ? ' ' : text[i]);
        if (length < text.Length) clean.Append("...");
        return clean.ToString();
    }
}
