using System.Threading.Channels;
using NodaTime;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Updates;

namespace OracleNode.Archive;

/// <summary>
/// Keeps every signed batch with its evidence. The pipeline only puts batches into a bounded queue; a task of its own writes them. When the disk is
/// slow, full or gone, batches are not kept and publishing goes on: the log says so loudly, and a metric counts them.
/// </summary>
internal sealed partial class EvidenceArchive : BackgroundService, IBatchArchive
{
    private const int MaxBatchesAtOnce = 256;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TrimPeriod = TimeSpan.FromMinutes(1);

    private readonly Channel<(ArchivedBatch Batch, TradingCalendar Calendar)> _queue = Channel.CreateUnbounded<(ArchivedBatch, TradingCalendar)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly EvidenceOptions _options;
    private readonly SettingsDigest _settings;
    private readonly IMarketClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<EvidenceArchive> _logger;
    private readonly List<ArchivedBatch> _taken = [];
    private TradingCalendar? _calendar;
    private TradingCalendar? _keptCalendar;
    private ArchiveFile? _file;
    private long _queued;
    private long _kept;
    private long _lost;
    private bool _isFailing;
    private bool _isOverflowing;
    private long _failedAt;
    private long? _trimmedAt;

    /// <param name="options">Validated options; on.</param>
    /// <param name="settings">What the evidence commits to as the configuration.</param>
    /// <param name="clock">Market time, for the age of batches.</param>
    public EvidenceArchive(EvidenceOptions options, SettingsDigest settings, IMarketClock clock, TimeProvider time, ILogger<EvidenceArchive> logger)
    {
        _options = options;
        _settings = settings;
        _clock = clock;
        _time = time;
        _logger = logger;
    }

    /// <summary>Batches kept.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    /// <summary>Batches that were signed and could not be kept.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>True while batches cannot be kept.</summary>
    public bool IsFailing => Volatile.Read(ref _isFailing);

    public void Keep(SignedBatch batch, IReadOnlyList<byte[]> evidence, TradingCalendar calendar)
    {
        var archived = ArchivedBatch.Of(batch, evidence);
        if (Interlocked.Add(ref _queued, archived.Size) <= _options.MaxQueuedBytes && _queue.Writer.TryWrite((archived, calendar)))
        {
            _isOverflowing = false;
            return;
        }

        Interlocked.Add(ref _queued, -archived.Size);
        Interlocked.Increment(ref _lost);
        if (!_isOverflowing) LogOverflow(_options.MaxQueuedBytes);
        _isOverflowing = true;
    }

    public override void Dispose()
    {
        _file?.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        WriteAll();
    }

    /// <summary>Writes what has come so far. For the task, and for tests that will not wait.</summary>
    internal void WriteAll()
    {
        while (Take())
        {
            if (_isFailing && _time.GetElapsedTime(_failedAt) < Rest) Lose();
            else Write();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the start's own thread: opening a file may take long.
        await Task.Yield();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken)) WriteAll();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private bool Take()
    {
        _taken.Clear();
        while (_taken.Count < MaxBatchesAtOnce && _queue.Reader.TryRead(out var next))
        {
            _taken.Add(next.Batch);
            _calendar = next.Calendar;
            Interlocked.Add(ref _queued, -next.Batch.Size);
        }

        return _taken.Count > 0;
    }

    private void Write()
    {
        try
        {
            var file = _file ??= Open();
            file.Write(_taken);
            if (!ReferenceEquals(_keptCalendar, _calendar) && _calendar is { } calendar)
            {
                file.WriteCalendar(calendar.Fingerprint.Span, calendar.Version);
                _keptCalendar = calendar;
            }

            Interlocked.Add(ref _kept, _taken.Count);
            if (_isFailing) LogAgain(_options.File);
            Volatile.Write(ref _isFailing, false);
            Trim(file);
        }
        catch (Exception e)
        {
            // Whatever it is: an archive that fails must never end the node.
            Fail(e);
            Lose();
        }
    }

    private ArchiveFile Open()
    {
        var file = ArchiveFile.OpenForWriting(_options.File);
        try
        {
            file.WriteSettings(_settings.Hash, _settings.Json);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Trim(ArchiveFile file)
    {
        if (_trimmedAt is { } last && _time.GetElapsedTime(last) < TrimPeriod) return;
        _trimmedAt = _time.GetTimestamp();
        const int MostRounds = 200;
        for (var round = 0; round < MostRounds && file.Trim(_clock.Now - Duration.FromDays(_options.RetentionDays), _options.MaxBytes); round++)
        {
        }
    }

    private void Lose() => Interlocked.Add(ref _lost, _taken.Count);

    private void Fail(Exception cause)
    {
        if (!_isFailing) LogFails(cause, _options.File);
        Volatile.Write(ref _isFailing, true);
        _failedAt = _time.GetTimestamp();
        _file?.Dispose();
        _file = null;
        _keptCalendar = null;
    }

    [LoggerMessage(EventId = 5401, EventName = "EvidenceNotKept", Level = LogLevel.Error, Message = "The evidence of signed batches cannot be kept in '{File}'; publishing goes on. Tried again every 5 s, what is signed meanwhile can be explained only by replaying its inputs: check free space and permissions.")]
    private partial void LogFails(Exception exception, string file);

    [LoggerMessage(EventId = 5402, EventName = "EvidenceKeptAgain", Level = LogLevel.Information, Message = "The evidence of signed batches is kept in '{File}' again.")]
    private partial void LogAgain(string file);

    [LoggerMessage(EventId = 5403, EventName = "EvidenceOverflow", Level = LogLevel.Warning, Message = "The disk does not keep up: more than {Bytes} bytes of evidence wait, and what is signed now is not kept. Publishing goes on; use a faster disk or raise Evidence:MaxQueuedBytes.")]
    private partial void LogOverflow(long bytes);
}
