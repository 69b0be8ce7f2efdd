using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pipeline;

public class SourceInboxTests
{
    private readonly PipelineSignal _signal = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void PublishedObservations_Drained_ComeInOrderWithTheirArrival()
    {
        var inbox = new SourceInbox(_signal, _time, capacity: 8);
        inbox.Publish([At(1), At(2)]);
        _time.Advance(TimeSpan.FromSeconds(1));
        inbox.Publish([At(3)]);

        var ring = inbox.Drain();

        Assert.Equal([1, 2, 3], Times(ring));
        Assert.True(ring.ReceivedAt(2) > ring.ReceivedAt(1));
        Assert.Equal(0, inbox.Drain().Count);
    }

    [Fact]
    public void FullInbox_PublishedTo_DropsTheOldestAndCountsIt()
    {
        var inbox = new SourceInbox(_signal, _time, capacity: 3);
        inbox.Publish([At(1), At(2), At(3), At(4), At(5)]);

        Assert.Equal([3, 4, 5], Times(inbox.Drain()));
        Assert.Equal(2, inbox.Dropped);
        Assert.Equal(5, inbox.Received);
    }

    [Fact]
    public void DrainedRing_WhileMoreIsPublished_StaysAsItWas()
    {
        var inbox = new SourceInbox(_signal, _time, capacity: 3);
        inbox.Publish([At(1)]);
        var ring = inbox.Drain();
        inbox.Publish([At(2), At(3), At(4)]);

        Assert.Equal([1], Times(ring));
        Assert.Equal([2, 3, 4], Times(inbox.Drain()));
    }

    [Fact]
    public async Task ManyWriters_OneReader_LoseNothingUncounted()
    {
        var inbox = new SourceInbox(_signal, _time, capacity: 64);
        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 1; i <= 2_000; i++) inbox.Publish([At(i)]);
        })).ToArray();
        long seen = 0;
        while (!Task.WhenAll(writers).IsCompleted) seen += inbox.Drain().Count;
        await Task.WhenAll(writers);
        seen += inbox.Drain().Count;

        Assert.Equal(8_000, seen + inbox.Dropped);
    }

    [Fact]
    public void WarmInbox_PublishedToAndDrained_AllocatesNothing()
    {
        var inbox = new SourceInbox(_signal, TimeProvider.System, capacity: 16);
        Observation[] frame = [At(1), At(2)];
        for (var i = 0; i < 10; i++) Round();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Round();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Round()
        {
            inbox.Publish(frame);
            inbox.Drain();
        }
    }

    private static long[] Times(SourceInbox.Ring ring) => [.. Enumerable.Range(0, ring.Count).Select(i => ring[i].EventTime.ToUnixTimeSeconds())];

    private static Observation At(long seconds) => new()
    {
        Kind = ObservationKind.Quote,
        Source = default,
        Upstream = default,
        Instrument = default,
        EventTime = Instant.FromUnixTimeSeconds(seconds),
        ReceiveTime = Instant.FromUnixTimeSeconds(seconds),
    };
}
