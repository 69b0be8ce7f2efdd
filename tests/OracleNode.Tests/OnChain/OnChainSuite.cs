using OracleNode.Chains;

namespace OracleNode.OnChain;

/// <summary>Runs a suite that is natural to another tool, and fails with that tool's last words.</summary>
internal static class OnChainSuite
{
    /// <summary>Generous: on two busy cores the WebAssembly compiler alone takes minutes.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    /// <summary>Runs a program in a folder of <c>src/onchain</c> to its end.</summary>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, params string[] folder)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        await using var process = ChildProcess.Start(Path.GetFileName(program), program, arguments, RepositoryFiles.Path(["src", "onchain", .. folder]));
        var code = await process.WaitAsync(timeout.Token);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with code {code}:{Environment.NewLine}{process.LastLines()}");
        return process.LastLines();
    }

    /// <summary>Node, with the pinned packages installed.</summary>
    public static Task<NodeToolchain> ToolsAsync() => NodeToolchain.PrepareAsync(null, TestContext.Current.CancellationToken);
}
