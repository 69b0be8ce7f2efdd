namespace OracleNode.Chains;

/// <summary>Where the repository stands: Devnet starts chains from its tools.</summary>
internal static class RepositoryRoot
{
    private const string Mark = "OracleNode.sln";

    /// <summary>The nearest folder above the running program that holds the solution.</summary>
    /// <exception cref="ChainException">There is none.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark))) return folder.FullName;
        }

        throw new ChainException($"No {Mark} above {AppContext.BaseDirectory}: Devnet runs from a clone of the repository (dotnet run --project src/OracleNode.Devnet).");
    }
}
