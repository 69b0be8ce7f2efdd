using OracleNode.Configuration;

namespace OracleNode.Commands;

/// <summary><c>check</c>: everything that can be found wrong without sending anything.</summary>
internal static class CheckCommand
{
    public static async Task<int> RunAsync(string file, TextWriter output, TextWriter error)
    {
        try
        {
            await using var app = NodeHost.Build(ConfigurationFile.Read(file));
            var settings = app.Services.GetRequiredService<NodeSettings>();
            await output.WriteLineAsync($"{file}: good. {settings.Feeds.Count} feeds, {settings.Sources.Count} sources, {settings.Publishing.Count} chains. {Around(settings.Options)}");
            return 0;
        }
        catch (ConfigurationException e)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static string Around(NodeOptions options)
    {
        var documents = !options.Operator.IsOn
            ? "Signed documents (calendar, commands) are off: no Operator:PublicKeys."
            : $"Signed documents: {string.Join(", ", new[] { options.Operator.Calendar, options.Operator.OvernightCalendar, options.Operator.Commands }.Where(d => d.Length > 0))}.";
        return $"{documents} Time servers: {(options.Clock.Servers.Count == 0 ? "none" : string.Join(", ", options.Clock.Servers))}.";
    }
}
