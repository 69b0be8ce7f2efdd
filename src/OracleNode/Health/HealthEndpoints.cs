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
            json.WriteEndObject();
        });

        endpoints.MapGet("/metrics", context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            return metrics.WriteAsync(context.Response.Body, context.RequestAborted);
        });
    }
}
