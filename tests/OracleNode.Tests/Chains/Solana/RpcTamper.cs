using System.Text;
using System.Text.Json.Nodes;

namespace OracleNode.Chains.Solana;

/// <summary>
/// Stands between a client and the real cluster and changes what it is told to. What the change function leaves alone goes to
/// the cluster and back untouched.
/// </summary>
internal sealed class RpcTamper(Func<string, JsonArray, Func<Task<JsonNode>>, Task<JsonNode>> change) : DelegatingHandler(new SocketsHttpHandler())
{
    public int Count(string method) => _counts.GetValueOrDefault(method);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _counts = [];

    /// <summary>Changes the result of one method; the argument counts its calls from 1.</summary>
    public static RpcTamper Result(string method, Func<int, JsonNode?, JsonNode?> change)
    {
        var calls = 0;
        return new RpcTamper(async (called, _, forward) =>
        {
            var answer = await forward();
            if (called == method) answer["result"] = change(Interlocked.Increment(ref calls), answer["result"]?.DeepClone());
            return answer;
        });
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        var method = (string)body["method"]!;
        _counts.AddOrUpdate(method, 1, (_, count) => count + 1);
        var answer = await change(method, body["params"]!.AsArray(), async () =>
        {
            using var response = await base.SendAsync(request, cancellationToken);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        });
        answer["id"] = body["id"]!.DeepClone();
        return new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") };
    }
}
