using NodaTime;
using OracleNode.Vendors;

namespace OracleNode.Pipeline;

/// <summary>
/// One vendor's side of the pipeline as a session runs it: bytes, parser, filter, inbox. What changes from frame to frame
/// (times, prices) is written into the prepared bytes first, and that work counts as ours.
/// </summary>
internal abstract class VendorFeeder(SourceInbox inbox, string upstream, SimulatedMarket market)
{
    private readonly ObservationFilter _filter = new(VendorUpstreams.CoverageOf(upstream), Duration.FromSeconds(2));
    private readonly ObservationBuffer _buffer = new();
    private long _parseAllocated;

    public SourceInbox Inbox { get; } = inbox;

    /// <summary>Observations in every frame.</summary>
    public abstract int ObservationsPerFrame { get; }

    /// <summary>Bytes that parsing has allocated so far. Written by the feeding thread alone.</summary>
    public long ParseAllocated => Volatile.Read(ref _parseAllocated);

    protected SimulatedMarket Market { get; } = market;

    /// <summary>Makes the next frame, parses it and hands it over.</summary>
    public void Feed()
    {
        var now = Market.Now;
        Stamp(now);
        _buffer.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Parse(now, _buffer);
        _buffer.RemoveRefused(_filter);
        Volatile.Write(ref _parseAllocated, _parseAllocated + GC.GetAllocatedBytesForCurrentThread() - before);
        if (_buffer.Count != ObservationsPerFrame) throw new InvalidOperationException($"{GetType().Name}: {_buffer.Count} observations of {ObservationsPerFrame} were taken: not the path of interest.");
        Inbox.Publish(_buffer.Written);
    }

    /// <summary>Writes the time and the prices of the moment into the next frame.</summary>
    protected abstract void Stamp(Instant now);

    protected abstract void Parse(Instant now, ObservationBuffer output);
}
