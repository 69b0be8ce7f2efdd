using System.Net;
using System.Text;
using System.Text.Json;

namespace OracleNode.Chains.Evm;

/// <summary>An RPC endpoint in memory: answers each method as told, and keeps what it was asked.</summary>
internal sealed class FakeEndpoint : HttpMessageHandler
{
    private readonly Dictionary<string, Func<JsonElement, string>> _results = [];

    /// <summary>When set, the whole body of every answer, whatever was asked.</summary>
    public Func<byte[]>? RawBody { get; set; }

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>Methods asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Raw transactions received, in order.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Answers a method with JSON; the function sees the parameters.</summary>
    public FakeEndpoint On(string method, Func<JsonElement, string> result)
    {
        _results[method] = result;
        return this;
    }

    public FakeEndpoint On(string method, string result) => On(method, _ => result);

    public HttpClient Client() => new(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var document = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var method = document.RootElement.GetProperty("method").GetString()!;
        var parameters = document.RootElement.GetProperty("params");
        var id = document.RootElement.GetProperty("id").GetInt64();
        lock (Asked)
        {
            Asked.Add(method);
            if (method == "eth_sendRawTransaction") Sent.Add(parameters[0].GetString()!);
        }

        return new HttpResponseMessage(Status) { Content = new ByteArrayContent(RawBody?.Invoke() ?? Encoding.UTF8.GetBytes(Answer(method, parameters, id))) };
    }

    private string Answer(string method, JsonElement parameters, long id)
    {
        if (!_results.TryGetValue(method, out var result)) return Envelope(id, $"\"error\":{Error(-32601, $"the method {method} does not exist", null)}");
        try
        {
            return Envelope(id, $"\"result\":{result(parameters)}");
        }
        catch (Fault e)
        {
            return Envelope(id, $"\"error\":{Error(e.Code, e.Message, e.RevertData)}");
        }
    }

    private static string Envelope(long id, string member) => $"{{\"jsonrpc\":\"2.0\",\"id\":{id},{member}}}";

    private static string Error(long code, string message, string? data) =>
        $"{{\"code\":{code},\"message\":{JsonSerializer.Serialize(message)}{(data is null ? "" : $",\"data\":\"{data}\"")}}}";

    /// <summary>Thrown by a result function to answer with an error object.</summary>
    public sealed class Fault(long code, string message, string? data = null) : Exception(message)
    {
        public long Code { get; } = code;

        public string? RevertData { get; } = data;
    }
}
