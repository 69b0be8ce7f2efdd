using System.Diagnostics;
using System.Globalization;

namespace OracleNode.Chains;

public class ChildProcessTests
{
    [Fact]
    public async Task Wait_ProgramThatEnds_CodeAndLastLines()
    {
        await using var process = ChildProcess.Start("test", "/bin/sh", ["-c", "echo one; echo two >&2; exit 7"], Path.GetTempPath());
        Assert.Equal(7, await process.WaitAsync(default));
        Assert.Contains("one", process.LastLines(), StringComparison.Ordinal);
        Assert.Contains("two", process.LastLines(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_Arguments_ArriveAsTheyAre()
    {
        await using var process = ChildProcess.Start("test", "/bin/echo", ["a b", "$HOME", "'\"`;"], Path.GetTempPath());
        Assert.Equal(0, await process.WaitAsync(default));
        Assert.Equal("a b $HOME '\"`;", process.LastLines());
    }

    [Fact]
    public async Task Dispose_ProgramThatIgnoresEverySignalItCan_IsGone()
    {
        var started = new TaskCompletionSource<int>();
        var process = ChildProcess.Start("test", "/bin/sh", ["-c", "trap '' TERM INT HUP; echo $$; while :; do sleep 0.1; done"], Path.GetTempPath(), line => started.TrySetResult(int.Parse(line, CultureInfo.InvariantCulture)));
        var id = await started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        using var child = Process.GetProcessById(id);

        await process.DisposeAsync();

        await child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(child.HasExited);
    }

    [Fact]
    public async Task Exited_ProgramKilledByAnother_Completes()
    {
        var started = new TaskCompletionSource<int>();
        await using var process = ChildProcess.Start("test", "/bin/sh", ["-c", "echo $$; exec sleep 1000"], Path.GetTempPath(), line => started.TrySetResult(int.Parse(line, CultureInfo.InvariantCulture)));
        using var child = Process.GetProcessById(await started.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        child.Kill();
        await process.Exited.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
