namespace OracleNode.Vendors.Session;

/// <summary>What a session counts and remembers of its connection. Written by the session, readable by any thread.</summary>
internal sealed class SessionCounters(TimeProvider time)
{
    private const long Never = long.MinValue;

    private long _frames;
    private long _bytes;
    private long _observations;
    private long _oversizeFrames;
    private long _truncatedPolls;
    private long _connections;
    private long _attempts;
    private long _silences;
    private long _lastFrame = Never;
    private long _lastObservation = Never;
    private long _liveSince = Never;
    private int _state;
    private VendorFault? _lastFault;
    private VendorFault? _partialFault;

    public SessionState State
    {
        get => (SessionState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }

    public void Frame(int bytes)
    {
        Interlocked.Increment(ref _frames);
        Interlocked.Add(ref _bytes, bytes);
        Volatile.Write(ref _lastFrame, time.GetTimestamp());
    }

    public void Observed(int count)
    {
        Interlocked.Add(ref _observations, count);
        Volatile.Write(ref _lastObservation, time.GetTimestamp());
    }

    public void Attempt() => Interlocked.Increment(ref _attempts);

    public void Silent() => Interlocked.Increment(ref _silences);

    public void PollTruncated() => Interlocked.Increment(ref _truncatedPolls);

    /// <summary>The connection is live.</summary>
    public void Live()
    {
        Interlocked.Increment(ref _connections);
        Volatile.Write(ref _partialFault, null);
        Volatile.Write(ref _liveSince, time.GetTimestamp());
        State = SessionState.Live;
    }

    /// <summary>A part of the subscription was refused, the rest flows.</summary>
    public void Partial(VendorFault fault)
    {
        Volatile.Write(ref _partialFault, fault);
        Volatile.Write(ref _lastFault, fault);
    }

    /// <summary>The connection is over. Returns how long it was live.</summary>
    public TimeSpan Ended(VendorFault fault)
    {
        var since = Volatile.Read(ref _liveSince);
        Volatile.Write(ref _liveSince, Never);
        Volatile.Write(ref _lastFault, fault);
        Volatile.Write(ref _partialFault, null);
        if (fault.Kind == VendorFaultKind.Silence) Silent();
        if (fault.Kind == VendorFaultKind.OversizeFrame) Interlocked.Increment(ref _oversizeFrames);
        State = fault.Recovery == FaultRecovery.Operator ? SessionState.NeedsOperator : SessionState.BackingOff;
        return since == Never ? TimeSpan.Zero : time.GetElapsedTime(since);
    }

    /// <summary>The session was cancelled.</summary>
    public void Stopped()
    {
        Volatile.Write(ref _liveSince, Never);
        State = SessionState.Stopped;
    }

    public SessionHealth Snapshot(string name, VendorKind vendor, bool expectsData, ParserCounters parser, ObservationFilter filter) => new()
    {
        Name = name,
        Vendor = vendor,
        State = State,
        ConnectedFor = Age(ref _liveSince),
        LastFrameAge = Age(ref _lastFrame),
        LastObservationAge = Age(ref _lastObservation),
        ExpectsData = expectsData,
        Frames = Interlocked.Read(ref _frames),
        Bytes = Interlocked.Read(ref _bytes),
        Observations = Interlocked.Read(ref _observations),
        MalformedFrames = parser.MalformedFrames,
        OversizeFrames = Interlocked.Read(ref _oversizeFrames),
        UnknownTypes = parser.UnknownTypes,
        UnknownSymbols = parser.UnknownSymbols,
        RejectedEvents = parser.Rejected,
        RetractedPrints = parser.Cancellations + parser.Corrections,
        OutsideCoverage = filter.OutsideCoverage,
        FromFuture = filter.FromFuture,
        TruncatedPolls = Interlocked.Read(ref _truncatedPolls),
        Connections = Interlocked.Read(ref _connections),
        Reconnects = Math.Max(0, Interlocked.Read(ref _attempts) - 1),
        Silences = Interlocked.Read(ref _silences),
        LastFault = Volatile.Read(ref _lastFault),
        PartialFault = Volatile.Read(ref _partialFault),
    };

    private TimeSpan? Age(ref long stamp)
    {
        var at = Volatile.Read(ref stamp);
        return at == Never ? null : time.GetElapsedTime(at);
    }
}
