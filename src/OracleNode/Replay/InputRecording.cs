using NodaTime;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>
/// Writes the node's ordered log into event files that <c>replay</c> reads. The pipeline only puts entries into a bounded queue; a task of its own
/// writes them. When the disk is slow, full or gone, entries are lost and the node goes on: the log says so, and so does the file.
/// </summary>
internal sealed partial class InputRecording : BackgroundService, IInputRecorder
{
    private const string Prefix = "events-";
    private const string Suffix = ".jsonl";

    private static readonly TimeSpan WritePeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly InstantPattern NamePattern = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'.'fff'Z'");

    private readonly RecordingOptions _options;
    private readonly CalendarActivation _calendar;
    private readonly EventNames _names;
    private readonly TimeProvider _time;
    private readonly ILogger<InputRecording> _logger;
    private readonly EventWriter _writer;
    private readonly Dictionary<TokenId, ReplayEvent> _multipliers = [];
    private readonly Dictionary<TokenId, ReplayEvent> _tokenStatus = [];
    private readonly List<ReplayEvent> _commands = [];
    private readonly Dictionary<(InstrumentId, EvidenceClass, string, string), ReplayEvent> _notices = [];
    private readonly Lock _gate = new();

    private List<ReplayEvent> _filling;
    private List<ReplayEvent> _draining;
    private ulong _lostUnsaid;
    private long _lost;
    private long _written;
    private FileStream? _file;
    private ReplayEvent? _newCalendar;
    private long _failedAt;
    private bool _isFailing;

    /// <param name="options">Validated options; on.</param>
    /// <param name="calendar">The calendar in force at the start.</param>
    /// <param name="names">The configuration's names.</param>
    public InputRecording(RecordingOptions options, CalendarActivation calendar, EventNames names, TimeProvider time, ILogger<InputRecording> logger)
    {
        _options = options;
        _calendar = calendar;
        _names = names;
        _time = time;
        _logger = logger;
        _writer = new EventWriter(names);
        _filling = [];
        _draining = [];
    }

    /// <summary>Entries that were lost: the disk did not keep up or did not take them.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Entries written.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>True while entries cannot be written.</summary>
    public bool IsFailing => Volatile.Read(ref _isFailing);

    public void Record(in MarketInput input) => Enqueue(ReplayEvent.Of(input));

    public void RecordTick(Instant now, bool everything) => Enqueue(ReplayEvent.Tick(now, everything));

    public void RecordRestore(Instant now, Feed feed, in FeedRecord record, ulong sequence) =>
        Enqueue(ReplayEvent.Restore(now, _names.PlaceOf(FeedIdentity.Compute(feed)), record, sequence));

    public override void Dispose()
    {
        _file?.Dispose();
        _writer.Dispose();
        base.Dispose();
    }

