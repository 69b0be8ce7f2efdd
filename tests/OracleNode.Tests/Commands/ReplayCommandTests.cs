using OracleNode.Chains.Evm;
using OracleNode.Replay;

namespace OracleNode.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Events_Replayed_GiveTheSameFileTwice()
    {
        File.WriteAllLines(_folder.File("events.jsonl"), ReplayRunnerTests.Day(seed: 2, events: 1_000).Prepend(ReplayFixture.Header));
        Assert.Equal(0, await RunAsync(["events.jsonl"], "first.jsonl"));
        Assert.Equal(0, await RunAsync(["events.jsonl"], "second.jsonl"));
        var first = await File.ReadAllBytesAsync(_folder.File("first.jsonl"));
        Assert.NotEmpty(first);
        Assert.Equal(first, await File.ReadAllBytesAsync(_folder.File("second.jsonl")));
        Assert.Contains("1001 events", _output.ToString());
        Assert.Contains("events/s", _output.ToString());
    }

    [Fact]
    public async Task PartsOfARecording_Replayed_AreOneRun()
    {
        var day = ReplayRunnerTests.Day(seed: 2, events: 1_000);
        File.WriteAllLines(_folder.File("whole.jsonl"), day.Prepend(ReplayFixture.Header));
        File.WriteAllLines(_folder.File("a.jsonl"), day.Take(400).Prepend(ReplayFixture.Header));
        File.WriteAllLines(_folder.File("b.jsonl"), day.Skip(400).Prepend(ReplayFixture.Header));
        Assert.Equal(0, await RunAsync(["whole.jsonl"], "whole.out"));
        Assert.Equal(0, await RunAsync(["a.jsonl", "b.jsonl"], "parts.out"));
        Assert.Equal(await File.ReadAllBytesAsync(_folder.File("whole.out")), await File.ReadAllBytesAsync(_folder.File("parts.out")));
    }

    [Fact]
    public async Task WrongLine_Replayed_NamesFileAndLine()
    {
        File.WriteAllLines(_folder.File("events.jsonl"), [ReplayFixture.Header, """{"t":"2026-06-10T15:00:00Z","kind":"quot"}"""]);
        Assert.Equal(1, await RunAsync(["events.jsonl"], "out.jsonl"));
        Assert.Contains("events.jsonl", _error.ToString());
        Assert.Contains("line 2", _error.ToString());
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task WrongSpeed_Given_IsAnError(string speed)
    {
        File.WriteAllLines(_folder.File("events.jsonl"), [ReplayFixture.Header]);
        Assert.Equal(1, await RunAsync(["events.jsonl"], "out.jsonl", speed));
        Assert.Contains("--speed", _error.ToString());
    }

    [Fact]
    public async Task MissingFile_Given_IsAnError() => Assert.Equal(1, await RunAsync(["nothing.jsonl"], "out.jsonl"));

    private Task<int> RunAsync(string[] events, string output, string speed = "max") => ReplayCommand.RunAsync(
        RepositoryFiles.Path("appsettings.json"), [.. events.Select(_folder.File)], _folder.File(output), speed, TimeProvider.System, _output, _error, default);
}
