using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Publishing;

namespace OracleNode.Health;

public class ReadinessTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void NoPassYet_Asked_IsNotReadyAndAliveForAWhile()
    {
        Assert.False(IsReady(null));
        Assert.True(Readiness.IsAlive(null, _time, TimeSpan.FromSeconds(1)));
        Assert.False(Readiness.IsAlive(null, _time, TimeSpan.FromSeconds(11)));
    }

    [Fact]
    public void AllWell_Asked_IsReady() => Assert.True(IsReady(Snapshot()));

    [Fact]
    public void StuckPipeline_Asked_IsNeitherReadyNorAlive()
    {
        var snapshot = Snapshot();
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.False(IsReady(snapshot));
        Assert.False(Readiness.IsAlive(snapshot, _time, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void NotRestored_Asked_IsNotReady() => Assert.False(IsReady(Snapshot() with { Restored = false }));

    [Fact]
    public void NoChain_Asked_IsNotReady() => Assert.False(IsReady(Snapshot() with { Chains = [Chain(false), Chain(false)] }));

    [Fact]
    public void OneChainOfTwo_Asked_IsReady() => Assert.True(IsReady(Snapshot() with { Chains = [Chain(true), Chain(false)] }));

    [Fact]
    public void ChainThatIsNotAsRecorded_Asked_IsNamedWithItsReason()
    {
        var snapshot = Snapshot() with { Chains = [Chain(true), Chain(false) with { Name = "base", Problem = "owner is A, recorded is B" }] };
        Assert.Contains("; base: owner is A, recorded is B", Readiness.Evaluate(snapshot, _time).Single(c => c.Name == "chains").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void NoVendorInSession_Asked_IsNotReady() => Assert.False(IsReady(Snapshot() with { Sources = [Source(false)] }));

    [Fact]
    public void NoVendorOutOfSession_Asked_IsReady() =>
        Assert.True(IsReady(Snapshot() with { Sources = [Source(false)], Feeds = [Feed(FeedState.Closed) with { Session = MarketSession.Closed }] }));

    [Fact]
    public void NoVendorOutOfSession_WhileATokenIsHeld_IsReady() => Assert.True(IsReady(Snapshot() with
    {
        Sources = [Source(false)],
        Feeds =
        [
            Feed(FeedState.Closed) with { Session = MarketSession.Closed },
            Feed(FeedState.Held) with { Session = MarketSession.Closed, HoldReasons = HoldReasons.Stale },
        ],
    }));

    [Fact]
    public void SigningBroken_Asked_IsNotReadyAndSaysWhy()
    {
        var conditions = Readiness.Evaluate(Snapshot() with { SigningProblem = "the clock went back" }, _time);
        Assert.Contains(conditions, c => c is { Name: "signing", Holds: false, Detail: "the clock went back" });
    }

    [Fact]
    public void CalendarNotTrusted_Asked_IsNotReady() =>
        Assert.False(IsReady(Snapshot() with { Feeds = [Feed(FeedState.Held) with { HoldReasons = HoldReasons.CalendarConflict }] }));

    [Fact]
    public void ListOfActionsThatIsSilent_Asked_IsNamedAndReadyAllTheSame()
    {
        var snapshot = Snapshot() with { CorporateActions = [new("alpaca", null, 3, 0, 7, 0, TimeSpan.FromSeconds(9), true, false, 0), new("xstocks-api", "503", 0, 4, 0, 0, TimeSpan.FromMinutes(12), false, true, 1)] };
        Assert.True(IsReady(snapshot));
        Assert.Contains("WARNING, no answer from xstocks-api for 12 min: 503", Readiness.Evaluate(snapshot, _time).Single(c => c.Name == "corporate actions").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void OneFeedHeldForItsOwnReasons_Asked_IsReady() =>
        Assert.True(IsReady(Snapshot() with { Feeds = [Feed(FeedState.Live), Feed(FeedState.Held) with { HoldReasons = HoldReasons.Jump }] }));

    [Theory]
    [InlineData(ParityVerdict.Agrees, true)]
    [InlineData(ParityVerdict.Lags, true)]
    [InlineData(ParityVerdict.Differs, false)]
    public void ChainThatDiffers_Asked_IsNotReadyAndNamed(ParityVerdict verdict, bool ready)
    {
        var feed = new ChainFeedSnapshot("TSLA", "", 1, default, FeedState.Live, MarketSession.Regular, null, 0) { Parity = new ParityFinding(verdict, new ParityMeasurement(ParityContent.NeverSigned, default, 3, Duration.Zero, default), default) };
        var conditions = Readiness.Evaluate(Snapshot() with { Chains = [Chain(true) with { Feeds = [feed] }] }, _time);
        Assert.Equal(ready, conditions.All(c => c.Holds));
        Assert.Equal(ready ? "no chain differs" : "differs: TSLA on chain: NeverSigned", conditions.Single(c => c.Name == "parity").Detail);
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public void FeedsStoppedOnAChain_Asked_AreNamedAndNotReadyWhenNothingIsLeft(bool first, bool second, bool ready)
    {
        ChainFeedSnapshot Feed(string name, bool isPaused) => new(name, "0xfeed", 1, default, FeedState.Live, MarketSession.Regular, null, 0) { IsPaused = isPaused };
        var conditions = Readiness.Evaluate(Snapshot() with { Chains = [Chain(true) with { Feeds = [Feed("TSLA", first), Feed("AAPL", second)] }] }, _time);
        Assert.Equal(ready, conditions.All(c => c.Holds));
        Assert.Equal(first, conditions.Single(c => c.Name == "stops on chain").Detail.Contains("TSLA on chain", StringComparison.Ordinal));
    }

    [Fact]
    public void FeedThatCanLoseNoUpstream_Asked_IsNamedAndTheNodeIsReady()
    {
        var conditions = Readiness.Evaluate(Snapshot() with { Feeds = [Feed(FeedState.Live) with { Redundancy = Guards.RedundancyLevel.AtQuorum }] }, _time);
        Assert.Contains(conditions, c => c is { Name: "redundancy", Holds: true } && c.Detail.Contains("TSLA", StringComparison.Ordinal));
        Assert.All(conditions, c => Assert.True(c.Holds));
    }

    private bool IsReady(NodeSnapshot? snapshot) => Readiness.Evaluate(snapshot, _time).All(c => c.Holds);

    private NodeSnapshot Snapshot() => new(
        "node-1", Instant.FromUnixTimeSeconds(1_781_098_200), _time.GetTimestamp(), true, null, 1, 1, null, null,
        [Feed(FeedState.Live)], [Chain(true)], [Source(true)]);

    private static FeedSnapshot Feed(FeedState state) => new(
        "TSLA", default, state, HoldReasons.None, HaltReason.None, MarketSession.Regular, ClosedReason.None, Price.FromE8(1), 0, null, null, 0, 0, 0, "");

    private static ChainSnapshot Chain(bool connected) => new("chain", ChainKind.Evm, connected, null, 0, 0, null, []);

    private static SourceSnapshot Source(bool connected) => new("source", "upstream", connected, "", null, 0, 0, 0, 0, 0);
}
