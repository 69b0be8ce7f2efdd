namespace OracleNode.OnChain;

public class SolanaProgramTests
{
    [Fact]
    public async Task EveryNodeTest_OfTheProgram_Passes()
    {
        await OnChainSuite.ToolsAsync();
        var files = Directory.GetFiles(RepositoryFiles.Path("src", "onchain", "solana", "test"), "*.test.mjs").Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(files);

        var output = await OnChainSuite.RunAsync("node", ["--test", "--test-reporter=spec", .. files]);

        Assert.Matches("(?m)pass [1-9][0-9]*$", output);
        Assert.Matches("(?m)fail 0$", output);
    }

    [Fact]
    public async Task CommittedProgram_RebuiltFromSource_IsTheSameBytes()
    {
        Assert.SkipUnless(IsOnPath("clang-14"), "clang-14 is not installed; the committed program was not rebuilt. Debian has it as clang-14.");
        await OnChainSuite.ToolsAsync();
        var rebuilt = Path.GetTempFileName();
        try
        {
            await OnChainSuite.RunAsync("node", ["build.mjs", rebuilt], "solana");
            Assert.Equal(
                await File.ReadAllBytesAsync(RepositoryFiles.Path("src", "onchain", "solana", "build", "oracle_feeds.so"), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(rebuilt, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(rebuilt);
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
