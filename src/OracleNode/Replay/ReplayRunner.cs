using NodaTime;
using OracleNode.Chains;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Pricing;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>
/// Runs an ordered log through the node's own fold, records, sequences and publish policy, against a simulated chain for each that is
/// configured. Time is the log's: no clock is read, nothing is signed or sent, and the same log gives the same output.
/// </summary>
internal sealed class ReplayRunner : IFoldReport
{
    private readonly Action<OutputEntry> _output;
    private readonly OracleFold _fold;
    private readonly MarketFold _market;
    private readonly SimulatedChain[] _chains;
    private readonly FeedId[] _ids;
    private readonly Told[] _told;
    private Instant? _pending;
    private bool _pendingIsFull;
    private Instant _now;
    private string? _saidProblem;

    /// <param name="settings">The configuration; its chains say how often each wants to be written to.</param>
    /// <param name="calendar">The calendar in force at the start.</param>
    /// <param name="output">Receives every line of output, in order.</param>
    /// <param name="header">Where ticks come from; null for the default.</param>
    public ReplayRunner(NodeSettings settings, TradingCalendar calendar, Action<OutputEntry> output, EventHeader? header = null)
    {
        Names = new EventNames(settings);
        Header = header ?? EventHeader.Default;
        _output = output;
        _market = MarketFoldFactory.Create(settings, calendar);
        FeedSlot[] slots = [.. settings.Feeds.Select(f => new FeedSlot(f.Feed))];
        _ids = [.. slots.Select(s => s.Id)];
        _chains =
        [
            .. settings.Options.Chains.Evm.Select(c => new SimulatedChain(c.Name, ChainKind.Evm, _ids)),
            .. settings.Options.Chains.Solana.Select(c => new SimulatedChain(c.Name, ChainKind.Solana, _ids)),
        ];
        _told = new Told[slots.Length];
        _fold = new OracleFold(
            new PipelinePlan(
                _market, slots, [.. _chains.Select(c => new ChainPlanner(c, settings.Publishing[c.Name]))], settings.Deployment,
                settings.Options.Signing.Epoch, settings.Options.Signing.SignerIndex, settings.Options.NodeSlot, SettingsDigest.Of(settings).Hash)
            {
                Registered = RegisteredBounds.Of(settings),
            },
            this);
    }

    /// <summary>The configuration's names, for a reader or writer of events.</summary>
    public EventNames Names { get; }

    /// <summary>Where ticks come from.</summary>
    public EventHeader Header { get; }

    /// <summary>Every feed as of the latest tick.</summary>
    public ReadOnlySpan<FeedSlot> Feeds => _fold.Slots;

    /// <summary>Entries taken in so far.</summary>
    public long Events { get; private set; }

    /// <summary>Runs a whole event file.</summary>
    /// <exception cref="EventFileException">A line is wrong; everything before it has been run.</exception>
    public static IReadOnlyList<OutputEntry> Run(NodeSettings settings, TradingCalendar calendar, Stream events)
    {
        var reader = new EventReader(events, new EventNames(settings));
        var output = new List<OutputEntry>();
        var runner = new ReplayRunner(settings, calendar, output.Add, reader.Header);
        while (reader.TryRead(out var entry)) runner.Take(entry);
        runner.Finish();
        return output;
    }

    /// <summary>Runs entries made in memory.</summary>
    public static IReadOnlyList<OutputEntry> Run(NodeSettings settings, TradingCalendar calendar, IEnumerable<ReplayEvent> events, EventHeader? header = null)
    {
        var output = new List<OutputEntry>();
        var runner = new ReplayRunner(settings, calendar, output.Add, header);
        foreach (var entry in events) runner.Take(entry);
        runner.Finish();
        return output;
    }

    /// <summary>Takes the next entry of the log in.</summary>
    /// <exception cref="EventFileException">The entry comes too late.</exception>
    public void Take(in ReplayEvent entry)
    {
        Events++;
        if (Header.ListsTicks)
        {
            if (entry.Type == ReplayEventType.Tick) Tick(entry.At, entry.Everything);
            else Apply(entry);
            return;
        }

        AdvanceTo(entry.At);
        Apply(entry);

        // What is rare may concern every feed; an observation concerns one.
        _pendingIsFull |= entry.Type != ReplayEventType.Input || entry.Input.Kind != MarketInputKind.Observation;
    }

    /// <summary>Makes the last tick that is due.</summary>
    public void Finish()
    {
        if (_pending is { } last) Tick(last, _pendingIsFull);
        _pending = null;
    }

    void IFoldReport.FeedStopped(string feed, string problem, Exception? cause) => Alarm(problem, feed);

    void IFoldReport.FeedNotPublished(string feed, string problem) => Alarm(problem, feed);

    void IFoldReport.GuardStopped(string problem, Exception? cause) => Alarm(problem);

    void IFoldReport.ChainNotCredible(string chain, string problem) => Alarm(problem, chain: chain);

    void IFoldReport.PlanFault(string chain, Exception cause) => Alarm(cause.Message, chain: chain);

    /// <summary>Every change is told with all that belongs to it, by <see cref="TellStates"/>.</summary>
    void IFoldReport.Changed(int feed, in FeedTransition transition)
    {
    }

    void IFoldReport.Alarm(string? feed, AlarmKind kind, string message) => Alarm($"{kind}: {message}", feed);

    void IFoldReport.MarketDistrusted(string problem) => Alarm($"not trusted: {problem}");

    void IFoldReport.MarketTrusted(string problem) => Alarm($"trusted again: {problem}");

    void IFoldReport.Restored(int restored, int feeds)
    {
    }

