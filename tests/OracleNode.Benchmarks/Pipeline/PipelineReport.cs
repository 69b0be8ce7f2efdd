using System.Diagnostics;
using System.Globalization;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>Observations per second, latency, allocation and memory of the node between its sockets.</summary>
internal static class PipelineReport
{
    private const int Windows = 15;
    private const double Pace = 500_000;
    private const double MaxSignedP99 = 5_000_000;

    /// <summary>Prints a second that polling brings: 250 pages of 20, already more than a few requests at once can fetch.</summary>
    private const double PolledPace = 5_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(ResultTable table)
    {
        Console.WriteLine("Pipeline ...");
        using var rig = new PipelineRig();
        var paced = new Measurement(rig);
        using (var probe = new SleepProbe())
        {
            paced.Probe = probe;
            await rig.RunAsync([Pace * 0.6, (Pace * 0.4) - PolledPace, PolledPace], paced.Take);
        }

        CheckAllPriced(rig);
        var peakMegabytes = PeakResidentMegabytes();
        paced.Report(table, peakMegabytes);
        var idle = Idle(rig);
        table.Add("  one pass for which nothing arrived, p50", ResultTable.Time(idle.Nanoseconds), "", $"{ResultTable.Number(idle.Bytes)} B/pass", ResultTable.Verdict("0 B", idle.Bytes == 0));

        var saturated = new Measurement(rig);
        await rig.RunAsync([0, 0, PolledPace], saturated.Take);
        CheckAllPriced(rig);
        table.Add(
            "Pipeline, as fast as it goes, 1,000 feeds", $"{ResultTable.Number(saturated.ObservationsPerSecond)} obs/s",
            $"{ResultTable.Number(saturated.ObservationsPerCpuSecond)} per CPU s", $"{saturated.BytesPerObservation:F1} B/obs", "");
    }

    /// <summary>What a pass costs whatever it brings.</summary>
    private static (double Nanoseconds, long Bytes) Idle(PipelineRig rig)
    {
        var passes = new List<Pass>();
        while (passes.Count < 1_001)
        {
            var pass = rig.PassOnce();
            if (pass is { SignedAt: 0, Reported: false }) passes.Add(pass);
        }

        return (
            passes.Select(p => Stopwatch.GetElapsedTime(p.StartedAt, p.EndedAt).TotalNanoseconds).Order().ElementAt(passes.Count / 2),
            passes.Select(p => p.Allocated).Order().ElementAt(passes.Count / 2));
    }

    // A polled word of a share that swings may be refused as an outlier, so a feed may be Degraded; Held would not be the path of interest.
    private static void CheckAllPriced(PipelineRig rig)
    {
        var unpriced = rig.Latest?.Feeds.FirstOrDefault(f => f.State is not (FeedState.Live or FeedState.Degraded));
        if (rig.Latest is null || unpriced is not null) throw new InvalidOperationException($"Not every feed is priced, which is not the path of interest: {unpriced}");
        if (rig.Latest!.Chains.Any(c => c.Feeds.Any(f => f.Updates == 0))) throw new InvalidOperationException("Not every feed landed on every chain.");
    }

