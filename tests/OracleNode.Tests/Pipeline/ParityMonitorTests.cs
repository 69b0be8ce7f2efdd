using NodaTime;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>The watch over the chains as the pipeline runs it: real workers and planners over scripted chains.</summary>
public sealed class ParityMonitorTests
{
    private readonly ScriptedChain _first = new("first");
    private readonly ScriptedChain _second = new("second");

    [Fact]
    public async Task Batch_LandedOnEveryChain_Agrees()
    {
        using var harness = await PublishedAsync();
        await harness.PassAsync(Duration.FromSeconds(1));
        Assert.All(harness.Status.Latest!.Chains, c => Assert.Equal((ParityVerdict.Agrees, ParityContent.AsSigned), Of(c)));
        Assert.True(Condition(harness).Holds);
    }

    [Fact]
    public async Task Record_ThatAChainChanges_DiffersUntilItIsRightForAWhile()
    {
        using var harness = await PublishedAsync();
        var feed = harness.Slots[PipelineHarness.Tsla].Id;
        var held = _second.Held(feed);
        _second.Hold(feed, held.Sequence, held.Record!.Value with { Price = PipelineHarness.Dollars(399.99m) });
        await ReadAgainAsync(harness);
        Assert.Equal((ParityVerdict.Differs, ParityContent.NotAsSigned), Of(harness.Status.Latest!.Chains[1]));
        Assert.Equal(ParityVerdict.Agrees, Of(harness.Status.Latest!.Chains[0]).Verdict);
        Assert.Equal((false, "differs: TSLA on second: NotAsSigned"), (Condition(harness).Holds, Condition(harness).Detail));

        _second.Hold(feed, held.Sequence, held.Record);
        await ReadAgainAsync(harness);
        Assert.Equal((ParityVerdict.Differs, ParityContent.AsSigned), Of(harness.Status.Latest!.Chains[1]));
        await PassLaterAsync(harness, Duration.FromSeconds(10));
        Assert.Equal(ParityVerdict.Agrees, Of(harness.Status.Latest!.Chains[1]).Verdict);
        Assert.True(Condition(harness).Holds);
    }

    [Fact]
    public async Task Record_UnderThisNodesSlotThatItNeverSigned_Differs()
    {
        using var harness = await PublishedAsync();
        var feed = harness.Slots[PipelineHarness.Tsla].Id;
        var held = _second.Held(feed);
        _second.Hold(feed, held.Sequence + BatchSequence.Slots, held.Record);
        await ReadAgainAsync(harness);
        Assert.Equal((ParityVerdict.Differs, ParityContent.NeverSigned), Of(harness.Status.Latest!.Chains[1]));
    }

    [Fact]
    public async Task Record_OfAnotherNode_IsToldApart()
    {
        using var harness = await PublishedAsync();
        var feed = harness.Slots[PipelineHarness.Tsla].Id;
        var held = _second.Held(feed);
        _second.Hold(feed, held.Sequence + 1, held.Record);
        await ReadAgainAsync(harness);
        Assert.Equal((ParityVerdict.Agrees, ParityContent.OtherNode), Of(harness.Status.Latest!.Chains[1]));
        Assert.True(Condition(harness).Holds);
    }

    [Fact]
    public async Task Chain_ThatTakesNothing_LagsAfterItsBoundAndTheOtherDoesNot()
    {
        using var harness = await PublishedAsync();
        for (var i = 0; i < 8; i++)
        {
            // The price moves beyond the deviation of both; one lands it, the other keeps the first batch under way.
            harness.Clock.Now += Duration.FromSeconds(10);
            harness.Quote(PipelineHarness.Tsla, 400m + i + 1);
            await harness.PassAsync();
            await harness.LandAsync(_first);
            await PassLaterAsync(harness, Duration.FromMilliseconds(1));
        }

        Assert.Equal(ParityVerdict.Agrees, Of(harness.Status.Latest!.Chains[0]).Verdict);
        Assert.Equal(ParityVerdict.Lags, Of(harness.Status.Latest!.Chains[1]).Verdict);
        var lag = harness.Status.Latest!.Chains[1].Feeds[PipelineHarness.Tsla].Parity;
        Assert.True(lag.Measurement.Behind > PublishSettings.DefaultLandingMargin && lag.DueFor > PublishSettings.DefaultLandingMargin, lag.ToString());
        Assert.True(Condition(harness).Holds);
    }

    private static (ParityVerdict Verdict, ParityContent Content) Of(ChainSnapshot chain)
    {
        var parity = chain.Feeds[PipelineHarness.Tsla].Parity;
        return (parity.Verdict, parity.Measurement.Content);
    }

    private static ReadinessCondition Condition(PipelineHarness harness) => Readiness.Evaluate(harness.Status.Latest, harness.Time).Single(c => c.Name == "parity");

    /// <summary>One price of TSLA on both chains.</summary>
    private async Task<PipelineHarness> PublishedAsync()
    {
        var harness = new PipelineHarness([_first, _second], runsWorkers: true, readPeriod: TimeSpan.FromMilliseconds(50));
        await harness.ConnectedAsync();
        await harness.PassAsync();
        harness.Quote(PipelineHarness.Tsla, 400m);
        await harness.PassAsync();
        await harness.LandAsync(_first);
        await harness.LandAsync(_second);
        await PassLaterAsync(harness, Duration.FromSeconds(1));
        return harness;
    }

    /// <summary>A pass with a snapshot.</summary>
    private static Task PassLaterAsync(PipelineHarness harness, Duration later)
    {
        harness.Time.Advance(TimeSpan.FromMilliseconds(300));
        return harness.PassAsync(later);
    }

    /// <summary>Until the second chain was read as a whole once more, and a pass after it.</summary>
    private async Task ReadAgainAsync(PipelineHarness harness)
    {
        var reads = _second.Reads;
        await harness.UntilAsync(() => _second.Reads >= reads + 2);
        await PassLaterAsync(harness, Duration.FromMilliseconds(1));
    }
}
