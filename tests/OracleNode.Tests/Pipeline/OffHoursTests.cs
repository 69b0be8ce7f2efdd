using NodaTime;
using OracleNode.Chains;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Signing;
using OracleNode.Updates;
using static OracleNode.Pipeline.PipelineHarness;

namespace OracleNode.Pipeline;

/// <summary>From the last seconds of a session into the night, on two chains, and what a monitor is told meanwhile.</summary>
public sealed class OffHoursTests : IDisposable
{
    /// <summary>20:00 in New York: the listing market's last session ends.</summary>
    private static readonly Instant Close = Instant.FromUtc(2026, 6, 11, 0, 0);

    private static readonly Instant LastQuotes = Close - Duration.FromSeconds(10);

    private readonly ScriptedChain _first = new("first");
    private readonly ScriptedChain _second = new("second");
    private readonly PipelineHarness _node;

    public OffHoursTests() => _node = new PipelineHarness(_first, _second);

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Close_Passed_SendsEachFeedOnceAndThenOnlyAttestations()
    {
        await PublishLastQuotesAsync();
        _node.Clock.Now = Close;
        await _node.PassAsync();
        var closing = await LandBothAsync();
        Assert.Equal([Tsla, Aapl, Spy, TslaToken], _node.Places(closing));
        Assert.All(closing.Records, r => Assert.Equal((FeedState.Closed, MarketSession.Closed), (r.State, r.Session)));
        Assert.All(closing.Records, r => Assert.Equal(LastQuotes.ToUnixTimeMilliseconds(), r.ObservedAtUnixMillis));

        for (var round = 1; round <= 3; round++)
        {
            // Nothing before the cadence is used up, and then all of them in one batch.
            var signed = _node.Signer.Signatures;
            for (var i = 0; i < 5; i++) await _node.PassAsync(Duration.FromSeconds(11));
            Assert.Equal(signed, _node.Signer.Signatures);
            await _node.PassAsync(Duration.FromSeconds(5));
            Assert.All(_node.Planners, p => Assert.All(p.Decisions.ToArray(), d => Assert.Equal(PublishReason.Attestation, d.Reason)));

            var attested = await LandBothAsync();
            Assert.Equal([Tsla, Aapl, Spy, TslaToken], _node.Places(attested));
            Assert.True(attested.Header.Sequence > closing.Header.Sequence);
            for (var i = 0; i < attested.Records.Count; i++) Assert.Equal(closing.Records[i], attested.Records[i]);
        }
    }

    [Fact]
    public async Task Close_Passed_IsClosedOkBeforeAndAfterItLandedAndStaleWhereItDoesNot()
    {
        await PublishLastQuotesAsync();
        Assert.All((await SnapshotAsync()).Feeds, f => Assert.Equal(new VerdictFinding(FeedVerdict.Ok, VerdictReason.Fresh), f.Verdict));

        _node.Clock.Now = Close;
        Assert.All((await SnapshotAsync()).Feeds, f => Assert.Equal(FeedVerdict.ClosedOk, f.Verdict.Verdict));

        await _node.LandAsync(_first);
        _node.Clock.Now = Close + Duration.FromSeconds(61);
        var late = await SnapshotAsync();
        Assert.All(late.Chains[0].Feeds, f => Assert.Equal(FeedVerdict.ClosedOk, f.Verdict.Verdict));
        Assert.All(late.Chains[1].Feeds, f => Assert.Equal(new VerdictFinding(FeedVerdict.Stale, VerdictReason.Lags), f.Verdict));
        Assert.All(late.Feeds, f => Assert.Equal(FeedVerdict.Stale, f.Verdict.Verdict));
    }

