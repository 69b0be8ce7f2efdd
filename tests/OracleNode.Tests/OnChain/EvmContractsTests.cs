namespace OracleNode.OnChain;

public class EvmContractsTests
{
    [Fact]
    public async Task EveryForgeTest_OfTheContracts_Passes()
    {
        var tools = await OnChainSuite.ToolsAsync();

        var output = await OnChainSuite.RunAsync(Path.Combine(tools.Folder, "node_modules", ".bin", "forge"), ["test", "--summary"], "evm");

        Assert.Matches("(?m)[1-9][0-9]* tests passed, 0 failed", output);
    }
}
