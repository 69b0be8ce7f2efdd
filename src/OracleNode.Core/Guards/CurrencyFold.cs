using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>The rules by which readings make a currency's price. Immutable.</summary>
public sealed record CurrencySettings
{
    /// <summary>A reading older than this has no vote. 1 s to 1 h.</summary>
    public Duration Freshness { get; init; } = Duration.FromMinutes(10);

    /// <summary>Upstreams that it takes. 2 to 16: one alone never says what a currency is worth.</summary>
    public int MinUpstreams { get; init; } = 2;

    /// <summary>Upstreams with which it is Live; with fewer Degraded. Not below <see cref="MinUpstreams"/>, at most 16.</summary>
    public int WantedUpstreams { get; init; } = 2;

    /// <summary>A vote farther from the median does not stand behind it; two that are farther apart hold. 1 to 10,000.</summary>
    public int OutlierLimitBps { get; init; } = 100;

    /// <summary>Farther from one it is off its peg: the true price is published all the same, with the reason in the evidence. 1 to 10,000.</summary>
    public int PegLimitBps { get; init; } = 100;

    /// <summary>At or below it nothing is published.</summary>
    public Price MinPrice { get; init; } = Price.FromE8(Price.One / 1_000);

    /// <summary>At or above it nothing is published.</summary>
    public Price MaxPrice { get; init; } = Price.FromE8(1_000 * Price.One);

    /// <summary>Time constant of the moving average. 1 min to 1 d.</summary>
    public Duration AverageWindow { get; init; } = Duration.FromHours(1);

    /// <summary>How long after its attestation a record may be relied on.</summary>
    public Duration MaxAge { get; init; } = Duration.FromHours(1);

    /// <summary>Every value that is outside its range, with member, value and range; empty when all is well.</summary>
    public IReadOnlyList<string> Check()
    {
        var problems = new List<string>();
        const string Owner = nameof(CurrencySettings);
        Bounds.Note(problems, Owner, nameof(Freshness), Freshness, Duration.FromSeconds(1), Duration.FromHours(1));
        Bounds.Note(problems, Owner, nameof(MinUpstreams), MinUpstreams, 2, 16);
        Bounds.Note(problems, Owner, nameof(WantedUpstreams), WantedUpstreams, int.Clamp(MinUpstreams, 2, 16), 16);
        Bounds.Note(problems, Owner, nameof(OutlierLimitBps), OutlierLimitBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(PegLimitBps), PegLimitBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(AverageWindow), AverageWindow, Duration.FromMinutes(1), Duration.FromDays(1));
        Bounds.Note(problems, Owner, nameof(MaxAge), MaxAge, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        if (MinPrice.IsNone || MaxPrice <= MinPrice) problems.Add($"{Owner}.{nameof(MinPrice)} is {MinPrice} and {nameof(MaxPrice)} is {MaxPrice}; both must be there, and the second above the first.");
        return problems;
    }
}

/// <summary>What another currency is worth.</summary>
/// <param name="Feed">The feed, of unit <see cref="FeedUnit.CurrencyUnit"/>.</param>
/// <param name="Currency">The currency, e.g. <c>USDC</c>.</param>
/// <param name="Sources">The sources that may speak of it.</param>
/// <param name="Settings">Its rules.</param>
public sealed record CurrencyFeedRules(Feed Feed, string Currency, IReadOnlyList<Source> Sources, CurrencySettings Settings) : DerivedFeedRules(Feed, [])
{
    internal override IDerivedFold CreateFold() => new CurrencyFold(this);
}

/// <summary>
/// One currency's price: the median of what at least two upstreams read. Its market never closes, so its session is always Regular and never ends. Off its peg it says so and
/// publishes what it is worth: that is what it is there for. Not for use by two threads at once.
/// </summary>
internal sealed class CurrencyFold : DerivedFold
{
    private static readonly Duration FutureTolerance = Duration.FromSeconds(2);

