using NodaTime;
using OracleNode.Health;
using OracleNode.Publishing;

namespace OracleNode.Pipeline;

/// <summary>What a node says of a stop by a chain's guardian, through the real pipeline and worker.</summary>
public sealed class ChainPausesTests
{
    private readonly ScriptedChain _chain = new("chain");

    [Fact]
    public async Task Feed_StoppedAndResumedOnChain_ShowsInVerdictSnapshotAndAlarmsOnce()
    {
        using var harness = new PipelineHarness([_chain], runsWorkers: true, readPeriod: TimeSpan.FromMilliseconds(50));
        await harness.ConnectedAsync();
        await harness.PassAsync();
        harness.Quote(PipelineHarness.Tsla, 400m);
        await harness.PassAsync();
        await harness.LandAsync(_chain);
        await PassLaterAsync(harness);
        Assert.Equal((FeedVerdict.Ok, false, 0), Seen(harness));

        _chain.Pause(harness.Slots[PipelineHarness.Tsla].Id, isPaused: true);
        await ReadAgainAsync(harness);
        await PassLaterAsync(harness);
        Assert.Equal((FeedVerdict.Paused, true, 1), Seen(harness));
        Assert.Equal(VerdictReason.StoppedOnChain, harness.Status.Latest!.Feeds[PipelineHarness.Tsla].Verdict.Reason);
        Assert.Contains("TSLA on chain", Condition(harness).Detail, StringComparison.Ordinal);

        // EVM contracts go on storing: what lands does not end the stop.
        harness.Clock.Now += Duration.FromSeconds(1);
        harness.Quote(PipelineHarness.Tsla, 401m);
        await harness.PassAsync();
        await harness.LandAsync(_chain);
        await PassLaterAsync(harness);
        Assert.Equal((FeedVerdict.Paused, true, 1), Seen(harness));

        _chain.Pause(harness.Slots[PipelineHarness.Tsla].Id, isPaused: false);
        await ReadAgainAsync(harness);
        Assert.Equal((FeedVerdict.Ok, false, 1), Seen(harness));
        Assert.Equal("none", Condition(harness).Detail);
    }

    private static (FeedVerdict Verdict, bool IsPaused, long Alarms) Seen(PipelineHarness harness)
    {
        var held = harness.Status.Latest!.Chains[0].Feeds[PipelineHarness.Tsla];
        return (held.Verdict.Verdict, held.IsPaused, harness.Pipeline.Events.Of(AlarmKind.ChainPause));
    }

    private static ReadinessCondition Condition(PipelineHarness harness) => Readiness.Evaluate(harness.Status.Latest, harness.Time).Single(c => c.Name == "stops on chain");

    private static Task PassLaterAsync(PipelineHarness harness)
    {
        harness.Time.Advance(TimeSpan.FromMilliseconds(300));
        return harness.PassAsync(Duration.FromMilliseconds(1));
    }

    private async Task ReadAgainAsync(PipelineHarness harness)
    {
        var reads = _chain.Reads;
        await harness.UntilAsync(() => _chain.Reads >= reads + 2);
        await PassLaterAsync(harness);
    }
}
