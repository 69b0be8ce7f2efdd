using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>
/// The node without its waiting: inputs and ticks in, unsigned batches out. The live pipeline and the replay both drive this, so that what
/// a replay shows is what the node does. It owns all feed state and reads no clock. Not for use by two threads at once.
/// </summary>
internal sealed class OracleFold
{
    private readonly PipelinePlan _plan;
    private readonly MarketFold _market;
    private readonly IFoldReport _report;
    private readonly IInputRecorder? _recorder;
    private readonly FeedSlot[] _slots;
    private readonly ChainPlanner[] _chains;
    private readonly string?[] _saidOfFeeds;
    private readonly string?[] _saidOfChains;
    private readonly string?[] _saidPlanFaults;
    private readonly bool[] _included;
    private readonly bool[] _chainIncluded;
    private readonly bool[] _needed;

    // Monotonic arrival of the newest observation that each feed took in during this pass; 0 for none.
    private readonly long[] _arrivedAt;
    private readonly List<(FeedId, FeedRecord)> _records;
    private readonly List<int> _places;
    private readonly FeedAlarms _alarms;
    private readonly ActionAlarms _actionAlarms;
    private readonly SurroundingsReport _surroundings;
    private int _saidGuardFaults;

    /// <param name="plan">What it runs.</param>
    /// <param name="report">Who is told of faults.</param>
    /// <param name="recorder">Who writes the log down; null for nobody.</param>
    public OracleFold(PipelinePlan plan, IFoldReport report, IInputRecorder? recorder = null)
    {
        _plan = plan;
        _market = plan.Market;
        _report = report;
        _recorder = recorder;
        _alarms = new FeedAlarms(plan.Market, report);
        _actionAlarms = new ActionAlarms(plan.Market, plan.Registered, report);
        _surroundings = new SurroundingsReport(plan.Market, report);
        _slots = [.. plan.Slots];
        _chains = [.. plan.Chains];
        _saidOfFeeds = new string?[_slots.Length];
        _saidOfChains = new string?[_chains.Length];
        _saidPlanFaults = new string?[_chains.Length];
        _included = new bool[_slots.Length];
        _chainIncluded = new bool[_slots.Length];
        _needed = new bool[_chains.Length];
        _arrivedAt = new long[_slots.Length];
        _records = new List<(FeedId, FeedRecord)>(_slots.Length);
        _places = new List<int>(_slots.Length);
    }

    public ReadOnlySpan<FeedSlot> Slots => _slots;

    /// <summary>Highest sequence used or found on a chain.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>True once the feeds go on from what the chains hold; nothing is priced before.</summary>
    public bool IsRestored { get; private set; }

    /// <summary>Does a chain need the batch that was planned last?</summary>
    public bool Needs(int chain) => _needed[chain];

    /// <summary>Begins a pass: what arrived before was decided before, so that latency is that of what arrives now.</summary>
    public void BeginPass() => Array.Clear(_arrivedAt);

    /// <summary>Takes one input in.</summary>
    /// <param name="input">The input.</param>
    /// <param name="arrivedAt">Monotonic time of its arrival; 0 where none is measured.</param>
    public InputOutcome Apply(in MarketInput input, long arrivedAt)
    {
        _recorder?.Record(input);
        var outcome = _market.Apply(input);
        if (input.Kind != MarketInputKind.Observation) return outcome;
        foreach (var place in _market.SharesOf(input.Observation.Instrument))
            if (_market.IsDirty(place))
                _arrivedAt[place] = arrivedAt;
        return outcome;
    }

    /// <summary>A token's multiplier could not even be asked for: its feeds stop.</summary>
    public void StopToken(TokenId token, Exception cause)
    {
        for (var i = 0; i < _slots.Length; i++)
            if (_market.RulesOf(i) is TokenFeedRules rules && rules.Token == token && _market.FaultOf(i) is null)
                _market.Stop(i, cause);
    }

