using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Unicode;

namespace OracleNode.Chains.Solana;

/// <summary>
/// The few JSON-RPC calls of a Solana endpoint that the node needs. Every call ends within its timeout with a checked
/// answer or a <see cref="SolanaRpcException"/>; answers are capped in size and depth.
/// https://solana.com/docs/rpc/http
/// </summary>
internal sealed class SolanaRpcClient : IDisposable
{
    /// <summary>Most accounts that one getMultipleAccounts may name.</summary>
    public const int MaxAccountsPerCall = 100;

    private const int MaxResponseBytes = 2 * 1024 * 1024;
    private const int MaxJsonDepth = 32;
    private const int MaxLogLines = 64;
    private const int MaxLogLength = 256;
    private static readonly JsonDocumentOptions AnswerOptions = new() { MaxDepth = MaxJsonDepth, AllowDuplicateProperties = false };
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly string _commitment;
    private long _lastId;

    /// <param name="endpoint">http or https address; its path and query may hold a key and are never shown.</param>
    /// <param name="timeout">Longest a call may take, answer included.</param>
    /// <param name="commitment">Asked for in every read.</param>
    /// <param name="time">Monotonic time for the timeout.</param>
    /// <param name="handler">The transport; null for a connection pool of its own.</param>
    public SolanaRpcClient(Uri endpoint, TimeSpan timeout, SolanaCommitment commitment, TimeProvider time, HttpMessageHandler? handler = null)
    {
        _endpoint = endpoint;
        _timeout = timeout;
        _time = time;
        Commitment = commitment;
        _commitment = commitment switch
        {
            SolanaCommitment.Processed => "processed",
            SolanaCommitment.Confirmed => "confirmed",
            SolanaCommitment.Finalized => "finalized",
            _ => throw new ArgumentOutOfRangeException(nameof(commitment), commitment, "Expected processed, confirmed or finalized."),
        };
        _http = new HttpClient(handler ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    public SolanaCommitment Commitment { get; }

    /// <summary>Scheme, host and port: what may be shown of the endpoint.</summary>
    public string EndpointName => _endpoint.GetLeftPart(UriPartial.Authority);

    public void Dispose() => _http.Dispose();

    public Task<SolanaAddress> GetGenesisHashAsync(CancellationToken cancellationToken) =>
        CallAsync("getGenesisHash", null, result => result.Address(), cancellationToken);

    public Task<LatestBlockhash> GetLatestBlockhashAsync(CancellationToken cancellationToken) =>
        CallAsync(
            "getLatestBlockhash",
            json => WriteOptions(json),
            result =>
            {
                var value = result["value"];
                return new LatestBlockhash(value["blockhash"].Address(), value["lastValidBlockHeight"].UInt64());
            },
            cancellationToken);

    public Task<bool> IsBlockhashValidAsync(SolanaAddress blockhash, CancellationToken cancellationToken) =>
        CallAsync(
            "isBlockhashValid",
            json =>
            {
                json.WriteStringValue(blockhash.ToString());
                WriteOptions(json);
            },
            result => result["value"].Boolean(),
            cancellationToken);

    public Task<ulong> GetBlockHeightAsync(CancellationToken cancellationToken) =>
        CallAsync("getBlockHeight", json => WriteOptions(json), result => result.UInt64(), cancellationToken);

    /// <summary>The newest slot of the commitment that reads ask for.</summary>
    public Task<ulong> GetSlotAsync(CancellationToken cancellationToken) =>
        CallAsync("getSlot", json => WriteOptions(json), result => result.UInt64(), cancellationToken);

    public Task<ulong> GetBalanceAsync(SolanaAddress address, CancellationToken cancellationToken) =>
        CallAsync(
            "getBalance",
            json =>
            {
                json.WriteStringValue(address.ToString());
                WriteOptions(json);
            },
            result => result["value"].UInt64(),
            cancellationToken);

    public Task<ulong> GetMinimumBalanceForRentExemptionAsync(int dataLength, CancellationToken cancellationToken) =>
        CallAsync(
            "getMinimumBalanceForRentExemption",
            json =>
            {
                json.WriteNumberValue(dataLength);
                WriteOptions(json);
            },
            result => result.UInt64(),
            cancellationToken);

    /// <summary>One account, or null where there is none.</summary>
    public Task<SolanaAccount?> GetAccountInfoAsync(SolanaAddress address, CancellationToken cancellationToken) =>
        CallAsync(
            "getAccountInfo",
            json =>
            {
                json.WriteStringValue(address.ToString());
                WriteOptions(json, static options => options.WriteString("encoding", "base64"));
            },
            result => ReadAccount(result["value"]),
            cancellationToken);

    /// <summary>Several accounts at one slot, in the order asked, null where there is none.</summary>
    /// <param name="addresses">At most <see cref="MaxAccountsPerCall"/>.</param>
    /// <param name="minContextSlot">The endpoint must have seen this slot; 0 for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AtSlot<IReadOnlyList<SolanaAccount?>>> GetMultipleAccountsAsync(
        IReadOnlyList<SolanaAddress> addresses, ulong minContextSlot, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(addresses.Count, MaxAccountsPerCall);
        return CallAsync(
            "getMultipleAccounts",
            json =>
            {
                json.WriteStartArray();
                foreach (var address in addresses) json.WriteStringValue(address.ToString());
                json.WriteEndArray();
                WriteOptions(json, options =>
                {
                    options.WriteString("encoding", "base64");
                    if (minContextSlot > 0) options.WriteNumber("minContextSlot", minContextSlot);
                });
            },
            result =>
            {
                var slot = result["context"]["slot"].UInt64();
                var accounts = result["value"].Items(addresses.Count).Select(ReadAccount).ToArray();
                return new AtSlot<IReadOnlyList<SolanaAccount?>>(slot, accounts);
            },
            cancellationToken);
    }

    /// <summary>Priority fees of recent blocks in micro-lamports per compute unit, for transactions that lock these accounts.</summary>
    public Task<IReadOnlyList<ulong>> GetRecentPrioritizationFeesAsync(IReadOnlyList<SolanaAddress> writable, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<ulong>>(
            "getRecentPrioritizationFees",
            json =>
            {
                json.WriteStartArray();
                foreach (var address in writable) json.WriteStringValue(address.ToString());
                json.WriteEndArray();
            },
            result => result.Items().Select(item => item["prioritizationFee"].UInt64()).ToArray(),
            cancellationToken);

    /// <summary>
    /// Sends without preflight and without the endpoint's own retries: simulation and resending are ours.
    /// Returns the transaction's signature, which must be the one we made.
    /// </summary>
    public Task SendTransactionAsync(SolanaTransaction transaction, CancellationToken cancellationToken) =>
        CallAsync(
            "sendTransaction",
            json =>
            {
                json.WriteBase64StringValue(transaction.Bytes);
                json.WriteStartObject();
                json.WriteString("encoding", "base64");
                json.WriteBoolean("skipPreflight", true);
                json.WriteNumber("maxRetries", 0);
                json.WriteEndObject();
            },
            result => result.Text() == transaction.Signature ? true : throw result.Wrong($"the signature {transaction.Signature}"),
            cancellationToken);

    public Task<SimulationResult> SimulateTransactionAsync(SolanaTransaction transaction, CancellationToken cancellationToken) =>
        CallAsync(
            "simulateTransaction",
            json =>
            {
                json.WriteBase64StringValue(transaction.Bytes);
                WriteOptions(json, static options =>
                {
                    options.WriteString("encoding", "base64");
                    options.WriteBoolean("sigVerify", false);
                    options.WriteBoolean("replaceRecentBlockhash", false);
                });
            },
            result =>
            {
                var value = result["value"];
                var units = value.Member("unitsConsumed") is { IsNull: false } consumed ? consumed.UInt64() : 0;
                return new SimulationResult(SolanaTransactionError.Read(value["err"]), units, ReadReturnData(value), ReadLogs(value.Member("logs")));
            },
            cancellationToken);

    /// <summary>How far each transaction has come, in the order asked; null where the endpoint knows nothing of it.</summary>
    public Task<IReadOnlyList<SignatureStatus?>> GetSignatureStatusesAsync(IReadOnlyList<string> signatures, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<SignatureStatus?>>(
            "getSignatureStatuses",
            json =>
            {
                json.WriteStartArray();
                foreach (var signature in signatures) json.WriteStringValue(signature);
                json.WriteEndArray();
            },
            result => result["value"].Items(signatures.Count).Select(ReadStatus).ToArray(),
            cancellationToken);

    /// <summary>A transaction on the ledger, or null when the endpoint does not have it (yet).</summary>
    public Task<LandedTransaction?> GetTransactionAsync(string signature, CancellationToken cancellationToken) =>
        CallAsync(
            "getTransaction",
            json =>
            {
                json.WriteStringValue(signature);
                WriteOptions(json, static options =>
                {
                    options.WriteString("encoding", "base64");
                    options.WriteNumber("maxSupportedTransactionVersion", 0);
                });
            },
            result =>
            {
                if (result.IsNull) return null;
                var meta = result["meta"];
                var units = meta.Member("computeUnitsConsumed") is { IsNull: false } consumed ? consumed.UInt64() : (ulong?)null;
                return new LandedTransaction(
                    result["slot"].UInt64(), SolanaTransactionError.Read(meta["err"]), meta["fee"].UInt64(), units, ReadReturnData(meta),
                    result["transaction"] is { IsNull: false } wire ? wire.Base64Pair() : []);
            },
            cancellationToken);

    /// <summary>Transactions that name an account, newest first.</summary>
    /// <param name="address">The account.</param>
    /// <param name="before">Only those before this one; null for the newest.</param>
    /// <param name="limit">At most 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<NamedTransaction>> GetSignaturesForAddressAsync(SolanaAddress address, string? before, int limit, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<NamedTransaction>>(
            "getSignaturesForAddress",
            json =>
            {
                json.WriteStringValue(address.ToString());
                WriteOptions(json, options =>
                {
                    options.WriteNumber("limit", limit);
                    if (before is not null) options.WriteString("before", before);
                });
            },
            result => [.. result.Items().Select(item => new NamedTransaction(item["signature"].Text(), item["slot"].UInt64(), !item["err"].IsNull))],
            cancellationToken);

    /// <summary>Any call: writes the parameters into an array and reads the result.</summary>
    /// <exception cref="SolanaRpcException">Anything went wrong but the caller's own cancellation.</exception>
    public async Task<T> CallAsync<T>(string method, Action<Utf8JsonWriter>? parameters, Func<RpcValue, T> read, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = Request(id, method, parameters) };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await ReadBodyAsync(method, response.Content, either.Token);
            return Answer(id, method, response.StatusCode, body, read);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SolanaRpcException(SolanaRpcFailure.Unreachable, $"{method}: no answer from {EndpointName} within {_timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or InvalidDataException)
        {
            throw new SolanaRpcException(SolanaRpcFailure.Unreachable, $"{method}: {EndpointName} cannot be reached: {RpcValue.Printable(e.Message, 200)}", e);
        }
    }

    private static ByteArrayContent Request(long id, string method, Action<Utf8JsonWriter>? parameters)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteNumber("id", id);
            json.WriteString("method", method);
            json.WriteStartArray("params");
            parameters?.Invoke(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.WrittenSpan.ToArray());
        content.Headers.ContentType = Json;
        return content;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(string method, HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var read = await stream.ReadAsync(body.GetMemory(4096), cancellationToken);
            if (read == 0) return body.WrittenMemory;
            body.Advance(read);
            if (body.WrittenCount > MaxResponseBytes)
            {
                throw new SolanaRpcException(SolanaRpcFailure.Malformed, $"{method}: the answer is longer than {MaxResponseBytes} bytes");
            }
        }
    }

    private static T Answer<T>(long id, string method, HttpStatusCode status, ReadOnlyMemory<byte> body, Func<RpcValue, T> read)
    {
        // JsonDocument takes invalid UTF-8 inside strings and throws only when they are read.
        if (!Utf8.IsValid(body.Span)) throw new SolanaRpcException(SolanaRpcFailure.Malformed, $"{method}: the answer is not UTF-8");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, AnswerOptions);
        }
        catch (JsonException e)
        {
            throw status == HttpStatusCode.OK
                ? new SolanaRpcException(SolanaRpcFailure.Malformed, $"{method}: the answer is not JSON: {RpcValue.Printable(e.Message, 200)}", e)
                : new SolanaRpcException(SolanaRpcFailure.Unreachable, $"{method}: HTTP status {(int)status}");
        }

