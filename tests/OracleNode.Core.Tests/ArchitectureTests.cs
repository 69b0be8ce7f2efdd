using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Updates;

namespace OracleNode;

/// <summary>
/// Inside Core dependencies go one way: Market &lt;- Pricing &lt;- Guards &lt;- Updates &lt;- Publishing. Each folder may use those before it
/// and none after, and Core as a whole uses nothing that could wait, read or tell the time.
/// </summary>
public class ArchitectureTests
{
    private static readonly string[] Folders = ["Market", "Pricing", "Guards", "Updates", "Publishing"];

    private static readonly System.Reflection.Assembly Core = typeof(Price).Assembly;

    private static readonly Architecture Architecture = new ArchLoader().LoadAssembly(Core).Build();

    [Fact]
    public void Core_EveryType_LivesInAKnownFolder() =>
        AssertNone(OwnTypes().Where(type => FolderOf(type) < 0).Select(type => type.FullName));

    [Fact]
    public void Core_EveryDependency_PointsToAnEarlierFolder() => AssertNone(
        from type in OwnTypes()
        from dependency in type.Dependencies
        where FolderOf(dependency.Target) > FolderOf(type)
        select $"{type.FullName} -> {dependency.Target.FullName}");

    [Fact]
    public void Core_KnownDependencies_AreSeen()
    {
        // What the rule above rests on: uses in signatures and inside methods are found.
        Assert.Contains(Dependencies(typeof(PublishPolicy)), name => name == typeof(FeedRecord).FullName);
        Assert.Contains(Dependencies(typeof(FeedIdentity)), name => name == typeof(Keccak256).FullName);
        Assert.Equal(Folders.Length - 1, FolderOf(Architecture.Types.Single(type => type.FullName == typeof(PublishPolicy).FullName)));
    }

    [Fact]
    public void Core_Assembly_ReferencesOnlyPureOnes()
    {
        string[] packages = ["NodaTime", "BouncyCastle.Cryptography"];
        string[] impure = ["System.IO", "System.Net", "System.Threading", "System.Console", "System.Diagnostics", "System.Security.Cryptography"];
        AssertNone(
            from reference in Core.GetReferencedAssemblies()
            let name = reference.Name!
            where !packages.Contains(name) && (!name.StartsWith("System.", StringComparison.Ordinal) || impure.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            select name);
    }

    private static void AssertNone(IEnumerable<string> found)
    {
        var all = found.Distinct().ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static IEnumerable<IType> OwnTypes() =>
        Architecture.Types.Where(type => type.Assembly.Name == Core.GetName().Name && !string.IsNullOrEmpty(type.Namespace?.FullName));

    private static IEnumerable<string> Dependencies(System.Type type) =>
        Architecture.Types.Single(candidate => candidate.FullName == type.FullName).Dependencies.Select(dependency => dependency.Target.FullName);

    /// <summary>The place of a type's folder in the order; -1 for what is not Core's (type parameters have no namespace at all).</summary>
    private static int FolderOf(IType type)
    {
        var parts = type.Namespace?.FullName.Split('.');
        return parts is ["OracleNode", var folder, ..] ? Array.IndexOf(Folders, folder) : -1;
    }
}