    /// <summary>
    /// Last price, average and sequence come from the chains before anything is priced or signed: from all of them when they
    /// answer in time, else from those that did. What cannot be true is not taken over; a feed of which only such is known waits.
    /// </summary>
    /// <param name="now">Market time.</param>
    /// <param name="isPatient">True while chains that have not answered yet are waited for.</param>
    /// <param name="problem">What a person should know about why not; null when there is nothing to say.</param>
    public bool TryRestore(Instant now, bool isPatient, out string? problem)
    {
        problem = null;
        var connected = false;
        var attempted = true;
        for (var c = 0; c < _chains.Length; c++)
        {
            _chains[c].Refresh(now);
            SayOfChain(c, _chains[c].Problem);
            connected |= _chains[c].State.Connected;
            attempted &= _chains[c].Chain.FirstAttempt.IsCompleted;
        }

        if (!connected || (!attempted && isPatient)) return false;

        var newest = new (FeedRecord Record, ulong Sequence)?[_slots.Length];
        for (var i = 0; i < _slots.Length; i++)
        {
            if (TryFindNewest(i, now, out newest[i])) continue;
            problem = $"no connected chain holds anything of {_slots[i].Feed.Name} that can be true now, so nothing is known to go on from";
            return false;
        }

        var restored = 0;
        for (var i = 0; i < _slots.Length; i++)
        {
            if (newest[i] is not { } held) continue;
            restored++;
            _recorder?.RecordRestore(now, _slots[i].Feed, held.Record, held.Sequence);
            _slots[i].NoteSigned(held.Record);
            _market.Restore(i, FeedRecordFactory.ToRestored(held.Record));
            _alarms.Restored(i, held.Record.Price);
        }

        IsRestored = true;
        _report.Restored(restored, _slots.Length);
        return true;
    }

    /// <summary>The code that is accepted for a token; null while there is none to be remembered.</summary>
    public string? AcceptedCodeOf(TokenId token) => _market.AcceptedCodeOf(token);

    /// <summary>Prices and guards, and makes the record of every feed that decided.</summary>
    /// <param name="now">Market time.</param>
    /// <param name="everything">False for what took something in only.</param>
    public void Tick(Instant now, bool everything)
    {
        if (everything) AdoptNewer(now);
        _recorder?.RecordTick(now, everything);
        _market.Tick(now, everything);
        _alarms.Look(now);
        _actionAlarms.Look(now);
        for (var i = 0; i < _slots.Length; i++)
        {
            // Most feeds at most ticks: nothing of them is touched.
            if (!_market.HasDecided(i) && _market.FaultOf(i) is null) continue;
            var slot = _slots[i];
            if (slot.IsStopped) continue;
            if (_market.FaultOf(i) is { } fault)
            {
                slot.Stop(fault.Problem);
                _saidOfFeeds[i] = slot.Problem;
                _report.FeedStopped(slot.Feed.Name, fault.Problem, fault.Cause);
                continue;
            }

            if (_market.RulesOf(i) is TokenFeedRules token) _arrivedAt[i] = _arrivedAt[token.Underlying];
            var decision = _market.DecisionOf(i)!;
            while (_market.TransitionsOf(i).TryTake(out var transition)) _report.Changed(i, transition);
            _alarms.Look(i, decision);
            _actionAlarms.Look(i, decision);
            Propose(i, slot, decision);
        }

        for (; _saidGuardFaults < _market.GuardFaults.Count; _saidGuardFaults++)
        {
            var fault = _market.GuardFaults[_saidGuardFaults];
            _report.GuardStopped(fault.Problem, fault.Cause);
        }

        _surroundings.Say();
    }

    /// <summary>
    /// Of a feed that has no price of this moment, what the chains hold that is newer than what was signed here becomes what this node stands behind, as after a
    /// start: when the node that signed it dies on a Saturday, this one attests it at once. In a session that other node is first given the time in which it
    /// must be heard from: two nodes of two minds must not answer each other. Recorded, so that a replay does the same.
    /// </summary>
    private void AdoptNewer(Instant now)
    {
        var areRead = false;
        for (var i = 0; i < _slots.Length; i++)
        {
            var slot = _slots[i];
            if (slot.IsStopped || slot.Decision is not { IsFresh: false } decision) continue;
            if (!areRead) areRead = ReadChains(now);
            if (!areRead) return;
            if (!TryFindNewest(i, now, out var newest) || newest is not { } held || held.Record.Price.IsNone) continue;
            if (slot.Candidate is { } ours && held.Record.ObservedAtUnixMillis <= ours.ObservedAtUnixMillis) continue;
            if (!(decision.State == FeedState.Closed && held.Record.State == FeedState.Closed) && !IsAbandoned(i, decision.Session, held.Sequence, now)) continue;
            if (!IsWitnessed(i, held.Record, now)) continue;
            _recorder?.RecordRestore(now, slot.Feed, held.Record, held.Sequence);
            _market.TryAdopt(i, FeedRecordFactory.ToRestored(held.Record));
            slot.NoteSigned(held.Record);
            _report.Adopted(slot.Feed.Name, held.Record.Price, Instant.FromUnixTimeMilliseconds(held.Record.ObservedAtUnixMillis), (int)(held.Sequence % BatchSequence.Slots));
        }
    }

