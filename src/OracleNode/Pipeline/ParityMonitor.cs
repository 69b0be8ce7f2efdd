using NodaTime;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>
/// Watches whether all chains say the same of every feed, and what this node signed. It reports; nothing is published or
/// withheld because of it. Only the pipeline's own loop touches it.
/// </summary>
internal sealed partial class ParityMonitor
{
    private const int FeedsNamed = 5;

    /// <summary>How long another node is remembered after its last record.</summary>
    private static readonly Duration OtherNodeMemory = Duration.FromMinutes(10);

    private readonly ChainPlanner[] _chains;
    private readonly string[] _feeds;
    private readonly Dictionary<FeedId, int> _indexOf;
    private readonly SignedRecords[] _signed;
    private readonly ParityWatch[][] _watches;
    private readonly ParityFinding[][] _findings;
    private readonly ParityReading[] _readings;
    private readonly ParityMeasurement[] _measurements;
    private readonly Instant?[,] _otherNodes;
    private readonly int _nodeSlot;
    private readonly ILogger _logger;
    private ulong? _firstSigned;

    public ParityMonitor(PipelinePlan plan, ILogger logger)
    {
        _chains = [.. plan.Chains];
        _feeds = [.. plan.Slots.Select(s => s.Feed.Name)];
        _indexOf = plan.Slots.Select((s, i) => (s.Id, i)).ToDictionary(p => p.Id, p => p.i);
        _signed = [.. plan.Slots.Select(_ => new SignedRecords())];
        _watches = [.. _chains.Select(_ => _feeds.Select(_ => new ParityWatch()).ToArray())];
        _findings = [.. _chains.Select(_ => new ParityFinding[_feeds.Length])];
        _readings = new ParityReading[_chains.Length];
        _measurements = new ParityMeasurement[_chains.Length];
        _otherNodes = new Instant?[_chains.Length, BatchSequence.Slots];
        _nodeSlot = plan.NodeSlot;
        _logger = logger;
    }

    /// <summary>What was last found about a chain, in feed order.</summary>
    public ReadOnlySpan<ParityFinding> Findings(int chain) => _findings[chain];

    /// <summary>Takes a batch just signed, before any chain can have it.</summary>
    public void Signed(SignedBatch batch)
    {
        _firstSigned ??= batch.Header.Sequence;
        for (var i = 0; i < batch.Feeds.Count; i++) _signed[_indexOf[batch.Feeds[i]]].Add(batch.Header.Sequence, batch.Records[i]);
    }

    /// <summary>Looks at every feed on every chain as the planners last saw them; what changed is logged, a line per chain and verdict.</summary>
    public void Observe(Instant now)
    {
        List<(int Chain, int Feed, ParityVerdict Before)>? changed = null;
        for (var feed = 0; feed < _feeds.Length; feed++)
        {
            for (var c = 0; c < _chains.Length; c++) _readings[c] = ReadingOf(c, feed);
            ChainParity.Measure(_readings, _signed[feed], _firstSigned, _nodeSlot, now, _measurements);
            for (var c = 0; c < _chains.Length; c++)
            {
                var before = _findings[c][feed].Verdict;
                var finding = _watches[c][feed].Advance(_measurements[c], _readings[c].Landed?.Sequence ?? 0, _chains[c].Settings[feed].LandingMargin, now);
                _findings[c][feed] = finding;
                if (finding.Measurement.Content == ParityContent.OtherNode) SeeOtherNode(c, finding.Measurement.Slot, now);
                if (finding.Verdict != before) (changed ??= []).Add((c, feed, before));
            }
        }

        if (changed is not null) Say(changed);
        ForgetOtherNodes(now);
    }

    private ParityReading ReadingOf(int chain, int feed)
    {
        var landed = _chains[chain].Feeds[feed].Landed;
        return new ParityReading
        {
            WasRead = landed is not null,
            Landed = landed?.Record is { } record ? new LandedRecord(record, landed.Sequence) : null,
            Stored = landed?.Stored ?? RecordFields.None,
            Settings = _chains[chain].Settings[feed],
        };
    }

    private void Say(List<(int Chain, int Feed, ParityVerdict Before)> changed)
    {
        foreach (var group in changed.GroupBy(x => (x.Chain, _findings[x.Chain][x.Feed].Verdict)))
        {
            var (chain, verdict) = group.Key;
            var name = _chains[chain].Chain.Name;
            switch (verdict)
            {
                case ParityVerdict.Differs:
                    var differing = Named(group, (f, m) => m.Fields == RecordFields.None ? $"{f} {m.Content}" : $"{f} {m.Content} in {m.Fields}");
                    LogDiffers(name, differing);
                    break;
                case ParityVerdict.Lags:
                    var lagging = Named(group, (f, m) => $"{f} {m.Behind.TotalSeconds:F0} s behind, due for {m.Due}");
                    LogLags(name, lagging, group.Max(x => _chains[chain].Settings[x.Feed].LandingMargin.TotalSeconds));
                    break;
                case ParityVerdict.Agrees when group.Any(x => x.Before != ParityVerdict.Unknown):
                    var agreeing = Named(group.Where(x => x.Before != ParityVerdict.Unknown), (f, _) => f);
                    LogAgrees(name, agreeing);
                    break;
            }
        }
    }

    private string Named(IEnumerable<(int Chain, int Feed, ParityVerdict Before)> changed, Func<string, ParityMeasurement, string> words)
    {
        var all = changed.ToList();
        var named = string.Join("; ", all.Take(FeedsNamed).Select(x => words(_feeds[x.Feed], _findings[x.Chain][x.Feed].Measurement)));
        return all.Count > FeedsNamed ? $"{named}; and {all.Count - FeedsNamed} more" : named;
    }

    private void SeeOtherNode(int chain, int slot, Instant now)
    {
        if (_otherNodes[chain, slot] is null) LogOtherNode(_chains[chain].Chain.Name, slot);
        _otherNodes[chain, slot] = now;
    }

    private void ForgetOtherNodes(Instant now)
    {
        for (var chain = 0; chain < _chains.Length; chain++)
        {
            for (var slot = 0; slot < BatchSequence.Slots; slot++)
            {
                if (_otherNodes[chain, slot] is not { } seen || now - seen < OtherNodeMemory) continue;
                _otherNodes[chain, slot] = null;
                LogOtherNodeGone(_chains[chain].Chain.Name, slot, OtherNodeMemory.TotalMinutes);
            }
        }
    }
}
