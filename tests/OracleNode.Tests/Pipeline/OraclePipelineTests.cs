using NodaTime;
using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Signing;
using OracleNode.Tokens;
using static OracleNode.Pipeline.PipelineHarness;

namespace OracleNode.Pipeline;

public sealed class OraclePipelineTests : IDisposable
{
    private readonly ScriptedChain _first = new("first");
    private readonly ScriptedChain _second = new("second");
    private readonly PipelineHarness _node;

    public OraclePipelineTests() => _node = new PipelineHarness(_first, _second);

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task FirstBatch_OnEmptyChains_CarriesEveryFeedWithAPriceUnderOneSignature()
    {
        await _node.ConnectedAsync();
        _node.ReadMultiplier(1);
        _node.Quote(Tsla, 400);
        _node.Quote(Spy, 600);
        await _node.PassAsync();

        var first = await _node.LandAsync(_first);
        var second = await _node.LandAsync(_second);

        Assert.Equal([Tsla, Spy, TslaToken], _node.Places(first));
        Assert.Same(first, second);
        Assert.Equal(1, _node.Signer.Signatures);
        Assert.True(_node.Signer.Verifies(first));
        Assert.Equal(Sequence(Start), first.Header.Sequence);
        Assert.Equal(Dollars(400), _node.Record(first, Tsla).Price);
        Assert.Equal(FeedState.Live, _node.Record(first, Tsla).State);
    }

    [Fact]
    public async Task NothingNew_AfterLanding_SignsNothing()
    {
        await PublishAllAsync();
        for (var i = 0; i < 20; i++) await _node.PassAsync();
        Assert.Equal(1, _node.Signer.Signatures);
    }

    [Fact]
    public async Task Latency_OfABatch_IsThatOfWhatArrivedInItsPass()
    {
        await _node.ConnectedAsync();
        _node.Quote(Tsla, 400);
        await _node.PassAsync();
        Assert.Equal(100, _node.Signed.Summarise()!.P99);
        await _node.LandAsync(_first);
        await _node.LandAsync(_second);

        _node.Quote(Tsla, 400);
        await _node.PassAsync();
        await _node.PassAsync(Duration.FromSeconds(60));
        Assert.Equal(2, _node.Signer.Signatures);
        Assert.Equal(1, _node.Signed.Summarise()!.Count);
    }

    [Fact]
    public async Task Move_BeyondTheDeviation_PublishesItAndWhatRidesAlong()
    {
        await PublishAllAsync();
        _node.Quote(Tsla, 400.8m);
        _node.Quote(Aapl, 200.12m);
        _node.Quote(Spy, 600.12m);
        await _node.PassAsync();

        var batch1 = await _node.LandAsync(_first);
        Assert.Equal([Tsla, Aapl, TslaToken], _node.Places(batch1));
        Assert.Equal(2, _node.Signer.Signatures);
    }

    [Fact]
    public async Task Heartbeat_OfUnmovedFeeds_PublishesThemAgain()
    {
        await PublishAllAsync();
        _node.Clock.Now += Duration.FromSeconds(60);
        QuoteAll();
        await _node.PassAsync();

        var batch = await _node.LandAsync(_first);
        Assert.Equal([Tsla, Aapl, Spy, TslaToken], _node.Places(batch));
        Assert.Equal(Sequence(_node.Clock.Now), batch.Header.Sequence);
    }

    [Fact]
    public async Task StaleQuotes_Noticed_PublishTheHoldAtOnceWithItsOldTime()
    {
        await PublishAllAsync();
        _node.Clock.Now += Duration.FromSeconds(46);
        _node.Quote(Aapl, 200);
        _node.Quote(Spy, 600);
        await _node.PassAsync();

        var batch = await _node.LandAsync(_first);
        var record = _node.Record(batch, Tsla);
        Assert.Equal(FeedState.Held, record.State);
        Assert.True(record.HoldReasons.HasFlag(HoldReasons.Stale));
        Assert.Equal(Dollars(400), record.Price);
        Assert.Equal(Start.ToUnixTimeMilliseconds(), record.ObservedAtUnixMillis);
    }

