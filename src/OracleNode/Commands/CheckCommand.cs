using OracleNode.Chains;
using OracleNode.Configuration;

namespace OracleNode.Commands;

/// <summary><c>check</c>: everything that can be found wrong without sending anything; <c>--online</c> asks the chains as well.</summary>
internal static class CheckCommand
{
    public static async Task<int> RunAsync(string file, bool online, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = NodeHost.Build(ConfigurationFile.Read(file));
            var settings = app.Services.GetRequiredService<NodeSettings>();
            await output.WriteLineAsync($"{file}: good. {settings.Feeds.Count} feeds, {settings.Sources.Count} sources, {settings.Publishing.Count} chains. {Around(settings.Options)}");
            var now = app.Services.GetRequiredService<Pipeline.IMarketClock>().Now;
            foreach (var line in ObservationGaps.Describe(settings, app.Services.GetRequiredService<Market.TradingCalendar>(), now)) await output.WriteLineAsync(line);
            return !online || await ChainsAreGoodAsync(app.Services.GetRequiredService<NodeParts>(), output, error, cancellationToken) ? 0 : 1;
        }
        catch (ConfigurationException e)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary>Does what the node does before it publishes to a chain, for every chain.</summary>
    private static async Task<bool> ChainsAreGoodAsync(NodeParts parts, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var good = true;
        foreach (var publisher in parts.Publishers)
        {
            try
            {
                await publisher.ConnectAsync(parts.FeedIds, cancellationToken);
                await output.WriteLineAsync($"{publisher.Name}: good.");
            }
            catch (ChainException e)
            {
                good = false;
                await error.WriteLineAsync(e.Message);
            }
        }

        return good;
    }

    private static string Around(NodeOptions options)
    {
        var documents = !options.Operator.IsOn
            ? "Signed documents (calendar, commands, corporate actions) are off: no Operator:PublicKeys."
            : $"Signed documents: {string.Join(", ", new[] { options.Operator.Calendar, options.Operator.OvernightCalendar, options.Operator.Commands, options.Operator.CorporateActions }.Where(d => d.Length > 0))}.";
        var reserves = string.Concat(options.Reserves.Issues.Select(i => $" Reserves of {i.Issue}: statements of {string.Join(", ", i.Custodians)} against the supply of {string.Join(", ", options.Tokens.List.Where(t => t.Issue == i.Issue).Select(t => t.Name))}; a token that is not listed is not counted."));
        return $"{documents}{reserves} Time servers: {(options.Clock.Servers.Count == 0 ? "none" : string.Join(", ", options.Clock.Servers))}.";
    }
}
