using System.Net;
using System.Text.Json;
using OracleNode.Configuration;

namespace OracleNode.Commands;

/// <summary><c>health</c>: asks the node that runs beside it for its <c>/readyz</c>, for containers without a shell.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <returns>0 when the node is ready; else 1, and <paramref name="error"/> has what is missing.</returns>
    public static async Task<int> RunAsync(string file, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var configuration = ConfigurationFile.Read(file);
            var url = ReadinessUrl(configuration["OracleNode:Health:Listen"] ?? new HealthOptions().Listen);
            using var http = new HttpClient { Timeout = Timeout };
            using var answer = await http.GetAsync(url, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                await output.WriteLineAsync("ready");
                return 0;
            }

            await error.WriteLineAsync(Missing(await answer.Content.ReadAsStringAsync(cancellationToken)));
        }
        catch (Exception e) when (e is ConfigurationException or HttpRequestException or JsonException)
        {
            await error.WriteLineAsync(e.Message);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync($"no answer within {Timeout.TotalSeconds:F0} s");
        }

        return 1;
    }

    /// <summary>Where to ask: what listens on every address is asked on loopback.</summary>
    /// <exception cref="ConfigurationException">The node has no endpoints, or on a port that nobody can know.</exception>
    internal static Uri ReadinessUrl(string listen)
    {
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var url) || url.Port == 0)
        {
            throw new ConfigurationException([$"OracleNode:Health:Listen = '{listen}': must be a URL with a port, like http://127.0.0.1:9464, for the health check to ask there."]);
        }

        var host = IPAddress.TryParse(url.Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) ? "127.0.0.1" : url.Host;
        return new UriBuilder(Uri.UriSchemeHttp, host, url.Port, "/readyz").Uri;
    }

    private static string Missing(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return "not ready: " + string.Join("; ", json.RootElement.GetProperty("conditions").EnumerateArray()
            .Where(c => !c.GetProperty("holds").GetBoolean())
            .Select(c => $"{c.GetProperty("name").GetString()}: {c.GetProperty("detail").GetString()}"));
    }
}