    /// <summary>Ticks at the time of the entries before, and then on the grid up to the next entry's time.</summary>
    private void AdvanceTo(Instant next)
    {
        if (_pending is not { } last)
        {
            Pend(next);
            return;
        }

        if (next <= last) return;
        Tick(last, _pendingIsFull);
        for (var grid = GridAfter(last); grid < next; grid += Header.TickPeriod) Tick(grid, everything: true);
        Pend(next);
    }

    private void Pend(Instant at)
    {
        _pending = at;
        _pendingIsFull = GridAfter(at - Duration.Epsilon) == at;
    }

    /// <summary>The grid is that of whole periods since the Unix epoch, so that it falls on the sessions' seconds.</summary>
    private Instant GridAfter(Instant at)
    {
        var period = Header.TickPeriod.BclCompatibleTicks;
        var ticks = at.ToUnixTimeTicks();
        var sinceGrid = ((ticks % period) + period) % period;
        return Instant.FromUnixTimeTicks(ticks - sinceGrid + period);
    }

    private void Apply(in ReplayEvent entry)
    {
        switch (entry.Type)
        {
            case ReplayEventType.Input:
                if (!Header.ListsTicks) _now = entry.At;
                Judge(entry.Input, _fold.Apply(entry.Input, arrivedAt: 0));
                break;
            case ReplayEventType.Restore:
                foreach (var chain in _chains) chain.Hold(entry.Feed, entry.Record, entry.Sequence);
                break;
            case ReplayEventType.Gap:
                _now = entry.At;
                Alarm($"{entry.Sequence} inputs are missing from the recording here: from now on the output may differ from what the node did");
                break;
        }
    }

    private void Tick(Instant now, bool everything)
    {
        _now = now;
        if (!_fold.IsRestored && !_fold.TryRestore(now, isPatient: false, out var problem))
        {
            SayProblem(problem);
            return;
        }

        _fold.Tick(now, everything);
        TellStates();
        if (!_fold.Plan(now))
        {
            SayProblem(null);
            return;
        }

        var attempt = _fold.Make(now);
        SayProblem(attempt.Problem);
        if (attempt.Batch is not { } batch) return;
        _fold.NoteSigned();
        Land(batch);
    }

    private void Land(UnsignedBatch batch)
    {
        var sequence = batch.Header.Sequence;
        for (var i = 0; i < batch.Feeds.Count; i++)
        {
            var place = Array.IndexOf(_ids, batch.Feeds[i]);
            var decision = OutputDecision.Of(_market.DecisionOf(place)!);
            for (var c = 0; c < _chains.Length; c++)
            {
                if (!_fold.Needs(c)) continue;
                var outcome = _chains[c].Store(place, batch.Records[i], sequence);
                if (outcome is not (StoreOutcome.Round or StoreOutcome.Attestation))
                {
                    // An honest plan never comes to this; the registries skip what would go back.
                    Alarm($"the record of batch {sequence} is skipped: {outcome}", Names.Feeds[place].Name, _chains[c].Name);
                    continue;
                }

                _output(new OutputEntry
                {
                    Time = _now,
                    Kind = outcome == StoreOutcome.Round ? OutputKind.Round : OutputKind.Attestation,
                    Feed = Names.Feeds[place].Name,
                    Chain = _chains[c].Name,
                    Sequence = sequence,
                    Record = batch.Records[i],
                    Decision = decision,
                });
            }
        }
    }

    private void TellStates()
    {
        for (var i = 0; i < _told.Length; i++)
        {
            if (!_market.HasDecided(i)) continue;
            var decision = _market.DecisionOf(i)!;
            var now = new Told(decision.State, decision.Reason, decision.HoldReasons, decision.HaltReason, decision.Session, decision.ClosedReason);
            if (now == _told[i]) continue;
            var from = _told[i].State;
            _told[i] = now;
            _output(new OutputEntry { Time = _now, Kind = OutputKind.State, Feed = Names.Feeds[i].Name, From = from, Decision = OutputDecision.Of(decision) });
        }
    }

    private void Judge(in MarketInput input, InputOutcome outcome)
    {
        if (outcome is not (InputOutcome.Applied or InputOutcome.Kept)) Reject(input, null, outcome.ToString());
        if (input.Kind != MarketInputKind.Observation) return;
        foreach (var place in _market.SharesOf(input.Observation.Instrument))
        {
            var reason = _market.OutcomeOf(place);
            if (reason != InputReason.Used) Reject(input, Names.Feeds[place].Name, reason.ToString());
        }
    }

    private void Reject(in MarketInput input, string? feed, string reason) => _output(new OutputEntry
    {
        Time = input.ReceivedAt,
        Kind = OutputKind.InputRejected,
        Feed = feed,
        Input = input.Kind == MarketInputKind.Observation ? input.Observation.Kind.ToString() : input.Kind.ToString(),
        Source = input.Kind == MarketInputKind.Observation ? Names.Sources[input.Observation.Source.Index].Name : null,
        Message = reason,
    });

    private void SayProblem(string? problem)
    {
        if (problem == _saidProblem) return;
        _saidProblem = problem;
        if (problem is not null) Alarm(problem);
    }

    private void Alarm(string message, string? feed = null, string? chain = null) =>
        _output(new OutputEntry { Time = _now, Kind = OutputKind.Alarm, Feed = feed, Chain = chain, Message = message });

    /// <summary>What was last told of a feed.</summary>
    private readonly record struct Told(
        FeedState State, DecisionReason Reason, HoldReasons Holds, HaltReason Halt, MarketSession Session, ClosedReason Closed);
}