    private static double PeakResidentMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (1024.0 * 1024.0);
    }

    /// <summary>What one run shows, after a warm-up, in windows of which the median counts.</summary>
    private sealed class Measurement(PipelineRig rig)
    {
        private readonly LatencyHistogram _signed = new();
        private readonly LatencyHistogram _signedFromDue = new();
        private readonly LatencyHistogram _priced = new();
        private readonly LatencyHistogram _passes = new();
        private readonly List<double> _signedP50 = [];
        private readonly List<double> _signedP99 = [];
        private readonly List<double> _fromDueP99 = [];
        private readonly List<double> _pricedP99 = [];
        private readonly List<double> _passP50 = [];
        private readonly List<double> _machineP99 = [];
        private readonly List<double> _rates = [];
        private readonly List<double> _ratesPerCpu = [];
        private long _windowStart;
        private long _windowReceived;
        private long _windowDropped;
        private TimeSpan _windowCpu;
        private long _firstReceived;
        private long _firstDropped;
        private long _firstAllocated;
        private long _firstSignatures;
        private long _firstStart;
        private TimeSpan _firstCpu;
        private long[] _firstFeeder = [];
        private long[] _firstFeederReceived = [];
        private double[] _feederBytes = [];
        private long _quietPasses, _quietBytes, _signingPasses, _signingBytes, _reports, _reportBytes;
        private double _cores;
        private double _seconds;
        private int _collections, _fullCollections;
        private TimeSpan _pauses;
        private double _batchesPerSecond;
        private double _dropped;
        private bool _started;
        private bool _warm;

        /// <summary>Shows what the machine adds; null when that is of no interest.</summary>
        public SleepProbe? Probe { get; set; }

        public double ObservationsPerSecond => Median(_rates);

        public double ObservationsPerCpuSecond => Median(_ratesPerCpu);

        public double BytesPerObservation { get; private set; }

        /// <summary>Takes one pass in; false when enough was seen.</summary>
        public bool Take(FeederThread[] feeders, Pass pass)
        {
            Latencies(feeders, pass);
            if (!_started)
            {
                _started = true;
                _windowStart = pass.EndedAt;
                return true;
            }

            var elapsed = Stopwatch.GetElapsedTime(_windowStart, pass.EndedAt);
            if (!_warm)
            {
                if (elapsed < WarmUp) return true;
                _warm = true;
                Begin(feeders, pass);
                return true;
            }

            Allocations(pass);
            if (elapsed < Window) return true;
            EndWindow(elapsed);
            if (_rates.Count < Windows)
            {
                BeginWindow(pass);
                return true;
            }

            End(feeders, pass);
            return false;
        }

        public void Report(ResultTable table, double peakMegabytes)
        {
            var signedP99 = Median(_signedP99);
            table.Add(
                "Pipeline at 500,000 obs/s, 1,000 feeds", $"{ResultTable.Number(ObservationsPerSecond)} obs/s", $"{_cores:F2} cores",
                $"{BytesPerObservation:F1} B/obs", ResultTable.Verdict("none dropped", _dropped == 0));
            table.Add("  bytes in -> signed, p50", ResultTable.Time(Median(_signedP50)), Range(_signedP50));
            table.Add("  bytes in -> signed, p99", ResultTable.Time(signedP99), Range(_signedP99), "",
                $"{ResultTable.Verdict("< 5 ms", signedP99 < MaxSignedP99)} ({_signedP99.Count(p => p < MaxSignedP99)} of {Windows} windows)");
            table.Add("  same, from when the frame was due, p99", ResultTable.Time(Median(_fromDueP99)), Range(_fromDueP99));
            table.Add("  bytes in -> priced and guarded, p99", ResultTable.Time(Median(_pricedP99)), Range(_pricedP99));
            table.Add("  this machine: lateness of a sleeping thread, p99", ResultTable.Time(Median(_machineP99)), Range(_machineP99));
            table.Add("  garbage collection, pause", _collections == 0 ? "none" : ResultTable.Time(_pauses.TotalNanoseconds / _collections), $"{_collections} in {_seconds:F0} s, {_fullCollections} full");
            table.Add("  one pass, p50", ResultTable.Time(Median(_passP50)), $"{ResultTable.Number(_batchesPerSecond)} batches/s", "", "");
            table.Add("  parse, Massive and Alpaca", "", "", $"{Math.Max(_feederBytes[0], _feederBytes[1]):F2} B/obs", ResultTable.Verdict("0 B", _feederBytes[0] + _feederBytes[1] == 0));
            table.Add("  parse, Finazon with its protobuf", "", "", $"{_feederBytes[2]:F0} B/obs");
            table.Add("  price and guard, pass that signs nothing", "", "", $"{Per(_quietBytes, _quietPasses):F1} B/pass", ResultTable.Verdict("0 B", Per(_quietBytes, _quietPasses) < 1));
            table.Add("  pass that signs", "", "", $"{Per(_signingBytes, _signingPasses):F0} B/pass");
            table.Add("  snapshot for health, 4 a second", "", "", $"{Per(_reportBytes, _reports) / 1024:F0} KiB");
            table.Add("  resident memory, peak", $"{peakMegabytes.ToString("F0", CultureInfo.InvariantCulture)} MB", "", "", ResultTable.Verdict("< 200 MB", peakMegabytes < 200));
        }

        private void Latencies(FeederThread[] feeders, Pass pass)
        {
            for (var i = 0; i < feeders.Length; i++)
            {
                var weight = feeders[i].Feeder.ObservationsPerFrame;
                while (feeders[i].Log.TryRead(rig.Taken(i), out var mark))
                {
                    _priced.Record(Stopwatch.GetElapsedTime(mark.StartedAt, pass.EndedAt), weight);
                    if (pass.SignedAt == 0) continue;
                    _signed.Record(Stopwatch.GetElapsedTime(mark.StartedAt, pass.SignedAt), weight);
                    _signedFromDue.Record(Stopwatch.GetElapsedTime(mark.DueAt, pass.SignedAt), weight);
                }
            }

            _passes.Record(Stopwatch.GetElapsedTime(pass.StartedAt, pass.EndedAt), 1);
        }

        private void Allocations(Pass pass)
        {
            if (pass.Reported)
            {
                if (pass.SignedAt != 0) return;
                _reports++;
                _reportBytes += pass.Allocated;
            }
            else if (pass.SignedAt != 0)
            {
                _signingPasses++;
                _signingBytes += pass.Allocated;
            }
            else
            {
                _quietPasses++;
                _quietBytes += pass.Allocated;
            }
        }

        private void Begin(FeederThread[] feeders, Pass pass)
        {
            _firstReceived = rig.Received;
            _firstDropped = rig.Dropped;
            _firstAllocated = GC.GetTotalAllocatedBytes();
            _firstSignatures = rig.Signatures;
            _collections = GC.CollectionCount(0);
            _fullCollections = GC.CollectionCount(2);
            _pauses = GC.GetTotalPauseDuration();
            _firstStart = pass.EndedAt;
            _firstCpu = Environment.CpuUsage.TotalTime;
            _firstFeeder = [.. feeders.Select(f => f.Feeder.ParseAllocated)];
            _firstFeederReceived = [.. feeders.Select(f => f.Feeder.Inbox.Received)];
            BeginWindow(pass);
        }

        private void BeginWindow(Pass pass)
        {
            Probe?.TakeP99();
            foreach (var histogram in new[] { _signed, _signedFromDue, _priced, _passes }) histogram.Clear();
            _windowStart = pass.EndedAt;
            _windowReceived = rig.Received;
            _windowDropped = rig.Dropped;
            _windowCpu = Environment.CpuUsage.TotalTime;
        }

        private void EndWindow(TimeSpan elapsed)
        {
            var observations = rig.Received - _windowReceived - (rig.Dropped - _windowDropped);
            _rates.Add(observations / elapsed.TotalSeconds);
            _ratesPerCpu.Add(observations / (Environment.CpuUsage.TotalTime - _windowCpu).TotalSeconds);
            _signedP50.Add(_signed.Percentile(50));
            _signedP99.Add(_signed.Percentile(99));
            _fromDueP99.Add(_signedFromDue.Percentile(99));
            _pricedP99.Add(_priced.Percentile(99));
            _passP50.Add(_passes.Percentile(50));
            if (Probe is not null) _machineP99.Add(Probe.TakeP99());
        }

        private void End(FeederThread[] feeders, Pass pass)
        {
            _seconds = Stopwatch.GetElapsedTime(_firstStart, pass.EndedAt).TotalSeconds;
            _cores = (Environment.CpuUsage.TotalTime - _firstCpu).TotalSeconds / _seconds;
            _batchesPerSecond = (rig.Signatures - _firstSignatures) / _seconds;
            _collections = GC.CollectionCount(0) - _collections;
            _fullCollections = GC.CollectionCount(2) - _fullCollections;
            _pauses = GC.GetTotalPauseDuration() - _pauses;
            _dropped = rig.Dropped - _firstDropped;
            BytesPerObservation = Per(GC.GetTotalAllocatedBytes() - _firstAllocated, rig.Received - _firstReceived);
            _feederBytes = [.. feeders.Select((f, i) => Per(f.Feeder.ParseAllocated - _firstFeeder[i], f.Feeder.Inbox.Received - _firstFeederReceived[i]))];
        }

        private static double Per(long bytes, long count) => count == 0 ? 0 : (double)bytes / count;

        private static double Median(List<double> values)
        {
            var sorted = values.Order().ToArray();
            return sorted[sorted.Length / 2];
        }

        private static string Range(List<double> values) => $"{ResultTable.Time(values.Min())} to {ResultTable.Time(values.Max())}";
    }
}