    private bool ReadChains(Instant now)
    {
        try
        {
            foreach (var chain in _chains) chain.Refresh(now);
            return true;
        }
        catch (Exception)
        {
            // The plan of this pass reads them too, and says what is wrong.
            return false;
        }
    }

    /// <summary>Nobody has attested the feed anywhere for longer than every chain's cadence and landing allow.</summary>
    private bool IsAbandoned(int feed, MarketSession session, ulong sequence, Instant now)
    {
        var longest = Duration.Zero;
        foreach (var chain in _chains)
        {
            var settings = chain.Settings[feed];
            longest = Duration.Max(longest, Duration.Max(settings[session].Heartbeat, settings[session].Attestation) + settings.LandingMargin);
        }

        return now - Instant.FromUnixTimeMilliseconds((long)(sequence / BatchSequence.Slots)) > longest;
    }

    /// <summary>Where there are several chains two must say the same: nobody signs on the word of one endpoint.</summary>
    private bool IsWitnessed(int feed, in FeedRecord record, Instant now)
    {
        var witnesses = 0;
        foreach (var chain in _chains)
        {
            if (chain.Feeds[feed].Landed?.Record is not { } held || !chain.IsCredible(feed, now)) continue;
            if (held.Price == record.Price && held.ObservedAtUnixMillis == record.ObservedAtUnixMillis && held.Token?.Multiplier == record.Token?.Multiplier) witnesses++;
        }

        return witnesses >= int.Min(2, _chains.Length);
    }

    /// <summary>Decides which chains need which feeds now.</summary>
    /// <returns>True when a batch is due.</returns>
    public bool Plan(Instant now)
    {
        Array.Clear(_included);
        var any = false;
        for (var c = 0; c < _chains.Length; c++)
        {
            _needed[c] = NeedsAny(c, now);
            if (!_needed[c]) continue;
            any = true;
            for (var i = 0; i < _included.Length; i++) _included[i] |= _chainIncluded[i];
        }

        return any;
    }

    /// <summary>
    /// Makes the batch that was planned. Its sequence is used up, whatever becomes of it: no two payloads ever carry one.
    /// </summary>
    /// <exception cref="ArgumentException">A record cannot be put into a batch: a fault of ours.</exception>
    public BatchAttempt Make(Instant now)
    {
        if (_market.IsClockWrong) return new BatchAttempt(null, [], 0, SurroundingsReport.ClockProblem(_market.Clock, isWrong: true));
        if (!BatchSequence.TryNext(now, _plan.NodeSlot, LastSequence, out var sequence))
            return new BatchAttempt(null, [], 0, $"the last sequence {LastSequence} lies ahead of market time: the clock went back");

        var newestInput = Collect(sequence);
        if (_records.Count == 0) return new BatchAttempt(null, [], 0, "all that is due was observed after market time: the clock went back");

        LastSequence = sequence;
        var evidence = TakeEvidence();
        var batch = UnsignedBatch.Create(_plan.Deployment, _plan.SignerEpoch, sequence, _records, EvidenceCodec.RootOf(evidence));
        return new BatchAttempt(batch, evidence, newestInput, null);
    }

    /// <summary>The batch that was made last was signed: from now on its prices are what readers may have seen.</summary>
    public void NoteSigned()
    {
        for (var i = 0; i < _places.Count; i++) _slots[_places[i]].NoteSigned(_records[i].Item2);
    }

