using OracleNode.Market;
using OracleNode.Pricing;
using static OracleNode.Guards.FoldHarness;

namespace OracleNode.Guards;

public class UpstreamRuleTests
{
    [Fact]
    public void Resellers_OfOneTape_AreOneVote()
    {
        // Sources 0 and 2 are of one upstream, 1 and 3 of another.
        var feed = new FoldHarness(upstreams: 2, resellers: 2);
        var decision = feed.All(10_000, at: 1).Tick(2);
        Assert.Equal(FeedState.Degraded, decision.State);
        Assert.Equal((2, 2), (decision.SourcesUsed, decision.Upstreams));
    }

    [Fact]
    public void Resellers_AloneOfOneTape_AreNoQuorum()
    {
        var feed = new FoldHarness(upstreams: 1, resellers: 1);
        var decision = feed.All(10_000, at: 1).Tick(2);
        Assert.Equal((FeedState.Held, HoldReasons.BelowQuorum), (decision.State, decision.HoldReasons));
        Assert.False(decision.HasPrice);
    }

    [Fact]
    public void Upstream_WithSeveralSources_VotesItsNewestEvent()
    {
        var feed = new FoldHarness(upstreams: 2, resellers: 1);
        var decision = feed.Mid(0, 10_000, at: 1).Mid(2, 10_010, at: 2).Mid(1, 10_010, at: 2).Tick(3);
        Assert.Equal(Cents(10_010), decision.Price);
        Assert.Equal(InputReason.Superseded, decision.Inputs[0].Reason);
        Assert.Equal(InputReason.Used, decision.Inputs[2].Reason);
        Assert.Equal(0, decision.SourcesRejected);
    }

    [Fact]
    public void Upstream_WithAQuoteOfOneSource_IgnoresTheTradeOfAnother()
    {
        var feed = new FoldHarness(upstreams: 2, resellers: 1);
        var decision = feed.Mid(0, 10_000, at: 1).Trade(2, 10_040, at: 2).Mid(1, 10_000, at: 2).Tick(3);
        Assert.Equal(Cents(10_000), decision.Price);
        Assert.Equal(InputReason.Superseded, decision.Inputs[2].Reason);
    }

    [Fact]
    public void Upstream_WhoseOneSourceWithdraws_VotesWithTheOther()
    {
        var feed = new FoldHarness(upstreams: 2, resellers: 1);
        var decision = feed.Mid(0, 10_000, at: 1).Quote(2, 0, 0, at: 2).Mid(1, 10_000, at: 2).Tick(3);
        Assert.Equal(InputReason.Used, decision.Inputs[0].Reason);
        Assert.Equal(InputReason.Withdrawn, decision.Inputs[2].Reason);
    }

    [Fact]
    public void Observation_ClaimingAnotherUpstream_IsRefused()
    {
        var feed = new FoldHarness();
        feed.Apply(new Observation
        {
            Kind = ObservationKind.Quote,
            Source = new SourceId(0),
            Upstream = new UpstreamId(11),
            Instrument = default,
            EventTime = At(1),
            ReceiveTime = At(1),
            Bid = Cents(1),
            Ask = Cents(2),
        });
        Assert.Equal(1, feed.Fold.RefusedCount(InputReason.UnknownSource));
        Assert.False(feed.Fold.IsDirty);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void Observation_OfAnUnknownSource_IsRefused(int source)
    {
        var feed = new FoldHarness();
        feed.Apply(new Observation
        {
            Kind = ObservationKind.Trade,
            Source = new SourceId(source),
            Upstream = new UpstreamId(10),
            Instrument = default,
            EventTime = At(1),
            ReceiveTime = At(1),
            Last = Cents(1),
        });
        Assert.Equal(1, feed.Fold.RefusedCount(InputReason.UnknownSource));
    }

    [Fact]
    public void Observation_OfNoKind_IsRefused()
    {
        var feed = new FoldHarness();
        feed.Apply(new Observation { Kind = ObservationKind.None, Source = new SourceId(0), Upstream = new UpstreamId(10), Instrument = default, EventTime = At(1), ReceiveTime = At(1) });
        Assert.Equal(1, feed.Fold.RefusedCount(InputReason.Malformed));
    }

    [Fact]
    public void Source_NotAllowedInTheSession_DoesNotVote()
    {
        var settings = PricingSettings.Stock with { Regular = PricingSettings.Stock.Regular with { AllowedSources = [new SourceId(0), new SourceId(1)] } };
        var decision = new FoldHarness(3, settings).All(10_000, at: 1).Tick(1);
        Assert.Equal(InputReason.NotInSession, decision.Inputs[2].Reason);
        Assert.Equal((2, 0), (decision.Upstreams, decision.SourcesRejected));
    }

    [Fact]
    public void Fold_IsDirty_AfterAnAcceptedObservationUntilTheTick()
    {
        var feed = new FoldHarness();
        Assert.False(feed.Fold.IsDirty);
        feed.Mid(0, 10_000, at: 1);
        Assert.True(feed.Fold.IsDirty);
        feed.Tick(1);
        Assert.False(feed.Fold.IsDirty);
        feed.Quote(0, 10_001, 10_000, at: 2);
        Assert.False(feed.Fold.IsDirty);
    }

    [Fact]
    public void Fold_WithARepeatedSource_IsRefusedByName()
    {
        var source = new Source(new SourceId(4), "twice", new UpstreamId(0), "up");
        var thrown = Assert.Throws<ArgumentException>(() => new FeedFold(PricingSettings.Stock, [source, source]));
        Assert.Contains("Source id 4 (twice)", thrown.Message, StringComparison.Ordinal);
    }
}