        using (document)
        {
            var answer = new RpcValue(document.RootElement, method);
            if (answer.Element.ValueKind == JsonValueKind.Object && answer.Member("error") is { IsNull: false } error) throw Refusal(method, error);
            if (status != HttpStatusCode.OK) throw new SolanaRpcException(SolanaRpcFailure.Unreachable, $"{method}: HTTP status {(int)status}");
            if (answer["id"].Int64() != id) throw answer["id"].Wrong($"the id {id} of the request");
            return read(answer["result"]);
        }
    }

    private static SolanaRpcException Refusal(string method, RpcValue error)
    {
        var code = error["code"].Int64();
        var words = RpcValue.Printable(error["message"].Text(), 300);
        var data = error.Member("data") is { Element.ValueKind: JsonValueKind.Object } found ? found : (RpcValue?)null;
        return new SolanaRpcException(method, code, words, SolanaTransactionError.Read(data?.Member("err")), ReadLogs(data?.Member("logs")));
    }

    private static SolanaAccount? ReadAccount(RpcValue value) => value.IsNull
        ? null
        : new SolanaAccount(value["owner"].Address(), value["lamports"].UInt64(), value["executable"].Boolean(), value["data"].Base64Pair());

    private static SignatureStatus? ReadStatus(RpcValue value)
    {
        if (value.IsNull) return null;
        var commitment = value.Member("confirmationStatus") is { IsNull: false } status
            ? status.Text() switch
            {
                "processed" => SolanaCommitment.Processed,
                "confirmed" => SolanaCommitment.Confirmed,
                "finalized" => SolanaCommitment.Finalized,
                _ => throw status.Wrong("processed, confirmed or finalized"),
            }
            : SolanaCommitment.Processed;
        return new SignatureStatus(value["slot"].UInt64(), SolanaTransactionError.Read(value["err"]), commitment);
    }

    private static byte[] ReadReturnData(RpcValue result) =>
        result.Member("returnData") is { IsNull: false } returned ? returned["data"].Base64Pair() : [];

    private static IReadOnlyList<string> ReadLogs(RpcValue? logs)
    {
        if (logs is not { IsNull: false } value) return [];
        return [.. value.Items().TakeLast(MaxLogLines).Select(line => RpcValue.Printable(line.Text(), MaxLogLength))];
    }

    private void WriteOptions(Utf8JsonWriter json, Action<Utf8JsonWriter>? more = null)
    {
        json.WriteStartObject();
        json.WriteString("commitment", _commitment);
        more?.Invoke(json);
        json.WriteEndObject();
    }
}
