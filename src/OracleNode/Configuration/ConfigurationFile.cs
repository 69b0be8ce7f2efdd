namespace OracleNode.Configuration;

/// <summary>Reads the configuration: one JSON file, then the environment (<c>OracleNode__Key__SubKey</c>), which wins.</summary>
internal static class ConfigurationFile
{
    /// <summary>Reads it.</summary>
    /// <param name="path">Relative to the working directory, else to the program.</param>
    /// <exception cref="ConfigurationException">The file is missing, cannot be read or is not JSON.</exception>
    public static IConfigurationRoot Read(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full)) full = Path.GetFullPath(path, AppContext.BaseDirectory);
        if (!File.Exists(full)) throw new ConfigurationException([$"--config = '{path}': there is no such file, neither here nor beside the program."]);
        try
        {
            return new ConfigurationBuilder().AddJsonFile(full, optional: false, reloadOnChange: false).AddEnvironmentVariables().Build();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"--config = '{path}': cannot be read: {e.Message}"]);
        }
        catch (InvalidDataException e)
        {
            throw new ConfigurationException([$"--config = '{path}': {e.Message} {e.InnerException?.Message}"]);
        }
    }
}