    [Fact]
    public async Task ChainThatIsDown_Planned_GetsNothingAndOneFreshBatchWhenItIsBack()
    {
        await PublishAllAsync();
        await _node.LoseAsync(_second);
        for (var i = 1; i <= 5; i++)
        {
            _node.Clock.Now += Duration.FromSeconds(1);
            _node.Quote(Tsla, 400 + i);
            await _node.PassAsync();
            await _node.LandAsync(_first);
        }

        Assert.False(_second.Submissions.Reader.TryPeek(out _));
        _second.Failure = null;
        await _node.UntilAsync(() => _node.Planners[1].Chain.Read(new ChainFeedState[4]).Connected);
        await _node.PassAsync();

        var batch = await _node.LandAsync(_second);
        Assert.Equal([Tsla, TslaToken], _node.Places(batch));
        Assert.Equal(Dollars(405), _node.Record(batch, Tsla).Price);
        await _node.PassAsync();
        Assert.False(_second.Submissions.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task FeedsThatWait_WhenMoreIsDue_AreCarriedByTheNewerBatch()
    {
        await PublishAllAsync();
        _node.Quote(Tsla, 404);
        await _node.PassAsync();
        var underWay = await _first.Submissions.Reader.ReadAsync(_node.Token);
        _node.Quote(Aapl, 202);
        await _node.PassAsync();
        _node.Quote(Spy, 606);
        await _node.PassAsync();

        underWay.Land();
        var next = await _node.LandAsync(_first);
        Assert.Equal([Aapl, Spy], _node.Places(next).Except([Tsla, TslaToken]));
        Assert.Equal(Dollars(606), _node.Record(next, Spy).Price);
    }

    [Fact]
    public async Task NothingSigned_BeforeAChainCouldBeRead()
    {
        using var node = new PipelineHarness(new ScriptedChain().Shut());
        for (var i = 0; i < 5; i++)
        {
            node.Quote(Tsla, 400);
            await node.PassAsync(Duration.FromSeconds(5));
        }

        Assert.Equal(0, node.Signer.Attempts);
        Assert.False(node.Status.Latest!.Restored);
    }

    [Fact]
    public async Task SlowChain_AtTheStart_IsWaitedForAWhileAndThenNotAnyMore()
    {
        var (quick, slow) = (new ScriptedChain("quick"), new ScriptedChain("slow").Shut());
        using var node = new PipelineHarness(quick, slow);
        await node.Planners[0].Chain.FirstAttempt;
        for (var i = 0; i < 90; i++) await node.PassAsync();
        Assert.False(node.Status.Latest!.Restored);

        node.Quote(Tsla, 400);
        for (var i = 0; i < 15; i++) await node.PassAsync();
        Assert.True(node.Status.Latest!.Restored);
        await node.LandAsync(quick);
    }

    [Fact]
    public async Task RestoredPrice_WithoutQuotes_IsHeldWithItsOwnTime()
    {
        var chain = new ScriptedChain();
        using var node = new PipelineHarness(chain);
        chain.Hold(node.Slots[Tsla].Id, Sequence(Start - Duration.FromSeconds(20)), node.Earlier(Tsla, 390, Duration.FromSeconds(21)));
        await RestartWorkerAsync(node, chain);
        await node.PassAsync();

        var record = node.Record(await node.LandAsync(chain), Tsla);
        Assert.Equal(FeedState.Held, record.State);
        Assert.Equal(Dollars(390), record.Price);
        Assert.Equal((Start - Duration.FromSeconds(21)).ToUnixTimeMilliseconds(), record.ObservedAtUnixMillis);

        node.Quote(Tsla, 391);
        await node.PassAsync(Duration.FromSeconds(1));
        Assert.Equal(FeedState.Live, node.Record(await node.LandAsync(chain), Tsla).State);
    }

    [Fact]
    public async Task ChainsThatDisagree_Restored_GiveTheRecordWithTheHighestSequence()
    {
        _first.Hold(_node.Slots[Tsla].Id, Sequence(Start - Duration.FromSeconds(30), 9), _node.Earlier(Tsla, 380, Duration.FromSeconds(31)));
        _second.Hold(_node.Slots[Tsla].Id, Sequence(Start - Duration.FromSeconds(10), 5), _node.Earlier(Tsla, 390, Duration.FromSeconds(11)));
        await RestartWorkerAsync(_node, _first);
        await RestartWorkerAsync(_node, _second);
        await _node.PassAsync();
        Assert.Equal(Dollars(390), _node.Slots[Tsla].Decision!.Price);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SameRecord_RestoredFromAChainWithoutDetailToo_KeepsItsAverage(bool detailedFirst)
    {
        var sequence = Sequence(Start - Duration.FromSeconds(30), 9);
        var whole = _node.Earlier(Tsla, 380, Duration.FromSeconds(31)) with { Ema = Dollars(379) };
        _first.Hold(_node.Slots[Tsla].Id, sequence, detailedFirst ? whole : whole with { Ema = default }, detailedFirst);
        _second.Hold(_node.Slots[Tsla].Id, sequence, detailedFirst ? whole with { Ema = default } : whole, !detailedFirst);
        await RestartWorkerAsync(_node, _first);
        await RestartWorkerAsync(_node, _second);
        await _node.PassAsync();
        Assert.Equal(Dollars(379), _node.Slots[Tsla].Decision!.Ema);
    }

    [Fact]
    public async Task Token_WithoutItsMultiplier_HoldsWhileTheShareGoesOn()
    {
        await PublishAllAsync();
        _node.Multiplier = () => null;
        _node.Quote(Tsla, 404);
        await _node.PassAsync();

        var batch = await _node.LandAsync(_first);
        Assert.Equal(FeedState.Live, _node.Record(batch, Tsla).State);
        Assert.Equal(Dollars(404), _node.Record(batch, Tsla).Price);
        Assert.Equal(FeedState.Held, _node.Record(batch, TslaToken).State);
        Assert.Equal(Dollars(400), _node.Record(batch, TslaToken).Price);
    }

    [Fact]
    public async Task Token_WithAMultiplier_IsTheShareTimesIt()
    {
        await _node.ConnectedAsync();
        _node.ReadMultiplier(1.5m);
        _node.Quote(Tsla, 400);
        await _node.PassAsync();
        var record = _node.Record(await _node.LandAsync(_first), TslaToken);
        Assert.Equal(Dollars(600), record.Price);
        Assert.Equal(Dollars(400), record.Token!.Value.Underlying);
    }

    [Fact]
    public async Task TokenWhoseRulesThrow_Passed_StopsAloneAndSaysSo()
    {
        await PublishAllAsync();
        _node.Multiplier = () => throw new InvalidOperationException("a fault");
        _node.Quote(Tsla, 404);
        await _node.PassAsync();
        var batch2 = await _node.LandAsync(_first);
        Assert.Equal([Tsla], _node.Places(batch2));

        _node.ReadMultiplier(1);
        _node.Clock.Now += Duration.FromSeconds(60);
        QuoteAll(404);
        await _node.PassAsync();
        Assert.DoesNotContain(TslaToken, _node.Places(await _node.LandAsync(_first)));
        await _node.UntilAsync(() => true);
        for (var i = 0; i < 3; i++) await _node.PassAsync();
        Assert.Contains("a fault", _node.Status.Latest!.Feeds[TslaToken].DecisionReason);
    }

    [Fact]
    public async Task RecordWithoutAnEncoding_Passed_IsLeftOutAloneAndSaidWhy()
    {
        var chain = new ScriptedChain();
        using var node = new PipelineHarness(chain);
        chain.Hold(node.Slots[Aapl].Id, Sequence(Start - Duration.FromSeconds(20)), node.Earlier(Aapl, 200, Duration.FromSeconds(21)) with { ConfidenceE8 = 1L << 50 });
        await RestartWorkerAsync(node, chain);
        node.Quote(Tsla, 400);
        await node.PassAsync();

        var batch3 = await node.LandAsync(chain);
        Assert.Equal([Tsla], node.Places(batch3));
        for (var i = 0; i < 3; i++) await node.PassAsync();
        Assert.Contains("Confidence", node.Status.Latest!.Feeds[Aapl].DecisionReason);

        node.Quote(Aapl, 200);
        await node.PassAsync();
        Assert.Contains(Aapl, node.Places(await node.LandAsync(chain)));
    }

    [Fact]
    public async Task SignerThatFails_Passed_IsSaidAndTriedAgainWithANewSequence()
    {
        await _node.ConnectedAsync();
        _node.Signer.Fault = new SigningException("the token was pulled out");
        _node.Quote(Tsla, 400);
        await _node.PassAsync();
        for (var i = 0; i < 5; i++) await _node.PassAsync();
        Assert.Equal(1, _node.Signer.Attempts);
        Assert.Equal("the token was pulled out", _node.Status.Latest!.SigningProblem);

        _node.Signer.Fault = null;
        for (var i = 0; i < 6; i++) await _node.PassAsync();
        Assert.True((await _node.LandAsync(_first)).Header.Sequence > Sequence(Start));
        for (var i = 0; i < 3; i++) await _node.PassAsync();
        Assert.Null(_node.Status.Latest!.SigningProblem);
    }

    [Fact]
    public async Task SignerWithAnUnknownFault_Passed_DoesNotEndThePipeline()
    {
        await _node.ConnectedAsync();
        _node.Signer.Fault = new InvalidOperationException("nobody expected this");
        _node.Quote(Tsla, 400);
        await _node.PassAsync();
        _node.Signer.Fault = null;
        for (var i = 0; i < 12; i++) await _node.PassAsync();
        await _node.LandAsync(_first);
    }

    [Fact]
    public async Task ClockThatGoesBack_Passed_SignsNothingUntilItIsThereAgain()
    {
        await PublishAllAsync();
        await _node.PassAsync(-Duration.FromMinutes(10));
        for (var i = 0; i < 12; i++) await _node.PassAsync();
        Assert.Equal(1, _node.Signer.Attempts);
        Assert.NotNull(_node.Status.Latest!.SigningProblem ?? _node.Status.Latest!.Chains[0].Problem);
        Assert.Contains(_node.Status.Latest!.Feeds, f => f.HoldReasons.HasFlag(HoldReasons.Clock));

        _node.Clock.Now = Start + Duration.FromSeconds(10);
        QuoteAll(402);
        for (var i = 0; i < 12; i++) await _node.PassAsync();
        Assert.True((await _node.LandAsync(_first)).Header.Sequence > Sequence(Start));
    }

    [Fact]
    public async Task ClockThatStepsBackALittle_Passed_LosesNothing()
    {
        await PublishAllAsync();
        _node.Clock.Now += Duration.FromMilliseconds(500);
        _node.Quote(Tsla, 404);
        _node.Clock.Now -= Duration.FromMilliseconds(300);
        await _node.PassAsync();
        for (var i = 0; i < 15; i++) await _node.PassAsync(Duration.FromMilliseconds(100));
        var batch = await _node.LandAsync(_first);
        Assert.Contains(Tsla, _node.Places(batch));
        Assert.All(batch.Records, r => Assert.True(r.ObservedAtUnixMillis <= batch.Header.AttestedAtUnixMillis));
    }

    [Fact]
    public async Task AnotherNodesSequence_OnAChain_IsExceeded()
    {
        await PublishAllAsync();
        var theirs = Sequence(Start + Duration.FromMilliseconds(700), 11);
        _second.Hold(_node.Slots[Tsla].Id, theirs, _node.Earlier(Tsla, 400, Duration.Zero));
        await RestartWorkerAsync(_node, _second);
        _node.Quote(Aapl, 202);
        await _node.PassAsync(Duration.FromMilliseconds(500));

        var batch = await _node.LandAsync(_first);
        Assert.True(batch.Header.Sequence > theirs);
        Assert.Equal(3ul, batch.Header.Sequence % 16);
    }

    [Fact]
    public async Task AnotherNodesNewerObservation_OnAChain_IsNotOverwritten()
    {
        await PublishAllAsync();
        _node.Clock.Now += Duration.FromSeconds(10);
        _second.Hold(_node.Slots[Tsla].Id, Sequence(_node.Clock.Now, 11), _node.Earlier(Tsla, 410, -Duration.FromSeconds(10)));
        await RestartWorkerAsync(_node, _second);
        await _node.PassAsync();
        Assert.False(_second.Submissions.Reader.TryPeek(out _));

        _node.Clock.Now += Duration.FromSeconds(1);
        _node.Quote(Tsla, 408);
        await _node.PassAsync();
        Assert.Contains(Tsla, _node.Places(await _node.LandAsync(_second)));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 20)]
    [InlineData(1ul << 60)]
    public async Task EndpointThatLiesAboutTheFuture_Passed_HarmsOnlyItsOwnFeed(ulong sequence)
    {
        await PublishAllAsync();
        _second.Hold(_node.Slots[Tsla].Id, sequence, _node.Earlier(Tsla, 400, Duration.Zero));
        await RestartWorkerAsync(_node, _second);
        _node.Quote(Tsla, 404);
        await _node.PassAsync(Duration.FromSeconds(1));
        Assert.Equal(Sequence(_node.Clock.Now), (await _node.LandAsync(_first)).Header.Sequence);
        (await _second.Submissions.Reader.ReadAsync(_node.Token)).LandOnly(_node.Slots[TslaToken].Id);
        await _node.UntilAsync(() => _node.Planners[1].Chain.Read(new ChainFeedState[4]).FailedBatches > 1);

        _node.Quote(Aapl, 202);
        await _node.PassAsync(Duration.FromSeconds(1));
        await _node.UntilAsync(() => _second.Submissions.Reader.TryPeek(out _));
        var submission = await _second.Submissions.Reader.ReadAsync(_node.Token);
        Assert.Contains(Aapl, _node.Places(submission.Batch));
        submission.LandOnly(_node.Slots[Aapl].Id);
        for (var i = 0; i < 3; i++) await _node.PassAsync();
        Assert.Null(_node.Status.Latest!.SigningProblem);
        Assert.Contains("cannot be", _node.Status.Latest!.Chains[1].Problem);
    }

    [Fact]
    public async Task OnlyEndpoint_AheadOfTheClockAtTheStart_RestoresNothingAndSaysSo()
    {
        var chain = new ScriptedChain();
        using var node = new PipelineHarness(chain);
        chain.Hold(node.Slots[Tsla].Id, Sequence(Start + Duration.FromHours(1)), node.Earlier(Tsla, 400, -Duration.FromHours(1)));
        await RestartWorkerAsync(node, chain);
        for (var i = 0; i < 10; i++)
        {
            node.Quote(Tsla, 400);
            await node.PassAsync();
        }

        Assert.Equal(0, node.Signer.Attempts);
        Assert.False(node.Status.Latest!.Restored);
        Assert.Contains("TSLA", node.Status.Latest!.SigningProblem);

        // The clock is put right: no restart is needed.
        node.Clock.Now = Start + Duration.FromHours(1.1);
        node.Quote(Tsla, 400);
        await node.PassAsync();
        Assert.Equal(1, node.Signer.Signatures);
    }

    [Fact]
    public async Task RefusedFeed_OnAChain_IsNotSentAgainAtOnce()
    {
        await _node.ConnectedAsync();
        QuoteAll();
        await _node.PassAsync();
        await _node.LandAsync(_second);
        (await _first.Submissions.Reader.ReadAsync(_node.Token)).LandOnly(_node.Slots[Aapl].Id, _node.Slots[Spy].Id);
        var feeds = new ChainFeedState[4];
        while (_node.Planners[0].Chain.Read(feeds).FailedBatches == 0) await Task.Delay(1, _node.Token);
        Assert.True(feeds[Tsla].Rests);

        await _node.Pipeline.PassAsync(_node.Token);
        Assert.Equal(1, _node.Signer.Signatures);
        _node.Time.Advance(TimeSpan.FromSeconds(2));
        await _node.PassAsync();
        var batch4 = await _node.LandAsync(_first);
        Assert.Equal([Tsla], _node.Places(batch4));
    }

    [Fact]
    public async Task PassThatThrows_InTheLoop_DoesNotEndIt()
    {
        var chain = new ScriptedChain();
        using var node = new PipelineHarness([chain], runsWorkers: false);
        node.Clock.Fault = new InvalidOperationException("no time");
        await node.Pipeline.StartAsync(node.Token);
        await node.UntilAsync(() => node.Pipeline.PassFaults >= 2);
        node.Clock.Fault = null;
        node.Quote(Tsla, 400);
        await node.UntilAsync(() => chain.Submissions.Reader.TryPeek(out _));
        await node.LandAsync(chain);
        await node.Pipeline.StopAsync(node.Token);
    }

    [Fact]
    public async Task WarmPass_WithNothingDue_AllocatesNothing()
    {
        await PublishAllAsync();
        _node.Multiplier = Fixed(_node.Multiplier());
        for (var i = 0; i < 50; i++) Pass();

        // Time stands still, so no snapshot is due either: a snapshot is a copy, made four times a second.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Pass();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1, _node.Signer.Signatures);

        void Pass()
        {
            var pass = _node.Pipeline.PassAsync(CancellationToken.None);
            Assert.True(pass.IsCompletedSuccessfully);
        }

        static Func<TokenReadout?> Fixed(TokenReadout? reading) => () => reading;
    }

    private async Task PublishAllAsync()
    {
        await _node.ConnectedAsync();
        _node.ReadMultiplier(1);
        QuoteAll();
        await _node.PassAsync();
        await _node.LandAsync(_first);
        await _node.LandAsync(_second);
    }

    private void QuoteAll(decimal tsla = 400)
    {
        _node.Quote(Tsla, tsla);
        _node.Quote(Aapl, 200);
        _node.Quote(Spy, 600);
    }

    /// <summary>Makes the worker lose its chain and read it anew.</summary>
    private static async Task RestartWorkerAsync(PipelineHarness node, ScriptedChain chain)
    {
        var worker = (ChainWorker)node.Planners.Single(p => p.Chain.Name == chain.Name).Chain;
        await worker.FirstAttempt;
        var connects = chain.Connects;
        await node.CutAsync(chain);
        await node.UntilAsync(() => chain.Connects > connects && worker.Read(new ChainFeedState[4]).Connected);
    }
}
