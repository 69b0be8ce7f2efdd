using NodaTime;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Replay;

namespace OracleNode.Scenarios;

/// <summary>What the node promises whatever happens, held against every scenario.</summary>
internal sealed class ScenarioPromises
{
    private const int MostFailures = 12;

    private readonly Scenario _scenario;
    private readonly List<string> _failures = [];
    private readonly List<Sample> _samples = [];
    private readonly List<string> _names;

    public ScenarioPromises(Scenario scenario)
    {
        _scenario = scenario;
        _names = [.. scenario.Settings.Feeds.Select(f => f.Feed.Name)];
    }

    /// <summary>Takes note of what every feed says after a tick of the whole run.</summary>
    public void Observe(int tick, Instant at, ReadOnlySpan<FeedSlot> feeds)
    {
        for (var i = 0; i < feeds.Length; i++) _samples.Add(Sample.Of(at, feeds[i].Decision));
    }

    /// <summary>Every promise that is broken.</summary>
    /// <param name="output">The output of the run that was observed.</param>
    public List<string> Conclude(List<OutputEntry> output)
    {
        RequireHonestRecords(output);
        RequireNothingObservedInAHold(output);
        RequireTheSameBytes(output);
        RequireEntryAndExit(output);
        RequireReasons(output);
        RequireIndependence();
        return _failures;
    }

    /// <summary>
    /// Promise 3 to the letter: rounds that opened on a chain while the market was closed or halted. What tokens' own markets make is of those markets, which never close; it says the
    /// session of the share.
    /// </summary>
    public static List<string> RoundsWithoutMarket(NodeSettings settings, IReadOnlyList<OutputEntry> output) =>
    [
        .. from entry in output
           where entry.Kind == OutputKind.Round && settings.Feeds.First(f => f.Feed.Name == entry.Feed).MaxAge is null
           let decision = entry.Decision!
           where decision.Session is MarketSession.Closed or MarketSession.Unknown || decision.Halt is not (HaltReason.None or HaltReason.Venue)
           select $"promise 3: {entry.Feed} on {entry.Chain} at {entry.Time}: a new round while {decision.State} ({decision.Reason}), {decision.Session}, halt {decision.Halt}, observed {decision.ObservedAt}",
    ];

    /// <summary>Promises 1 and 2: positive prices, time that never goes back, runs ahead or is newer than what was said, and tokens that are what they are made of.</summary>
    private void RequireHonestRecords(List<OutputEntry> output)
    {
        foreach (var group in output.Where(e => e.Record is not null).GroupBy(e => (e.Feed, e.Chain)))
        {
            var isPricedByTheShare = _scenario.Settings.Feeds.First(f => f.Feed.Name == group.Key.Feed).Feed.Unit == FeedUnit.UiToken;
            var (sequence, observedAt) = HeldBefore(group.Key.Feed!);
            var newest = new NewestInput(_scenario, group.Key.Feed!);
            foreach (var entry in group)
            {
                var record = entry.Record!.Value;
                var what = $"{group.Key.Feed} on {group.Key.Chain} at {entry.Time}";
                if (record.Price.E8 <= 0) Fail(1, $"{what}: price {record.Price}");
                if (entry.Sequence <= sequence) Fail(1, $"{what}: sequence {entry.Sequence} after {sequence}");
                if (record.ObservedAtUnixMillis < observedAt) Fail(1, $"{what}: observedAt went back");
                if (entry.Kind == OutputKind.Round != record.ObservedAtUnixMillis > observedAt) Fail(1, $"{what}: {entry.Kind} from {observedAt} to {record.ObservedAtUnixMillis}");
                if (record.ObservedAtUnixMillis > entry.Time.ToUnixTimeMilliseconds()) Fail(1, $"{what}: observedAt is in the future");
                if (entry.Kind == OutputKind.Round && record.ObservedAtUnixMillis > newest.At(entry.Time)) Fail(1, $"{what}: observedAt is newer than its newest input");
                (sequence, observedAt) = (entry.Sequence!.Value, record.ObservedAtUnixMillis);
                if (record.Token is not { } token || UnitOf(group.Key.Feed!) == FeedUnit.IndicativeShare) continue;

                // An 18-digit multiplier times an 8-digit price, cut to 8 digits: at most one unit of the last one off.
                var exact = isPricedByTheShare ? token.Underlying.E8 : (Int128)token.Underlying.E8 * (Int128)token.Multiplier.E18 / 1_000_000_000_000_000_000;
                if (Int128.Abs(exact - record.Price.E8) > 1) Fail(2, $"{what}: {record.Price} is not {token.Underlying} times {token.Multiplier}");
            }
        }
    }

