using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OracleNode.Readers;

/// <summary>The least JSON-RPC client there is: nothing of the node's own way to a chain is in it.</summary>
internal sealed class JsonRpc(Uri url) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>The result of a call.</summary>
    /// <exception cref="JsonRpcException">The endpoint answered with an error.</exception>
    public async Task<JsonElement> CallAsync(string method, params JsonNode?[] parameters)
    {
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = new JsonArray(parameters) };
        using var response = await _http.PostAsJsonAsync(url, request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.TryGetProperty("error", out var error) ? throw new JsonRpcException($"{method}: {error}") : answer.GetProperty("result").Clone();
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>An endpoint refused a call.</summary>
internal sealed class JsonRpcException(string message) : Exception(message);