    private readonly CurrencyFeedRules _rules;
    private readonly CurrencySettings _settings;
    private readonly DerivedBallot _ballot;
    private readonly PegReading?[] _readings;
    private readonly bool[] _isFuture;
    private LearnedRatio _average;
    private Instant? _lastTick;

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public CurrencyFold(CurrencyFeedRules rules)
    {
        var problems = rules.Settings.Check();
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(rules));
        _rules = rules;
        _settings = rules.Settings;
        _ballot = new DerivedBallot(rules.Sources);
        _readings = new PegReading?[rules.Sources.Count];
        _isFuture = new bool[rules.Sources.Count];
        Decision.Words = _ballot.Verdicts;
    }

    public override void Observe(in MarketInput input)
    {
        if (input.Kind != MarketInputKind.Peg || input.Peg.Currency != _rules.Currency) return;
        var reading = input.Peg;
        var slot = _ballot.SlotOf(reading.Source, reading.Upstream);
        if (slot < 0) return;
        var isFuture = reading.EventTime > input.ReceivedAt + FutureTolerance;
        if (!isFuture && !_isFuture[slot] && _readings[slot] is { } known && reading.EventTime < known.EventTime) return;
        (_readings[slot], _isFuture[slot]) = (reading, isFuture);
    }

    protected override void GoOnFrom(in RestoredFeed last)
    {
        if (!last.Ema.IsNone) _average = LearnedRatio.Known(last.Ema.E8, Duration.Zero);
    }

    protected override bool Decide(MarketFold market, Instant now, in GuardVerdict standing)
    {
        Begin(now, _settings.MaxAge);
        Decision.Session = MarketSession.Regular;
        LetTimePass(now);
        Collect(now);
        var measured = _ballot.Measure(_settings.OutlierLimitBps);
        var verdict = DerivedRule.JudgeVotes(_ballot, measured, _settings.MinUpstreams);
        if (verdict.Passes) verdict = DerivedRule.JudgeNumber(measured, _settings.MinPrice, _settings.MaxPrice, _average.E8);
        if (!standing.Passes) verdict = standing;
        if (verdict.Passes) Publish(measured, now);
        else Keep(verdict);
        _ballot.Conclude(verdict.Passes);
        Decision.SourcesRejected = _ballot.RejectedCount;
        _average.Stand(verdict.Passes ? measured.Value : 0);
        if (Price.TryFromE8(_average.E8, out var average)) Decision.Ema = average;
        return true;
    }

    private void Collect(Instant now)
    {
        _ballot.Begin();
        for (var slot = 0; slot < _readings.Length; slot++)
        {
            if (_readings[slot] is not { } reading) continue;
            var said = new InputVerdict(default, default, InputReason.Used, ObservationKind.Trade, reading.Price, default, default, reading.EventTime);
            var reason = Judge(slot, reading, now);
            if (reason != InputReason.Used) _ballot.Refuse(slot, reason, said);
            else _ballot.Take(slot, new DerivedVote { Value = reading.Price.E8, Low = reading.Price.E8, High = reading.Price.E8, At = reading.EventTime }, said);
        }

        _ballot.Close();
    }

    private InputReason Judge(int slot, PegReading reading, Instant now)
    {
        if (_isFuture[slot]) return InputReason.Future;
        if (reading.Price.IsNone) return InputReason.Withdrawn;
        if (now - reading.EventTime > _settings.Freshness) return InputReason.Stale;
        return reading.EventTime < LastObservedAt ? InputReason.OlderThanPublished : InputReason.Used;
    }

    private void Publish(in DerivedMeasurement measured, Instant now)
    {
        Decision.ObservedAt = ObservedAt(measured.Oldest, _ballot.HasLaggard, now);
        Decision.State = measured.Accepted >= _settings.WantedUpstreams ? FeedState.Live : FeedState.Degraded;
        Decision.Reason = Bps.SideBeyond(measured.Value, Price.One, _settings.PegLimitBps) == 0 ? DecisionReason.Accepted : DecisionReason.OffPeg;
        Decision.HoldReasons = HoldReasons.None;
        Decision.Price = Price.FromE8(measured.Value);
        Decision.ConfidenceE8 = long.Max(1, measured.ConfidenceE8);
        Decision.SourcesUsed = measured.Accepted;
        Decision.Upstreams = measured.Accepted;
    }

    private void LetTimePass(Instant now)
    {
        if (_lastTick is { } last && now > last) _average.Advance(Duration.Min(now - last, _settings.Freshness), _settings.AverageWindow);
        _lastTick = now;
    }
}