    /// <summary>Writes what has come so far. For the task, and for tests that will not wait.</summary>
    internal void WriteAll()
    {
        ulong lost;
        lock (_gate)
        {
            (_filling, _draining) = (_draining, _filling);
            lost = _lostUnsaid;
            _lostUnsaid = 0;
        }

        try
        {
            if (_isFailing && _time.GetElapsedTime(_failedAt) < Rest) Lose((ulong)_draining.Count, lost);
            else WriteDrained(lost);
        }
        finally
        {
            _draining.Clear();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(WritePeriod, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            WriteAll();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        WriteAll();
    }

    private void Enqueue(in ReplayEvent entry)
    {
        lock (_gate)
        {
            if (_filling.Count < _options.QueueLength)
            {
                _filling.Add(entry);
                return;
            }

            _lostUnsaid++;
        }

        Interlocked.Increment(ref _lost);
    }

    private void WriteDrained(ulong lost)
    {
        var done = 0;
        try
        {
            foreach (var entry in _draining)
            {
                EnsureFile(entry.At);
                if (TryWrite(entry)) Remember(entry);
                else lost++;
                done++;
            }

            // What was lost came after all that was in the queue.
            if (lost > 0 && _draining.Count > 0) _file!.Write(_writer.Line(ReplayEvent.Gap(_draining[^1].At, lost)));
            _file?.Flush();
            Interlocked.Add(ref _written, done);
            if (_isFailing) LogRecordingAgain(_options.Folder);
            Volatile.Write(ref _isFailing, false);
            if (lost > 0) LogRecordingLost(lost);
        }
        catch (Exception e)
        {
            // Whatever it is: a recording that fails must never end the node.
            Fail(e);
            Lose((ulong)(_draining.Count - done), lost);
        }
    }

    /// <summary>False for what the format has no words for: a fault of ours, which must not end the recording.</summary>
    private bool TryWrite(in ReplayEvent entry)
    {
        ReadOnlySpan<byte> line;
        try
        {
            line = _writer.Line(entry);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            LogEntryNotWritten(e, entry.Type);
            Interlocked.Increment(ref _lost);
            return false;
        }

        _file!.Write(line);
        return true;
    }

    private void Lose(ulong entries, ulong lostBefore)
    {
        // The gap is written when the disk takes entries again.
        lock (_gate) _lostUnsaid += entries + lostBefore;
        Interlocked.Add(ref _lost, (long)entries);
    }

    private void Fail(Exception cause)
    {
        if (!_isFailing) LogRecordingFails(cause, _options.Folder);
        Volatile.Write(ref _isFailing, true);
        _failedAt = _time.GetTimestamp();
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // Closing flushes once more; that this fails as well is the same fault, which has been said.
        }

        _file = null;
    }

    private void EnsureFile(Instant at)
    {
        if (_file is { } file && file.Length < _options.MaxFileBytes) return;
        _file?.Dispose();
        _file = null;
        Directory.CreateDirectory(_options.Folder);
        RemoveOldest();
        var opened = Open(at);

        // Each file can be read by itself: it begins with what is in force.
        opened.Write(_writer.Header(new EventHeader(ListsTicks: true, EventHeader.DefaultTickPeriod)));
        opened.Write(_writer.Line(_newCalendar is { } calendar ? calendar with { At = at } : ReplayEvent.Of(MarketInput.Of(at, _calendar))));
        foreach (var status in _tokenStatus.Values) opened.Write(_writer.Line(status));
        foreach (var multiplier in _multipliers.Values) opened.Write(_writer.Line(multiplier));
        foreach (var command in _commands) opened.Write(_writer.Line(command));
        foreach (var notice in _notices.Values) opened.Write(_writer.Line(notice));
        _file = opened;
    }

    /// <summary>Two files of one millisecond get names that sort in their order.</summary>
    private FileStream Open(Instant at)
    {
        for (var attempt = 0; ; attempt++)
        {
            var path = Path.Combine(_options.Folder, $"{Prefix}{NamePattern.Format(at)}-{attempt:D3}{Suffix}");
            if (!File.Exists(path)) return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        }
    }

    private void RemoveOldest()
    {
        var files = new DirectoryInfo(_options.Folder).GetFiles($"{Prefix}*{Suffix}").OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        var total = files.Sum(f => f.Length);
        for (var i = 0; i < files.Count && total > _options.MaxTotalBytes - _options.MaxFileBytes; i++)
        {
            total -= files[i].Length;
            files[i].Delete();
        }
    }

    private void Remember(in ReplayEvent entry)
    {
        if (entry.Type != ReplayEventType.Input) return;
        if (entry.Input.Kind == MarketInputKind.Multiplier) _multipliers[entry.Input.Multiplier.Token] = entry;
        else if (entry.Input.Kind == MarketInputKind.TokenStatus) _tokenStatus[entry.Input.TokenStatus.Token] = entry;
        else if (entry.Input.Kind == MarketInputKind.Calendar) _newCalendar = entry;
        else if (entry.Input.Kind == MarketInputKind.Operator && _commands.Count < Guards.MarketFacts.MaxNames) _commands.Add(entry);
        else if (entry.Input.Kind == MarketInputKind.CorporateAction) Remember(entry, entry.Input.CorporateAction);
    }

    /// <summary>The last word of each witness on each action; one that is taken back is gone.</summary>
    private void Remember(in ReplayEvent entry, CorporateActionNotice notice)
    {
        var key = (notice.Instrument, notice.Class, notice.By, notice.Reference);
        if (notice.IsWithdrawn) _notices.Remove(key);
        else if (_notices.Count < Guards.MarketFacts.MaxNames || _notices.ContainsKey(key)) _notices[key] = entry;
    }

    [LoggerMessage(EventId = 5301, EventName = "RecordingFails", Level = LogLevel.Error, Message = "The inputs cannot be written into '{Folder}'; publishing goes on. Tried again every 5 s, what comes meanwhile is missing from the recording: check free space and permissions.")]
    private partial void LogRecordingFails(Exception exception, string folder);

    [LoggerMessage(EventId = 5302, EventName = "RecordingAgain", Level = LogLevel.Information, Message = "The inputs are written into '{Folder}' again.")]
    private partial void LogRecordingAgain(string folder);

    [LoggerMessage(EventId = 5303, EventName = "RecordingLost", Level = LogLevel.Warning, Message = "{Entries} inputs are missing from the recording: the disk did not keep up. The file says where; raise Recording:QueueLength or use a faster disk.")]
    private partial void LogRecordingLost(ulong entries);

    [LoggerMessage(EventId = 5304, EventName = "RecordingEntryNotWritten", Level = LogLevel.Error, Message = "An entry of type {Type} cannot be written into the recording, please report it. The recording goes on without it.")]
    private partial void LogEntryNotWritten(Exception exception, ReplayEventType type);
}
