using Microsoft.Extensions.Logging.Abstractions;
using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

public sealed class ChainWorkerTests : IDisposable
{
    private static readonly FeedId[] Feeds = [Id(1), Id(2)];

    private readonly ScriptedChain _chain = new();
    private readonly PipelineSignal _signal = new();
    private readonly LatencyRecorder _latency = new();
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(30));
    private readonly ChainWorker _worker;
    private readonly Task _running;

    public ChainWorkerTests()
    {
        _worker = new ChainWorker(_chain, Feeds, _signal, _latency, TimeProvider.System, NullLogger<ChainWorker>.Instance, TimeSpan.FromMilliseconds(100));
        _running = _worker.RunAsync(_stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _running.GetAwaiter().GetResult();
        _worker.Dispose();
        _signal.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Connected_Read_TellsWhatTheChainHolds()
    {
        await _worker.FirstAttempt;
        var (chain, feeds) = Read();
        Assert.True(chain.Connected);
        Assert.Equal(0ul, feeds[0].Landed!.Sequence);
        Assert.False(feeds[0].InFlight);
    }

    [Fact]
    public async Task Batch_UnderWay_IsInFlightUntilItLanded()
    {
        await _worker.FirstAttempt;
        _worker.Submit(Batch(100, 0), receivedAt: 1);
        var submission = await _chain.Submissions.Reader.ReadAsync(_stop.Token);
        Assert.True(Read().Feeds[0].InFlight);
        Assert.False(Read().Feeds[1].InFlight);

        submission.Land();
        await Until(() => Read().Feeds[0].Updates == 1);

        Assert.False(Read().Feeds[0].InFlight);
        Assert.Equal(100ul, Read().Feeds[0].Landed!.Sequence);
        Assert.Equal(1, Read().Chain.LandedBatches);
        Assert.NotNull(_latency.Summarise());
    }

    [Fact]
    public async Task NewerBatch_WhileOneWaits_TakesItsPlace()
    {
        await _worker.FirstAttempt;
        _worker.Submit(Batch(100, 0), 0);
        var first = await _chain.Submissions.Reader.ReadAsync(_stop.Token);
        _worker.Submit(Batch(200, 0, 1), 0);
        Assert.True(Read().Feeds[1].Waits);
        _worker.Submit(Batch(300, 0), 0);
        Assert.False(Read().Feeds[1].Waits);
        Assert.False(Read().Feeds[1].InFlight);

        first.Land();
        var second = await _chain.Submissions.Reader.ReadAsync(_stop.Token);
        Assert.Equal(300ul, second.Batch.Header.Sequence);
        second.Land();
    }

    [Fact]
    public async Task RefusedBatch_Concluded_IsNoLongerInFlightAndSaysWhy()
    {
        await _worker.FirstAttempt;
        _worker.Submit(Batch(100, 0), 0);
        (await _chain.Submissions.Reader.ReadAsync(_stop.Token)).End(SubmissionOutcome.Refused, "BadSignature");
        await Until(() => Read().Chain.FailedBatches == 1);

        Assert.False(Read().Feeds[0].InFlight);
        Assert.Contains("BadSignature", Read().Chain.Problem);
        Assert.True(Read().Chain.Connected);
    }

    [Fact]
    public async Task UnreachableEndpoint_Concluded_ConnectsAnewAndForgetsWhatWaited()
    {
        await _worker.FirstAttempt;
        _worker.Submit(Batch(100, 0), 0);
        var first = await _chain.Submissions.Reader.ReadAsync(_stop.Token);
        _worker.Submit(Batch(200, 1), 0);
        first.End(SubmissionOutcome.Unreachable, "connection refused");
        await Until(() => _chain.Connects == 2 && Read().Chain.Connected);

        Assert.False(Read().Feeds[1].InFlight);
        _worker.Submit(Batch(300, 1), 0);
        Assert.Equal(300ul, (await _chain.Submissions.Reader.ReadAsync(_stop.Token)).Batch.Header.Sequence);
    }

    [Fact]
    public async Task PublisherThatThrows_Concluded_DoesNotEndTheWorker()
    {
        await _worker.FirstAttempt;
        _worker.Submit(Batch(100, 0), 0);
        (await _chain.Submissions.Reader.ReadAsync(_stop.Token)).Throw(new InvalidOperationException("a fault"));
        await Until(() => _chain.Connects == 2 && Read().Chain.Connected);
        Assert.False(_running.IsCompleted);
    }

    [Fact]
    public async Task RefusedFeed_Concluded_RestsWhileTheOthersGoOn()
    {
        await _worker.FirstAttempt;
        _worker.Submit(Batch(100, 0, 1), 0);
        (await _chain.Submissions.Reader.ReadAsync(_stop.Token)).LandOnly(Feeds[1]);
        await Until(() => Read().Chain.FailedBatches == 1);

        Assert.True(Read().Feeds[0].Rests);
        Assert.False(Read().Feeds[1].Rests);
        Assert.Equal(100ul, Read().Feeds[1].Landed!.Sequence);

        await Until(() => !Read().Feeds[0].Rests);
        _worker.Submit(Batch(200, 0), 0);
        (await _chain.Submissions.Reader.ReadAsync(_stop.Token)).Land();
        await Until(() => Read().Chain.LandedBatches == 1);
        Assert.False(Read().Feeds[0].Rests);
        Assert.Null(Read().Chain.Problem);
    }

    [Fact]
    public async Task LandedBatch_SeenByAnyone_IsNeverNeitherInFlightNorHeld()
    {
        await _worker.FirstAttempt;
        for (ulong sequence = 100; sequence < 140; sequence++)
        {
            _worker.Submit(Batch(sequence, 0), 0);
            var submission = await _chain.Submissions.Reader.ReadAsync(_stop.Token);
            submission.Land();
            var feed = Read().Feeds[0];
            while (feed.InFlight) feed = Read().Feeds[0];
            Assert.Equal(sequence, feed.Landed!.Sequence);
        }
    }

    [Fact]
    public async Task Read_WhileNothingChanged_CopiesNothing()
    {
        await _worker.FirstAttempt;
        await Until(() => Read().Chain.Connected);
        var feeds = new ChainFeedState[Feeds.Length];
        var known = _worker.Read(feeds).Version;
        Array.Clear(feeds);
        Assert.Equal(known, _worker.Read(feeds, known).Version);
        Assert.Null(feeds[0].Landed);

        _worker.Submit(Batch(100, 0), 0);
        Assert.NotEqual(known, _worker.Read(feeds, known).Version);
        Assert.True(feeds[0].InFlight);
        (await _chain.Submissions.Reader.ReadAsync(_stop.Token)).Land();
        await Until(() => (known = _worker.Read(feeds, known).Version) > 0 && feeds[0] is { InFlight: false, Updates: 1 });
    }

    [Fact]
    public async Task LostChain_Offered_KeepsNothingForLater()
    {
        await _worker.FirstAttempt;
        _chain.Failure = "connection refused";
        await Until(() => !Read().Chain.Connected);
        _worker.Submit(Batch(100, 0), 0);
        Assert.False(Read().Feeds[0].InFlight);

        _chain.Failure = null;
        await Until(() => Read().Chain.Connected);
        _worker.Submit(Batch(200, 0), 0);
        Assert.Equal(200ul, (await _chain.Submissions.Reader.ReadAsync(_stop.Token)).Batch.Header.Sequence);
    }

    [Fact]
    public async Task IdleChain_ReadAgain_ShowsWhatAnotherNodeLanded()
    {
        await _worker.FirstAttempt;
        _chain.Hold(Feeds[1], 777, Batch(777, 1).Records[0]);
        await Until(() => Read().Feeds[1].Landed!.Sequence == 777);
        Assert.Equal(0, Read().Feeds[1].Updates);
    }

    private (ChainState Chain, ChainFeedState[] Feeds) Read()
    {
        var feeds = new ChainFeedState[Feeds.Length];
        return (_worker.Read(feeds), feeds);
    }

    private async Task Until(Func<bool> holds)
    {
        while (!holds()) await Task.Delay(5, _stop.Token);
    }

    private static FeedId Id(byte n) => new([.. Enumerable.Repeat(n, 32)]);

    private static SignedBatch Batch(ulong sequence, params int[] feeds) =>
        UnsignedBatch.Create(1, 1, sequence, [.. feeds.Select(i => (Feeds[i], new FeedRecord
        {
            FeedTag = Feeds[i].Tag,
            Price = Price.FromE8(1),
            ConfidenceE8 = 0,
            Session = MarketSession.Regular,
            State = FeedState.Live,
            ObservedAtUnixMillis = 1,
            MaxAgeSeconds = 1,
        }))]).WithSignatures(new BatchSignature(0, new byte[32], new byte[64]));
}