    [Fact]
    public async Task ChainThatIsBackInTheNight_Connected_GetsOneFreshRecordPerFeedAndNoQueue()
    {
        await PublishLastQuotesAsync();
        await _node.LoseAsync(_second);

        // A quarter of an hour: more attestations than one, and past the max age of what the lost chain holds.
        _node.Clock.Now = Close;
        for (var minute = 0; minute < 15; minute++)
        {
            await _node.PassAsync(Duration.FromMinutes(1));
            await _node.LandAsync(_first);
        }

        var lost = await SnapshotAsync();
        Assert.All(lost.Chains[0].Feeds, f => Assert.Equal(FeedVerdict.ClosedOk, f.Verdict.Verdict));
        Assert.All(lost.Chains[1].Feeds, f => Assert.Equal(new VerdictFinding(FeedVerdict.Dead, VerdictReason.AttestationTooOld), f.Verdict));
        Assert.All(lost.Feeds, f => Assert.Equal(FeedVerdict.Dead, f.Verdict.Verdict));
        Assert.False(_second.Submissions.Reader.TryPeek(out _));

        _second.Failure = null;
        await _node.UntilAsync(() => _node.Planners[1].Chain.Read(new ChainFeedState[4]).Connected);
        await _node.PassAsync();
        var batch = await _node.LandAsync(_second);
        Assert.Equal([Tsla, Aapl, Spy, TslaToken], _node.Places(batch));
        Assert.All(batch.Records, r => Assert.Equal((FeedState.Closed, LastQuotes.ToUnixTimeMilliseconds()), (r.State, r.ObservedAtUnixMillis)));
        Assert.True(batch.Header.Sequence >= Sequence(_node.Clock.Now, 0));

        for (var i = 0; i < 10; i++) await _node.PassAsync(Duration.FromSeconds(1));
        Assert.False(_second.Submissions.Reader.TryPeek(out _));
        Assert.All((await SnapshotAsync()).Feeds, f => Assert.Equal(FeedVerdict.ClosedOk, f.Verdict.Verdict));
    }

    [Fact]
    public async Task SignerThatFails_WhileThePriceMoves_IsStaleAtOnceAndDeadInTheEnd()
    {
        await PublishLastQuotesAsync();
        _node.Signer.Fault = new SigningException("the token was pulled out");
        Quote(404);
        var broken = await SnapshotAsync();
        Assert.Equal(new VerdictFinding(FeedVerdict.Stale, VerdictReason.NotSigned), broken.Feeds[Tsla].Verdict);
        Assert.Equal(FeedVerdict.Ok, broken.Feeds[Spy].Verdict.Verdict);

        _node.Clock.Now += Duration.FromMinutes(10) + Duration.FromSeconds(1);
        Assert.All((await SnapshotAsync()).Feeds, f => Assert.Equal(FeedVerdict.Dead, f.Verdict.Verdict));
    }

    [Fact]
    public async Task ChainThatHoldsTheFuture_Read_IsDiverged()
    {
        await PublishLastQuotesAsync();
        _second.Hold(_node.Slots[Aapl].Id, Sequence(_node.Clock.Now + Duration.FromHours(1)), _node.Earlier(Aapl, 200, Duration.Zero));
        await _node.LoseAsync(_second);
        _second.Failure = null;
        await _node.UntilAsync(() => _node.Planners[1].Chain.Read(new ChainFeedState[4]).Connected);
        var snapshot = await SnapshotAsync();
        Assert.Equal(FeedVerdict.Diverged, snapshot.Feeds[Aapl].Verdict.Verdict);
        Assert.Equal(FeedVerdict.Ok, snapshot.Chains[0].Feeds[Aapl].Verdict.Verdict);
        Assert.Equal(FeedVerdict.Ok, snapshot.Feeds[Spy].Verdict.Verdict);
    }

    [Fact]
    public async Task NothingRestoredYet_Passed_HasNoVerdict()
    {
        var shut = new ScriptedChain().Shut();
        using var node = new PipelineHarness(shut);
        await node.PassAsync();
        Assert.All(node.Status.Latest!.Feeds, f => Assert.Equal(new VerdictFinding(FeedVerdict.Unknown, VerdictReason.NotRestored), f.Verdict));
    }

    private async Task PublishLastQuotesAsync()
    {
        await _node.ConnectedAsync();
        _node.ReadMultiplier(1);
        _node.Clock.Now = LastQuotes;
        Quote(400);
        await _node.PassAsync();
        await LandBothAsync();
    }

    private void Quote(decimal tsla)
    {
        _node.Quote(Tsla, tsla);
        _node.Quote(Aapl, 200);
        _node.Quote(Spy, 600);
    }

    private async Task<SignedBatch> LandBothAsync()
    {
        var batch = await _node.LandAsync(_first);
        Assert.Same(batch, await _node.LandAsync(_second));
        return batch;
    }

    /// <summary>A snapshot of this moment: a pass makes one four times a second.</summary>
    private async Task<NodeSnapshot> SnapshotAsync()
    {
        for (var i = 0; i < 4; i++) await _node.PassAsync();
        return _node.Status.Latest!;
    }
}
