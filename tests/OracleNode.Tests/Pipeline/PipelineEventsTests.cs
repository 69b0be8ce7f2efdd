using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using static OracleNode.Pipeline.PipelineHarness;

namespace OracleNode.Pipeline;

/// <summary>What the running pipeline tells of its feeds besides their prices.</summary>
public sealed class PipelineEventsTests : IDisposable
{
    private readonly PipelineHarness _node = new(new ScriptedChain("chain"));

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task EveryChange_OfAState_IsCountedByFeedAndReason()
    {
        await _node.ConnectedAsync();
        _node.Quote(Tsla, 400);
        await _node.PassAsync();
        await _node.PassAsync(Duration.FromSeconds(1));
        Assert.Equal(1, _node.Pipeline.Events.Of(Tsla, DecisionReason.Accepted));

        await _node.PassAsync(Duration.FromMinutes(2));
        Assert.Equal(FeedState.Held, _node.Slots[Tsla].Decision!.State);
        Assert.Equal(1, _node.Pipeline.Events.Of(Tsla, _node.Slots[Tsla].Decision!.Reason));
        Assert.Equal(0, _node.Pipeline.Events.Of(Spy, DecisionReason.Accepted));
    }

    [Fact]
    public async Task LostRedundancy_IsInTheSnapshotAndAlarmedOnce()
    {
        await _node.ConnectedAsync();
        for (var i = 0; i < 20; i++)
        {
            _node.Quote(Tsla, 400);
            await _node.PassAsync(Duration.FromSeconds(2));
        }

        Assert.Equal(RedundancyLevel.Full, _node.Status.Latest!.Feeds[Tsla].Redundancy);
        var before = _node.Pipeline.Events.Of(AlarmKind.Redundancy);
        for (var i = 0; i < 60; i++)
        {
            _node.Quote(Tsla, 400, upstreams: 2);
            for (var passes = 0; passes < 3; passes++) await _node.PassAsync(Duration.FromMilliseconds(700));
        }

        Assert.Equal((RedundancyLevel.AtQuorum, DecisionReason.Accepted), (_node.Status.Latest!.Feeds[Tsla].Redundancy, _node.Status.Latest.Feeds[Tsla].Reason));
        Assert.Equal(FeedState.Degraded, _node.Slots[Tsla].Decision!.State);
        Assert.Equal(before + 1, _node.Pipeline.Events.Of(AlarmKind.Redundancy));
    }
}
