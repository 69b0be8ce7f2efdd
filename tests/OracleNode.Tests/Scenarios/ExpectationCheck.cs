using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Replay;

namespace OracleNode.Scenarios;

/// <summary>Holds one expectation of one feed against a run, tick by tick and then against the output.</summary>
internal sealed class ExpectationCheck
{
    private readonly Scenario _scenario;
    private readonly Expectation _expected;
    private readonly int _feed;
    private readonly string _feedName;
    private readonly Instant _from;
    private readonly Instant _to;
    private readonly bool _isMoment;
    private readonly Dictionary<string, int> _sources;
    private string? _failure;
    private int _ticks;
    private int _held;
    private (Price Price, Instant ObservedAt)? _frozen;

    public ExpectationCheck(Scenario scenario, Expectation expected, int feed)
    {
        (_scenario, _expected, _feed) = (scenario, expected, feed);
        _feedName = scenario.Settings.Feeds[feed].Feed.Name;
        _isMoment = expected.At is not null;
        if (_isMoment && (expected.From ?? expected.To) is not null) throw new InvalidDataException($"{this}: either at, or from and to");
        _from = _isMoment ? Instant.MinValue : expected.From is null ? Instant.MinValue : Scenario.Time(expected.From);
        _to = _isMoment ? Scenario.Time(expected.At!) : expected.To is null ? Instant.MaxValue : Scenario.Time(expected.To);
        _sources = scenario.Settings.Sources.ToDictionary(s => s.Name, s => s.Id.Index, StringComparer.Ordinal);
        foreach (var name in expected.Inputs.Keys.Concat(expected.Rejected.Keys))
            if (!_sources.ContainsKey(name)) throw new InvalidDataException($"{this}: no source is named {name}");
        Known<FeedState>(expected.State);
        Known<DecisionReason>(expected.Reason);
        Known<HoldReasons>(expected.Holds);
        Known<HaltReason>(expected.Halt);
        Known<MarketSession>(expected.Session);
        Known<ClosedReason>(expected.Closed);
    }

    /// <summary>A check for every feed that each expectation is about.</summary>
    public static List<ExpectationCheck> Of(Scenario scenario)
    {
        var feeds = scenario.Settings.Feeds;
        var checks = new List<ExpectationCheck>();
        foreach (var expected in scenario.Expected.Expect)
        {
            var places = Enumerable.Range(0, feeds.Count).Where(i => expected.Feed == "*" ? feeds[i].Pricing is not null : feeds[i].Feed.Name == expected.Feed).ToList();
            if (places.Count == 0) throw new InvalidDataException($"{scenario.Name}: no feed is named {expected.Feed}");
            checks.AddRange(places.Select(i => new ExpectationCheck(scenario, expected, i)));
        }

        return checks;
    }

    /// <summary>A moment is judged by the last tick that is not after it.</summary>
    public void Observe(Instant at, ReadOnlySpan<FeedSlot> feeds)
    {
        if (!_expected.IsOfTicks || at > _to || at < _from || (!_isMoment && at == _to)) return;
        var wrong = Wrong(feeds[_feed].Decision);
        _ticks++;
        if (_isMoment)
        {
            _failure = wrong;
            return;
        }

        if (wrong is null) _held++;
        else _failure ??= $"at {at}: {wrong}";
    }

    /// <summary>What is not as expected; null when all is.</summary>
    public string? Conclude(IReadOnlyList<OutputEntry> output)
    {
        var wrong = new List<string>();
        if (_expected.IsOfTicks)
        {
            if (_ticks == 0) wrong.Add("no tick falls into it");
            else if (_expected.Sometime && _held == 0) wrong.Add($"at none of {_ticks} ticks; {_failure}");
            else if (!_expected.Sometime && _failure is not null) wrong.Add(_isMoment ? _failure : $"{_failure} ({_ticks - _held} of {_ticks} ticks)");
        }

        var span = output.Where(e => e.Time >= _from && (_isMoment ? e.Time <= _to : e.Time < _to)).ToList();
        var ofFeed = span.Where(e => e.Feed == _feedName).ToList();
        foreach (var chain in _scenario.Settings.Publishing.Keys)
        {
            Count(_expected.Rounds, ofFeed.Count(e => e.Kind == OutputKind.Round && e.Chain == chain), $"rounds on {chain}", wrong);
            Count(_expected.Attestations, ofFeed.Count(e => e.Kind == OutputKind.Attestation && e.Chain == chain), $"attestations on {chain}", wrong);
        }

        Count(_expected.Alarms, span.Count(e => e.Kind == OutputKind.Alarm), "alarms", wrong);
        foreach (var (source, reasons) in _expected.Rejected)
        {
            var refused = ofFeed.Where(e => e.Kind == OutputKind.InputRejected && e.Source == source).Select(e => e.Message!).Distinct().ToList();
            if (!refused.Any(r => Is(reasons, r))) wrong.Add($"of {source} nothing was refused as {reasons}, but as: {(refused.Count == 0 ? "nothing" : string.Join(", ", refused))}");
        }

        foreach (var price in _expected.Never)
            if (ofFeed.FirstOrDefault(e => e.Record is { } r && Decimal(r.Price) == price) is { } round)
                wrong.Add($"{price} was published at {round.Time}");
        if (_expected.Multiplier is { } multiplier && ofFeed.FirstOrDefault(e => e.Record?.Token is { } terms && !Is(multiplier, terms.Multiplier.ToString())) is { } other)
            wrong.Add($"multiplier {other.Record!.Value.Token!.Value.Multiplier} was stored at {other.Time}, not {multiplier}");
        return wrong.Count == 0 ? null : $"{this}: {string.Join("; ", wrong)}";
    }

