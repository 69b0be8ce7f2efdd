using System.Text.Json;
using OracleNode.Telemetry;

namespace OracleNode.Health;

/// <summary><c>/livez</c>: restart me when this fails. <c>/readyz</c>: may I be relied on. <c>/metrics</c>: Prometheus.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var status = services.GetRequiredService<NodeStatus>();
        var time = services.GetRequiredService<TimeProvider>();
        var metrics = services.GetRequiredService<NodeMetrics>();
        var started = time.GetTimestamp();

        endpoints.MapGet("/livez", context =>
        {
            var alive = Readiness.IsAlive(status.Latest, time, time.GetElapsedTime(started));
            context.Response.StatusCode = alive ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync(alive ? "alive\n" : $"no pipeline pass for more than {Readiness.MaxPassAge.TotalSeconds:F0} s: restart\n");
        });

        endpoints.MapGet("/readyz", async context =>
        {
            var conditions = Readiness.Evaluate(status.Latest, time);
            var ready = conditions.All(c => c.Holds);
            context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
            json.WriteStartObject();
            json.WriteBoolean("ready", ready);
            json.WriteStartArray("conditions");
            foreach (var condition in conditions)
            {
                json.WriteStartObject();
                json.WriteString("name", condition.Name);
                json.WriteBoolean("holds", condition.Holds);
                json.WriteString("detail", condition.Detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteVerdicts(json, status.Latest, Readiness.IsAlive(status.Latest, time, time.GetElapsedTime(started)));
            json.WriteEndObject();
        });

        endpoints.MapGet("/metrics", context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            return metrics.WriteAsync(context.Response.Body, context.RequestAborted);
        });
    }

    /// <summary>What each feed is worth; a chain is named where it has its own verdict. Of a pipeline that is stuck, none.</summary>
    private static void WriteVerdicts(Utf8JsonWriter json, NodeSnapshot? snapshot, bool isAlive)
    {
        json.WriteStartArray("feeds");
        for (var i = 0; snapshot is not null && i < snapshot.Feeds.Count; i++)
        {
            var feed = snapshot.Feeds[i];
            var verdict = isAlive ? feed.Verdict : default;
            json.WriteStartObject();
            json.WriteString("name", feed.Name);
            json.WriteString("verdict", VerdictNames.NameOf(verdict.Verdict));
            json.WriteString("reason", verdict.Reason.ToString());
            json.WriteStartObject("chains");
            foreach (var chain in snapshot.Chains.Where(c => isAlive && c.Feeds[i].Verdict != verdict))
            {
                json.WriteString(chain.Name, $"{VerdictNames.NameOf(chain.Feeds[i].Verdict.Verdict)}: {chain.Feeds[i].Verdict.Reason}");
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
