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
            await ((IHost)app).RunAsync(cancellationToken);
        }

        return 0;
    }
}
