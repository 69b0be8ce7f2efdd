namespace OracleNode;

/// <summary>Finds files of the repository from wherever the test runs.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "OracleNode.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No OracleNode.sln above {AppContext.BaseDirectory}.");
    }
}
