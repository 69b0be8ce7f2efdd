using OracleNode.Configuration;

namespace OracleNode.Commands;

/// <summary><c>run</c>: the node, until it is stopped.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(string file, CancellationToken cancellationToken)
    {
        WebApplication app;
        try
        {
            app = NodeHost.Build(ConfigurationFile.Read(file));
        }
        catch (ConfigurationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }

        await using (app)
        {
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (IOException e)
            {
                await Console.Error.WriteLineAsync($"OracleNode:Health:Listen = '{app.Services.GetRequiredService<NodeSettings>().Options.Health.Listen}': must be an address and port that are free here: {e.Message}");
                return 1;
            }

            await app.WaitForShutdownAsync(cancellationToken);
        }

        return 0;
    }
}
