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

    private static async Task<string> ForgeAsync(string profile)
    {
        var tools = await OnChainSuite.ToolsAsync();
        return await OnChainSuite.RunAsync(
            "/usr/bin/env", [$"FOUNDRY_PROFILE={profile}", "FORGE_SNAPSHOT_CHECK=true", Path.Combine(tools.Folder, "node_modules", ".bin", "forge"), "test"], "evm");
    }
}
