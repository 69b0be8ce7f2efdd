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
            await output.WriteLineAsync($"{file}: good. {settings.Feeds.Count} feeds, {settings.Sources.Count} sources, {settings.Publishing.Count} chains.");
            var now = app.Services.GetRequiredService<Pipeline.IMarketClock>().Now;
            foreach (var line in ObservationGaps.Describe(settings, app.Services.GetRequiredService<Market.TradingCalendar>(), now)) await output.WriteLineAsync(line);
            return 0;
        }
        catch (ConfigurationException e)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
