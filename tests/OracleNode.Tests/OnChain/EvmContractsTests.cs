namespace OracleNode.OnChain;

public class EvmContractsTests
{
    [Fact]
    public async Task EveryForgeTest_OfTheContracts_Passes()
    {
        var output = await ForgeAsync("default");
        Assert.Matches("[1-9][0-9]* tests passed, 0 failed", output);
    }

    [Fact]
    public async Task EveryGasFigure_MeasuredAgain_IsTheCommittedOne()
    {
        var output = await ForgeAsync("gas");
        Assert.Matches("[1-9][0-9]* tests passed, 0 failed", output);
    }

    [Fact]
    public async Task OwnBuild_BesideForge_GivesTheSameBytecode()
    {
        await OnChainSuite.ToolsAsync();
        await OnChainSuite.RunAsync("node", ["--test", "build.test.mjs"], "evm");
    }

    [Fact]
    public async Task CommittedArtifact_RebuiltFromSource_IsTheSameBytes()
    {
        await OnChainSuite.ToolsAsync();
        var rebuilt = Path.GetTempFileName();
        try
        {
            await OnChainSuite.RunAsync("node", ["build.mjs", "--deploy", rebuilt], "evm");
            var committed = await File.ReadAllTextAsync(RepositoryFiles.Path("src", "onchain", "evm", "build", "OracleFeeds.json"), TestContext.Current.CancellationToken);
            Assert.True(
                committed == await File.ReadAllTextAsync(rebuilt, TestContext.Current.CancellationToken),
                "src/onchain/evm/build/OracleFeeds.json is not what the sources give: run 'npm run evm:build' in src/onchain.");
        }
        finally
        {
            File.Delete(rebuilt);
        }
    }

    [Fact]
    public async Task Linter_OverContractsAndExamples_FindsNothing()
    {
        await OnChainSuite.ToolsAsync();
        await OnChainSuite.RunAsync("npm", ["run", "--silent", "evm:lint"]);
    }

    [Fact]
    public async Task PythInterface_BesidePythsPackage_HasTheSameSelectors()
    {
        await OnChainSuite.ToolsAsync();
        await OnChainSuite.RunAsync("node", ["--test", "pyth.test.mjs"], "evm");
    }

    [Fact]
    public async Task VerifyByHand_OverTheGoldenVectors_Agrees()
    {
        await OnChainSuite.ToolsAsync();
        await OnChainSuite.RunAsync("node", ["--test", "verify.test.mjs"]);
    }

    [Fact]
    public async Task ConsumerPages_TheirCode_CompilesAndJudgesAsTheReader()
    {
        await OnChainSuite.ToolsAsync();
        await OnChainSuite.RunAsync("node", ["--test", "docs.test.mjs"]);
    }

    private static async Task<string> ForgeAsync(string profile)
    {
        var tools = await OnChainSuite.ToolsAsync();
        return await OnChainSuite.RunAsync(
            "/usr/bin/env", [$"FOUNDRY_PROFILE={profile}", "FORGE_SNAPSHOT_CHECK=true", Path.Combine(tools.Folder, "node_modules", ".bin", "forge"), "test"], "evm");
    }
}
