using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Replay;

namespace OracleNode.Scenarios;

/// <summary>
/// Apple's seven for one split of Monday 2014-06-09 in recorded minutes, prices as traded: 645.57 on Friday, 93.70 on Monday. Share and token through the node's own
/// pipeline, with the evidence for it and without; Monday's opening cross, 92.70, is told by all. It is no evidence. The figures are in the test's output.
/// </summary>
public sealed class SplitWeekendTests
{
    private const int Share = 0;
    private const int Token = 1;

    private static readonly string[] Files = ["AAPL-20140605-minutes.csv.gz", "AAPL-20140606-minutes.csv.gz", "AAPL-20140609-minutes.csv.gz"];
    private static readonly Instant TradeDate = Utc("2014-06-09T00:00:00Z");
    private static readonly Instant OpeningCross = Utc("2014-06-09T13:30:01Z");
    private static readonly Instant FirstWord = Utc("2014-06-09T08:01:00Z");
    private static readonly Multiplier Seven = new(Multiplier.One.E18 * 7);

    [Fact]
    public void Weekend_WithTwoKindsOfWitness_PausesAndReleasesByItself()
    {
        var run = Play(vendor: true, chain: true);
        Report("with evidence", run);

        Assert.Equal((TradeDate, FirstWord), (run.PausedFrom[Share], run.ReleasedAt[Share]!.Value - Offset(run.ReleasedAt[Share]!.Value)));
        Assert.Equal((TradeDate - Duration.FromMinutes(10), FirstWord), (run.PausedFrom[Token], run.ReleasedAt[Token]!.Value - Offset(run.ReleasedAt[Token]!.Value)));
        Assert.InRange(run.StepBps, -100, 100);
        Assert.Equal((0, 0), (run.FalseHolds[Share], run.FalseHolds[Token]));
        Assert.Equal(0, run.WrongProducts);
        Assert.True(run.FreshTicks[Token] > 100_000, $"{run.FreshTicks[Token]}");

        // On Thursday the vendor was alone with it; since Friday nobody has anything to do.
        Assert.Single(run.Output, e => e.Kind == OutputKind.Alarm && e.Message!.Contains("is said by Vendor alone", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Output, e => e.Kind == OutputKind.Alarm && e.Time > Utc("2014-06-06T08:00:00Z") && !e.Message!.StartsWith("Redundancy: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Weekend_WithoutTwoKindsOfWitness_HoldsAndSaysWhy(bool vendor, bool chain)
    {
        var run = Play(vendor, chain);
        Report($"vendor {vendor}, chain {chain}", run);

        Assert.Null(run.ReleasedAt[Share]);
        Assert.Null(run.ReleasedAt[Token]);
        Assert.Equal((FeedState.Held, DecisionReason.JumpNeedsEvidence), (run.State[Share], run.Reason[Share]));
        Assert.Equal(chain ? (FeedState.Paused, DecisionReason.MultiplierStep) : (FeedState.Held, DecisionReason.JumpNeedsEvidence), (run.State[Token], run.Reason[Token]));
        Assert.Contains(run.Output, e => e.Kind == OutputKind.Alarm && e.Message!.StartsWith("Evidence: ", StringComparison.Ordinal));
        Assert.InRange(run.Last[Token].E8, 640 * Price.One, 650 * Price.One);
    }

    private static Run Play(bool vendor, bool chain)
    {
        var settings = Settings();
        var run = new Run();
        var calendar = NodeHost.ReadCalendar(settings.Options).Current.Calendar;
        var runner = new ReplayRunner(settings, calendar, run.Output.Add, new EventHeader(ListsTicks: true, EventHeader.DefaultTickPeriod));
        if (vendor)
            runner.Take(ReplayEvent.Of(MarketInput.Of(Utc("2014-06-05T08:00:00Z"), new CorporateActionNotice(
                new InstrumentId(0), CorporateActionKind.Split, 7, 1, default, new LocalDate(2014, 6, 9), EvidenceClass.Vendor, "massive", "AAPL-2014", false, ""))));

        var words = Minutes().Told;
        var next = 0;
        var read = Instant.MinValue;
        for (var now = Utc("2014-06-05T08:00:00Z"); now < Utc("2014-06-10T00:00:00Z"); now += IsTrading(now) ? Duration.FromSeconds(1) : Duration.FromMinutes(1))
        {
            if (now - read >= Duration.FromMinutes(5)) runner.Take(ReplayEvent.Of(MarketInput.Of(read = now, new MultiplierUpdate(new TokenId(0), Terms(now, chain)))));
            for (; next < words.Count && words[next].ReceiveTime <= now; next++) runner.Take(ReplayEvent.Of(MarketInput.Of(words[next])));
            runner.Take(ReplayEvent.Tick(now));
            for (var feed = 0; feed < 2; feed++) run.Count(feed, now, runner.Feeds[feed].Decision);
        }

        return run;
    }

    /// <summary>Staged on Friday for midnight UTC, as the issuer does; a reading after that shows it as current.</summary>
    private static MultiplierTerms Terms(Instant now, bool chain)
    {
        if (!chain || now < Utc("2014-06-06T18:00:00Z")) return new MultiplierTerms(Multiplier.One, default, null, now);
        return now < TradeDate ? new MultiplierTerms(Multiplier.One, Seven, TradeDate, now) : new MultiplierTerms(Seven, default, null, now);
    }

    private static bool IsTrading(Instant now) => now < Utc("2014-06-07T00:01:00Z") || now > Utc("2014-06-09T07:59:00Z");

    private static RecordedMinutes Minutes()
    {
        var folder = Environment.GetEnvironmentVariable("ORACLENODE_MARKET_DATA") ?? Path.Combine(RepositoryFiles.Root, "..", "shared", "market-data");
        var paths = Files.Select(f => Path.Combine(folder, f)).ToList();
        var absent = paths.FirstOrDefault(p => !File.Exists(p));
        Assert.SkipWhen(absent is not null, $"{absent} is not there; set ORACLENODE_MARKET_DATA to the folder of the recorded minutes to run this.");
        var minutes = new RecordedMinutes(paths);
        minutes.AddOpeningCross(OpeningCross, "92.70");
        return minutes;
    }

    /// <summary>One word a minute is fresh until the one after the next, and in quiet hours until there is another; a wide quote of the evening is one.</summary>
    private static NodeSettings Settings()
    {
        var hours = new JsonObject { ["QuoteFreshness"] = "00:15:00", ["TradeFreshness"] = "00:15:00", ["SpreadCapBps"] = 500 };
        return ScenarioConfiguration.Create(new JsonObject
        {
            ["Instruments"] = new JsonArray(new JsonObject { ["Ticker"] = "AAPL" }),
            ["Feeds"] = new JsonArray(
                new JsonObject
                {
                    ["Name"] = "AAPL",
                    ["Instrument"] = "AAPL",
                    ["Pricing"] = new JsonObject
                    {
                        ["PreMarket"] = hours,
                        ["PostMarket"] = hours.DeepClone(),
                        ["Regular"] = new JsonObject { ["QuoteFreshness"] = "00:02:00", ["TradeFreshness"] = "00:02:00" },
                    },
                },
                new JsonObject
                {
                    ["Name"] = "AAPLx",
                    ["Underlying"] = "AAPL",
                    ["Unit"] = "RawToken",
                    ["Token"] = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsbEhLAtcf6HdfpFZ5xEMdqW8nfAvcsP5bdudRLJzJp",
                }),
        });
    }

    private static Duration Offset(Instant at) => Duration.FromTicks(at.ToUnixTimeTicks() % (60 * NodaConstants.TicksPerSecond));

    private static Instant Utc(string text) => InstantPattern.ExtendedIso.Parse(text).Value;

    private static void Report(string what, Run run)
    {
        var text = new System.Text.StringBuilder();
        foreach (var (feed, name) in new[] { (Share, "AAPL"), (Token, "AAPLx") })
            text.Append(CultureInfo.InvariantCulture, $"{what}, {name}: not live from {run.PausedFrom[feed]} to {run.ReleasedAt[feed]?.ToString() ?? "the end"}, {run.FreshTicks[feed]} fresh ticks, false holds {run.FalseHolds[feed]} {run.FirstFalse[feed]}, at the end {run.State[feed]} ({run.Reason[feed]}) {run.Last[feed]}\n");
        text.Append(CultureInfo.InvariantCulture, $"{what}: T {run.LastBefore} before, {run.FirstAfter} after: {run.StepBps} bps; first word of Monday {FirstWord}; {run.Reasons}");
        TestContext.Current.TestOutputHelper!.WriteLine(text.ToString());
    }

    /// <summary>What both feeds said.</summary>
    private sealed class Run
    {
        private readonly Dictionary<DecisionReason, int> _reasons = [];
        private readonly bool[] _isOpened = new bool[2];
        private readonly MarketSession[] _session = new MarketSession[2];

        public List<OutputEntry> Output { get; } = [];
        public Instant?[] PausedFrom { get; } = new Instant?[2];
        public Instant?[] ReleasedAt { get; } = new Instant?[2];
        public int[] FreshTicks { get; } = new int[2];
        public int[] FalseHolds { get; } = new int[2];
        public string[] FirstFalse { get; } = ["", ""];
        public FeedState[] State { get; } = new FeedState[2];
        public DecisionReason[] Reason { get; } = new DecisionReason[2];
        public Price[] Last { get; } = new Price[2];
        public int WrongProducts { get; private set; }
        public Price LastBefore { get; private set; }
        public Price FirstAfter { get; private set; }

        public string Reasons => string.Join(", ", _reasons.Select(r => $"{r.Key} {r.Value}"));

        public decimal StepBps => LastBefore.IsNone || FirstAfter.IsNone ? 0 : decimal.Round((decimal)(FirstAfter.E8 - LastBefore.E8) * 10_000 / LastBefore.E8, 2);

        public void Count(int feed, Instant now, FeedDecision? decision)
        {
            if (decision is null) return;
            (State[feed], Reason[feed], Last[feed]) = (decision.State, decision.Reason, decision.Price);
            if (decision.Session != _session[feed]) (_session[feed], _isOpened[feed]) = (decision.Session, false);
            _isOpened[feed] |= decision.IsFresh;
            if (decision.IsFresh)
            {
                FreshTicks[feed]++;
                if (now >= TradeDate) ReleasedAt[feed] ??= now;
                if (feed == Token && now < TradeDate) LastBefore = decision.Price;
                if (feed == Token && now >= TradeDate && FirstAfter.IsNone) FirstAfter = decision.Price;
                if (feed == Token && (!decision.Multiplier.TryMultiplyRoundHalfEven(decision.Underlying, out var product) || product != decision.Price)) WrongProducts++;
            }
            else if (decision.State == FeedState.Paused)
            {
                PausedFrom[feed] ??= now;
            }

            // Between a session's first price and its end, but for the window, nothing stands against a price.
            if (decision.State is not (FeedState.Held or FeedState.Paused) || !_isOpened[feed]) return;
            if (FalseHolds[feed]++ == 0) FirstFalse[feed] = $"(first {now}: {decision.Reason}, {string.Join(", ", decision.Inputs.ToArray().Select(v => $"{v.Source.Index} {v.Reason} {v.Value} of {v.EventTime}"))})";
            _reasons[decision.Reason] = _reasons.GetValueOrDefault(decision.Reason) + 1;
        }
    }
}