    private FeedUnit UnitOf(string feed) => _scenario.Settings.Feeds[_names.IndexOf(feed)].Feed.Unit;

    /// <summary>What the chains held of a feed before the run.</summary>
    private (ulong Sequence, long ObservedAt) HeldBefore(string feed)
    {
        foreach (var entry in _scenario.Log)
            if (entry.Type == ReplayEventType.Restore && _names[entry.Feed] == feed)
                return (entry.Sequence, entry.Record.ObservedAtUnixMillis);
        return default;
    }

    /// <summary>
    /// Promise 3: while a feed is not Live or Degraded its record may be attested again, but nothing that was observed since then enters it; and the record of the
    /// change carries what was true before it.
    /// </summary>
    private void RequireNothingObservedInAHold(List<OutputEntry> output)
    {
        foreach (var feed in output.Where(e => e.Kind is OutputKind.State or OutputKind.Round or OutputKind.Attestation).GroupBy(e => e.Feed))
        {
            Instant? since = null;
            foreach (var entry in feed)
            {
                var isFresh = entry.Decision!.State is FeedState.Live or FeedState.Degraded;
                if (isFresh) since = null;
                else since ??= entry.Time;
                if (since is { } stopped && entry.Record is { } record && record.ObservedAtUnixMillis > stopped.ToUnixTimeMilliseconds())
                    Fail(3, $"{entry.Feed} on {entry.Chain} at {entry.Time}: {entry.Decision.State} since {stopped}, and observed {entry.Decision.ObservedAt}");
            }
        }
    }

    /// <summary>Promise 4: from the event file, with ticks of the replay's own making, to the same bytes.</summary>
    private void RequireTheSameBytes(List<OutputEntry> output)
    {
        using var events = new MemoryStream(_scenario.Text);
        var again = ReplayRunner.Run(_scenario.Settings, _scenario.Calendar, events);
        if (!Bytes(output).SequenceEqual(Bytes(again))) Fail(4, $"the second run gives other bytes: {output.Count} and {again.Count} lines");
    }

    /// <summary>Promise 5: no source, and no upstream, is one that the price hangs on by more than the confidence says.</summary>
    private void RequireIndependence()
    {
        var sources = _scenario.Settings.Sources;
        foreach (var source in sources) Without($"source {source.Name}", s => s == source.Id);
        foreach (var upstream in sources.GroupBy(s => s.UpstreamName).Where(g => g.Count() > 1))
        {
            var ids = upstream.Select(s => s.Id).ToHashSet();
            Without($"upstream {upstream.Key}", ids.Contains);
        }
    }

    private void Without(string what, Func<SourceId, bool> isKilled)
    {
        var (differences, first) = (0, "");
        var feeds = _scenario.Settings.Feeds;
        ScenarioRun.Run(_scenario, IsOf, Compare);
        if (differences > 0) Fail(5, $"without {what} the price differs by more than the confidence at {differences} ticks: {first}");

        bool IsOf(ReplayEvent entry) => entry.Input.Kind switch
        {
            MarketInputKind.Observation => isKilled(entry.Input.Observation.Source),
            MarketInputKind.SourceStatus => isKilled(entry.Input.SourceStatus.Source),
            MarketInputKind.Peg => isKilled(entry.Input.Peg.Source),
            MarketInputKind.TokenMarket => isKilled(entry.Input.TokenMarket.Source),
            _ => false,
        };

        void Compare(int tick, Instant at, ReadOnlySpan<FeedSlot> slots)
        {
            for (var i = 0; i < slots.Length; i++)
            {
                var with = _samples[(tick * slots.Length) + i];
                if (!with.IsFresh || slots[i].Decision is not { IsFresh: true } less || long.Abs(less.Price.E8 - with.PriceE8) <= with.ConfidenceE8) continue;
                if (differences++ == 0) first = $"{_names[i]} at {at} {less.Price}, not {Price.FromE8(with.PriceE8)} +- {Price.FromE8(long.Max(1, with.ConfidenceE8))}";
            }
        }
    }

