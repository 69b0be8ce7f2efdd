using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class ObservedAtTests
{
    private readonly FoldHarness _feed = new();

    [Fact]
    public void ObservedAt_IsTheOldestContributingEvent() =>
        Assert.Equal(At(3), _feed.Mid(0, 10_000, at: 5).Mid(1, 10_000, at: 3).Mid(2, 10_000, at: 4).Tick(6).ObservedAt);

    [Fact]
    public void ObservedAt_CountsAnOutlierToo() =>
        Assert.Equal(At(3), _feed.Mid(0, 10_000, at: 5).Mid(1, 11_000, at: 3).Mid(2, 10_000, at: 4).Tick(6).ObservedAt);

    [Fact]
    public void ObservedAt_IsNotAdvancedByTicksAlone()
    {
        _feed.All(10_000, at: 1).Tick(1);
        Assert.Equal(At(1), _feed.Tick(30).ObservedAt);
    }

    [Fact]
    public void ObservedAt_OfAnEventAheadOfTheNode_IsTheNodesTime() => Assert.Equal(At(4), _feed.All(10_000, at: 5).Tick(4).ObservedAt);

    [Fact]
    public void ObservedAt_IsInWholeMillisecondsRoundedDown()
    {
        foreach (var source in new[] { 0, 1, 2 })
        {
            _feed.Apply(new Observation
            {
                Kind = ObservationKind.Trade,
                Source = new SourceId(source),
                Upstream = new UpstreamId(10 + source),
                Instrument = default,
                EventTime = At(1) + Duration.FromNanoseconds(1_999_999),
                ReceiveTime = At(2),
                Last = Cents(10_000),
            });
        }

        Assert.Equal(At(1.001), _feed.Tick(2).ObservedAt);
    }

    [Fact]
    public void Observation_OlderThanThePublished_DoesNotContribute()
    {
        _feed.Mid(0, 10_000, at: 10).Mid(1, 10_000, at: 10).Tick(10);
        var decision = _feed.Mid(2, 10_010, at: 5).Tick(10);
        Assert.Equal(InputReason.OlderThanPublished, decision.Inputs[2].Reason);
        Assert.Equal((2, At(10)), (decision.Upstreams, decision.ObservedAt));
    }

    [Fact]
    public void Upstream_SteadilyLate_RejoinsBecauseObservedAtWaitsForIt()
    {
        // The third upstream is five seconds late with everything it says and begins when the others are already at 20.
        _feed.Mid(0, 10_000, at: 20).Mid(1, 10_000, at: 20).Tick(20);
        for (var now = 20.5; now < 25; now += 0.5)
        {
            var decision = _feed.Mid(0, 10_000, at: now).Mid(1, 10_000, at: now).Mid(2, 10_000, at: now - 5).Tick(now);
            Assert.Equal((FeedState.Degraded, At(20)), (decision.State, decision.ObservedAt));
        }

        for (var now = 25.0; now < 30; now += 0.5)
        {
            var decision = _feed.Mid(0, 10_000, at: now).Mid(1, 10_000, at: now).Mid(2, 10_000, at: now - 5).Tick(now);
            Assert.Equal((FeedState.Live, At(now - 5)), (decision.State, decision.ObservedAt));
        }
    }

    [Fact]
    public void Upstream_TooLateToCatchUp_IsNotWaitedForLongerThanTheLimit()
    {
        _feed.Mid(0, 10_000, at: 20).Mid(1, 10_000, at: 20).Tick(20);
        _feed.Mid(2, 10_000, at: 19);
        Assert.Equal(At(20), _feed.Mid(0, 10_000, at: 29.9).Mid(1, 10_000, at: 29.9).Tick(29.9).ObservedAt);
        Assert.Equal(At(30), _feed.Mid(0, 10_000, at: 30).Mid(1, 10_000, at: 30).Tick(30).ObservedAt);
    }

    [Fact]
    public void Upstream_WhoseOlderTradeWouldStepIn_DoesNotMoveObservedAtBack()
    {
        _feed.Trade(2, 10_000, at: 1).All(10_000, at: 10).Tick(10);
        var decision = _feed.Quote(2, 0, 0, at: 11).Tick(11);
        Assert.Equal((InputReason.Withdrawn, At(10), 2), (decision.Inputs[2].Reason, decision.ObservedAt, decision.Upstreams));
    }

    [Fact]
    public void Feed_LeftWithALateUpstream_RecoversAsSoonAsThatReachesThePublished()
    {
        _feed.Mid(0, 10_000, at: 20).Mid(1, 10_000, at: 20).Tick(20);
        Assert.Equal(FeedState.Held, _feed.Quote(1, 0, 0, at: 21).Mid(0, 10_000, at: 21).Mid(2, 10_000, at: 16).Tick(21).State);
        var decision = _feed.Mid(0, 10_000, at: 25).Mid(2, 10_000, at: 20).Tick(25);
        Assert.Equal((FeedState.Degraded, At(20)), (decision.State, decision.ObservedAt));
    }
}
