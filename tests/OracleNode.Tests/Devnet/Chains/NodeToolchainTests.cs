using System.Runtime.Versioning;

namespace OracleNode.Chains;

public class NodeToolchainTests
{
    [Fact]
    public void Find_NotOnThePath_SaysHowToInstallIt()
    {
        var error = Assert.Throws<ChainException>(() => NodeToolchain.Find("node", "/nowhere:/also-nowhere"));
        Assert.Contains("'node' is not on the PATH", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install nodejs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Find_FileThatCannotRun_PassedOver()
    {
        var folder = Directory.CreateTempSubdirectory("oraclenode-tools-");
        try
        {
            var program = Path.Combine(folder.FullName, "node");
            File.WriteAllText(program, "#!/bin/sh\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Assert.Throws<ChainException>(() => NodeToolchain.Find("node", folder.FullName));
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Assert.Equal(program, NodeToolchain.Find("node", $"/nowhere:{folder.FullName}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Prepare_SeveralAtOnce_AllGetTheSameTools()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => NodeToolchain.PrepareAsync(null, default)));
        Assert.True(File.Exists(all[0].Anvil));
        Assert.Single(all.Select(t => t.Anvil).Distinct());
        Assert.Equal("v", (await all[0].RunNodeAsync(["--version"], default))[..1]);
    }

    [Fact]
    public async Task RunNode_ScriptThatFails_ItsWordsAreShown()
    {
        var tools = await NodeToolchain.PrepareAsync(null, default);
        var error = await Assert.ThrowsAsync<ChainException>(() => tools.RunNodeAsync(["-e", "console.error('no such feed'); process.exit(3)"], default));
        Assert.Contains("code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("no such feed", error.Message, StringComparison.Ordinal);
    }
}