    /// <summary>Promise 6: the log has the entry into every state and the exit from it, and says at every tick what the feed says.</summary>
    private void RequireEntryAndExit(List<OutputEntry> output)
    {
        for (var i = 0; i < _names.Count; i++)
        {
            var log = output.Where(e => e.Kind == OutputKind.State && e.Feed == _names[i]).ToList();
            var state = FeedState.Unknown;
            foreach (var entry in log)
            {
                if (entry.From != state) Fail(6, $"{_names[i]} at {entry.Time}: from {entry.From}, and the entry before it led to {state}");
                if (entry.Decision!.Reason == DecisionReason.None) Fail(6, $"{_names[i]} at {entry.Time}: {entry.Decision.State} without a reason");
                state = entry.Decision.State;
            }

            var next = 0;
            for (var s = i; s < _samples.Count; s += _names.Count)
            {
                var sample = _samples[s];
                while (next < log.Count && log[next].Time <= sample.At) next++;
                if (sample.State == FeedState.Unknown && next == 0) continue;
                if (next > 0 && log[next - 1].Decision!.State == sample.State && log[next - 1].Decision!.Reason == sample.Reason) continue;
                Fail(6, $"{_names[i]} at {sample.At}: it is {sample.State} ({sample.Reason}), which no line of the output says");
                break;
            }
        }
    }

    /// <summary>Promise 6: whatever was refused, was for a reason.</summary>
    private void RequireReasons(List<OutputEntry> output)
    {
        foreach (var entry in output.Where(e => e.Kind == OutputKind.InputRejected))
            if (string.IsNullOrEmpty(entry.Message)) Fail(6, $"{entry.Feed} at {entry.Time}: refused without a reason");
        foreach (var entry in output.Where(e => e.Decision is not null))
        {
            if (entry.Decision!.State is FeedState.Held or FeedState.Paused && entry.Decision.Holds == HoldReasons.None && entry.Decision.Halt == HaltReason.None)
                Fail(6, $"{entry.Feed} at {entry.Time}: {entry.Decision.State} ({entry.Decision.Reason}) without a flag or a halt");
            foreach (var input in entry.Decision.Inputs)
                if (input.Reason == Pricing.InputReason.NoData && !input.Value.IsNone) Fail(6, $"{entry.Feed} at {entry.Time}: {input.Source} said {input.Value}, and nothing became of it");
        }
    }

    private byte[] Bytes(IReadOnlyList<OutputEntry> output)
    {
        using var writer = new OutputWriter(_scenario.Settings.Sources);
        using var bytes = new MemoryStream();
        foreach (var entry in output) bytes.Write(writer.Line(entry));
        return bytes.ToArray();
    }

    private void Fail(int promise, string what)
    {
        if (_failures.Count < MostFailures) _failures.Add($"promise {promise}: {what}");
    }

    private readonly record struct Sample(Instant At, FeedState State, DecisionReason Reason, bool IsFresh, long PriceE8, long ConfidenceE8)
    {
        public static Sample Of(Instant at, FeedDecision? decision) => decision is null
            ? new Sample(at, FeedState.Unknown, DecisionReason.None, false, 0, 0)
            : new Sample(at, decision.State, decision.Reason, decision.IsFresh, decision.Price.E8, decision.ConfidenceE8);
    }

    /// <summary>The newest event time that was said of a feed's instrument until a time, going forward; for what is made from more than that, of anything.</summary>
    private sealed class NewestInput(Scenario scenario, string feed)
    {
        private readonly InstrumentId _instrument = scenario.Settings.Feeds.First(f => f.Feed.Name == feed).Feed.Instrument;
        private readonly bool _isDerived = scenario.Settings.Feeds.First(f => f.Feed.Name == feed).Derived is not null;
        private int _next;
        private long _newest = long.MinValue;

        public long At(Instant time)
        {
            for (; _next < scenario.Log.Count && scenario.Log[_next].At <= time; _next++)
            {
                var entry = scenario.Log[_next];
                if (entry.Type == ReplayEventType.Restore) _newest = Math.Max(_newest, entry.Record.ObservedAtUnixMillis);
                if (entry.Type != ReplayEventType.Input) continue;
                if (_isDerived && TimeOf(entry.Input) is { } said) _newest = Math.Max(_newest, said.ToUnixTimeMilliseconds());
                if (entry.Input.Kind != MarketInputKind.Observation || entry.Input.Observation.Instrument != _instrument) continue;
                _newest = Math.Max(_newest, entry.Input.Observation.EventTime.ToUnixTimeMilliseconds());
            }

            return _newest;
        }

        private static Instant? TimeOf(in MarketInput input) => input.Kind switch
        {
            MarketInputKind.TokenMarket => input.TokenMarket.EventTime,
            MarketInputKind.Peg => input.Peg.EventTime,
            MarketInputKind.Reserve => input.Reserve.MeasuredAt,
            _ => null,
        };
    }
}