    private byte[][] TakeEvidence()
    {
        var evidence = new byte[_places.Count][];
        var calendar = _market.Calendar.Fingerprint.Span;
        for (var i = 0; i < evidence.Length; i++)
        {
            var place = _places[i];
            evidence[i] = EvidenceCodec.Encode(_slots[place].Id.Tag, _slots[place].Decision!, _market.TermsOf(place), _plan.Settings, calendar);
        }

        return evidence;
    }

    private void Propose(int place, FeedSlot slot, FeedDecision decision)
    {
        try
        {
            slot.Propose(decision);
        }
        catch (Exception e)
        {
            _market.Stop(place, e);
            slot.Stop($"stopped by a fault: {e.Message}");
            _saidOfFeeds[place] = slot.Problem;
            _report.FeedStopped(slot.Feed.Name, slot.Problem!, e);
            return;
        }

        if (ReferenceEquals(slot.Problem, _saidOfFeeds[place])) return;
        _saidOfFeeds[place] = slot.Problem;
        if (slot.Problem is { } problem) _report.FeedNotPublished(slot.Feed.Name, problem);
    }

    /// <summary>The credible record with the highest sequence; null when the chains hold none. False when all they hold is incredible.</summary>
    private bool TryFindNewest(int feed, Instant now, out (FeedRecord Record, ulong Sequence)? newest)
    {
        newest = null;
        var known = false;
        foreach (var chain in _chains)
        {
            if (chain.Feeds[feed].Landed is not { } held || !chain.IsCredible(feed, now)) continue;
            known = true;
            if (held.Record is not { } record || held.Sequence < (newest?.Sequence ?? 0)) continue;
            // The same record from a chain that stores less of it would lose the average to go on from.
            if (held.Sequence == newest?.Sequence && held.Stored != RecordFields.All) continue;
            newest = (record, held.Sequence);
        }

        return known;
    }

    /// <summary>Marks in <see cref="_chainIncluded"/> what one chain needs.</summary>
    private bool NeedsAny(int c, Instant now)
    {
        var chain = _chains[c];
        Array.Clear(_chainIncluded);
        try
        {
            chain.Refresh(now);
            SayOfChain(c, chain.Problem);
            if (chain.HighestSequence > LastSequence) LastSequence = chain.HighestSequence;
            var needsAny = chain.Plan(_slots, now, _chainIncluded) > 0;
            _saidPlanFaults[c] = null;
            return needsAny;
        }
        catch (Exception e)
        {
            if (_saidPlanFaults[c] != e.Message) _report.PlanFault(chain.Chain.Name, e);
            _saidPlanFaults[c] = e.Message;
            return false;
        }
    }

    /// <summary>Gathers the records of the batch; monotonic arrival of the newest observation behind them, 0 for none.</summary>
    private long Collect(ulong sequence)
    {
        _records.Clear();
        _places.Clear();
        var attestedAtUnixMillis = (long)(sequence / BatchSequence.Slots);
        var newestInput = 0L;
        for (var i = 0; i < _slots.Length; i++)
        {
            // Observed after it is attested: the clock was set back a little. No chain would take it; it stays due until the clock is there again.
            if (!_included[i] || _slots[i].Candidate is not { } record || record.ObservedAtUnixMillis > attestedAtUnixMillis) continue;
            _records.Add((_slots[i].Id, record));
            _places.Add(i);
            newestInput = Math.Max(newestInput, _arrivedAt[i]);
        }

        return newestInput;
    }

    private void SayOfChain(int chain, string? problem)
    {
        if (problem == _saidOfChains[chain]) return;
        _saidOfChains[chain] = problem;
        if (problem is not null) _report.ChainNotCredible(_chains[chain].Chain.Name, problem);
    }
}

/// <summary>A batch, or why there is none.</summary>
/// <param name="Batch">The batch, ready to be signed.</param>
/// <param name="Evidence">Canonical evidence of each of its records, in their order.</param>
/// <param name="NewestInput">Monotonic arrival of the newest observation behind it; 0 when no observation led to it.</param>
/// <param name="Problem">Why there is none.</param>
internal readonly record struct BatchAttempt(UnsignedBatch? Batch, IReadOnlyList<byte[]> Evidence, long NewestInput, string? Problem);