    public override string ToString()
    {
        var when = _isMoment ? $"at {_expected.At}" : $"{_expected.From ?? "start"} to {_expected.To ?? "end"}";
        return $"{_feedName} {when}{(_expected.Sometime ? " (sometime)" : "")}{(_expected.Note is null ? "" : $" [{_expected.Note}]")}";
    }

    private string? Wrong(FeedDecision? decision)
    {
        if (decision is null) return "nothing was decided yet";
        var wrong = new List<string>();
        Compare("state", _expected.State, decision.State.ToString(), wrong);
        Compare("reason", _expected.Reason, decision.Reason.ToString(), wrong);
        Compare("halt", _expected.Halt, decision.HaltReason.ToString(), wrong);
        Compare("session", _expected.Session, decision.Session.ToString(), wrong);
        Compare("closed", _expected.Closed, decision.ClosedReason.ToString(), wrong);
        if (_expected.Holds is { } holds)
            foreach (var flag in holds.Split('|'))
                if ((decision.HoldReasons & Enum.Parse<HoldReasons>(flag)) == 0) wrong.Add($"flag {flag} is missing in {decision.HoldReasons}");
        if (_expected.Price is [var low, var high] && (!decision.HasPrice || Decimal(decision.Price) < low || Decimal(decision.Price) > high))
            wrong.Add($"price {(decision.HasPrice ? decision.Price : "none")}, not {low} to {high}");
        Compare("multiplier", _expected.Multiplier, decision.Multiplier.ToString(), wrong);
        if (decision.HasPrice && _expected.Never.Contains(Decimal(decision.Price))) wrong.Add($"price {decision.Price}");
        if (_expected.Frozen)
        {
            var now = (decision.Price, decision.ObservedAt);
            _frozen ??= now;
            if (now != _frozen) wrong.Add($"{decision.Price} of {decision.ObservedAt}, not still {_frozen.Value.Price} of {_frozen.Value.ObservedAt}");
        }

        foreach (var (source, reasons) in _expected.Inputs)
        {
            var verdict = decision.Inputs.ToArray().First(v => v.Source.Index == _sources[source]);
            Compare(source, reasons, verdict.Reason.ToString(), wrong);
        }

        return wrong.Count == 0 ? null : $"{string.Join(", ", wrong)} (it is {decision.State}, {decision.Reason}, {decision.HoldReasons}, {decision.Session}, {(decision.HasPrice ? decision.Price : "no price")})";
    }

    private static decimal Decimal(Price price) => price.E8 / 100_000_000m;

    private static bool Is(string alternatives, string actual) => alternatives.Split('|').Contains(actual, StringComparer.Ordinal);

    private static void Compare(string what, string? alternatives, string actual, List<string> wrong)
    {
        if (alternatives is not null && !Is(alternatives, actual)) wrong.Add($"{what} {actual}, not {alternatives}");
    }

    private static void Count(IReadOnlyList<int>? bounds, int actual, string what, List<string> wrong)
    {
        if (bounds is null) return;
        if (actual < bounds[0] || (bounds.Count > 1 && actual > bounds[1])) wrong.Add($"{actual} {what}, not {string.Join(" to ", bounds)}{(bounds.Count == 1 ? " or more" : "")}");
    }

    private void Known<T>(string? names)
        where T : struct, Enum
    {
        foreach (var name in names?.Split('|') ?? [])
            if (!Enum.GetNames<T>().Contains(name, StringComparer.Ordinal))
                throw new InvalidDataException($"{_scenario.Name}, {this}: {name} is no {typeof(T).Name}");
    }
}
