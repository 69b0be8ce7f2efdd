using OracleNode.Configuration;

namespace OracleNode.Commands;

/// <summary><c>check</c>: everything that can be found wrong without sending anything.</summary>
internal static class CheckCommand
{
    public static int Run(string file, TextWriter output, TextWriter error)
    {
        try
        {
            using IHost app = NodeHost.Build(ConfigurationFile.Read(file));
            var settings = app.Services.GetRequiredService<NodeSettings>();
            output.WriteLine($"{file}: good. {settings.Feeds.Count} feeds, {settings.Sources.Count} sources, {settings.Publishing.Count} chains.");
            return 0;
        }
        catch (ConfigurationException e)
        {
            error.WriteLine(e.Message);
            return 1;
        }
    }
}
