using System.Text;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Replay;

public class ReplayRunnerTests
{
    [Fact]
    public void Quotes_Run_AreARoundOnEveryChain()
    {
        var output = ReplayFixture.Run(ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"));

        var rounds = output.Where(e => e.Kind == OutputKind.Round).ToList();
        Assert.Equal(["arbitrum", "base", "solana"], rounds.Select(r => r.Chain));
        Assert.All(rounds, r => Assert.Equal("400", r.Record!.Value.Price.ToString()));
        Assert.All(rounds, r => Assert.Equal(3, r.Decision!.Inputs.Count(i => i.IsUsed)));
        var state = output.First(e => e.Kind == OutputKind.State && e.Feed == "TSLA");
        Assert.Equal((FeedState.Unknown, FeedState.Live, DecisionReason.Accepted), (state.From, state.Decision!.State, state.Decision.Reason));
    }

    [Fact]
    public void Time_BetweenEvents_MakesQuotesStaleByItself()
    {
        var output = ReplayFixture.Run([
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
            """{"t":"2026-06-10T15:05:00Z","kind":"tick"}""",
        ]);

        var held = output.First(e => e.Kind == OutputKind.State && e.Feed == "TSLA" && e.Decision!.State == FeedState.Held);
        Assert.Equal(FeedState.Live, held.From);
        Assert.InRange(held.Time, NodaTime.Instant.FromUtc(2026, 6, 10, 15, 0, 1), NodaTime.Instant.FromUtc(2026, 6, 10, 15, 4, 59));
        Assert.Contains(output, e => e.Kind == OutputKind.Attestation && e.Feed == "TSLA" && e.Record!.Value.State == FeedState.Held);
    }

    [Fact]
    public void Multiplier_Run_MakesTheTokensPrice()
    {
        var output = ReplayFixture.Run([
            """{"t":"2026-06-10T15:00:00Z","kind":"multiplier","token":"TSLAx","value":"1.5"}""",
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
        ]);
        Assert.Contains(output, e => e.Kind == OutputKind.Round && e.Feed == "TSLAx" && e.Record!.Value.Price.ToString() == "600");
    }

    [Fact]
    public void LostMultiplier_Run_HoldsTheToken()
    {
        var output = ReplayFixture.Run([
            """{"t":"2026-06-10T15:00:00Z","kind":"multiplier","token":"TSLAx","value":"1.5"}""",
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
            """{"t":"2026-06-10T15:00:01Z","kind":"multiplier","token":"TSLAx","value":null}""",
        ]);
        Assert.Equal(DecisionReason.MultiplierMissing, output.Last(e => e.Kind == OutputKind.State && e.Feed == "TSLAx").Decision!.Reason);
    }

    [Fact]
    public void RefusedInput_Run_IsToldWithItsReason()
    {
        var output = ReplayFixture.Run([
            """{"t":"2026-06-10T15:00:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","bid":"401","ask":"400"}""",
        ]);
        var rejected = Assert.Single(output, e => e.Kind == OutputKind.InputRejected);
        Assert.Equal(("TSLA", "alpaca-iex", "Quote", "Crossed"), (rejected.Feed, rejected.Source, rejected.Input, rejected.Message));
    }

    [Fact]
    public void CalendarChange_Run_ChangesTheSession()
    {
        var closed = Encoding.UTF8.GetString(ReplayFixture.CalendarJson())
            .Replace("\"unscheduledClosures\": {", "\"unscheduledClosures\": { \"2026-06-10\": \"a test\",", StringComparison.Ordinal)
            .ReplaceLineEndings(" ");
        var output = ReplayFixture.Run([
            .. ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"),
            $$"""{"t":"2026-06-10T15:00:01Z","kind":"calendar","calendar":{{closed}}}""",
        ]);
        var last = output.Last(e => e.Kind == OutputKind.State && e.Feed == "TSLA");
        Assert.Equal((FeedState.Closed, ClosedReason.Unscheduled), (last.Decision!.State, last.Decision.Closed));
    }

    [Fact]
    public void ListedTicks_Run_AreTheOnlyOnes()
    {
        var output = ReplayFixture.Run(
            ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01"), header: """{"format":"oraclenode-events","version":1,"ticks":"listed"}""");
        Assert.Empty(output);
    }

    [Fact]
    public void Restored_Run_GoesOnFromTheRecord()
    {
        var round = ReplayFixture.Run(ReplayFixture.Quotes("2026-06-10T15:00:00Z", "TSLA", "399.99", "400.01")).First(e => e.Kind == OutputKind.Round);
        var bytes = new byte[65];
        Assert.Equal(Updates.RecordError.None, Updates.RecordCodec.TryEncode(round.Record!.Value, bytes));
        var output = ReplayFixture.Run([
            $$"""{"t":"2026-06-10T15:10:00Z","kind":"restore","feed":"TSLA","record":"{{Convert.ToHexStringLower(bytes)}}","sequence":{{round.Sequence}}}""",
            """{"t":"2026-06-10T15:10:00Z","kind":"tick"}""",
        ]);
        var first = output.First(e => e.Feed == "TSLA" && e.Kind == OutputKind.Attestation);
        Assert.Equal(FeedState.Held, first.Record!.Value.State);
        Assert.Equal(round.Record.Value.ObservedAtUnixMillis, first.Record.Value.ObservedAtUnixMillis);
    }

    [Fact]
    public void RestoreAfterATick_Run_IsAnotherNodesRecordThatTheFeedGoesOnFrom()
    {
        var restore = File.ReadLines(RepositoryFiles.Path("src", "OracleNode", "Replay", "README.md")).Single(l => l.Contains("\"restore\"", StringComparison.Ordinal) && l.StartsWith("    {", StringComparison.Ordinal)).Trim();
        var output = ReplayFixture.Run(["""{"t":"2026-06-10T13:29:59Z","kind":"tick"}""", restore, """{"t":"2026-06-10T14:00:00Z","kind":"tick"}"""]);
        var taken = output.First(e => e.Feed == "TSLA" && e.Record is not null);

        // Its session has opened and nobody quotes: not before the heartbeat and the time to land are over since the other node attested it.
        Assert.Equal((FeedState.Reopening, OutputKind.Attestation, NodaTime.Instant.FromUtc(2026, 6, 10, 13, 34) + NodaTime.Duration.FromMilliseconds(250)), (taken.Record!.Value.State, taken.Kind, taken.Time));
    }

    [Fact]
    public void Gap_Run_IsAnAlarm() => Assert.Contains(
        ReplayFixture.Run(["""{"t":"2026-06-10T15:00:00Z","kind":"gap","lost":12}"""]), e => e.Kind == OutputKind.Alarm && e.Message!.Contains("12 inputs"));

    [Fact]
    public void SameEvents_RunTwice_GiveTheSameBytes()
    {
        var lines = Day(seed: 3, events: 4_000);
        var first = ReplayFixture.Write(ReplayFixture.Run(lines));
        Assert.NotEmpty(first);
        Assert.Equal(first, ReplayFixture.Write(ReplayFixture.Run(lines)));
    }

    [Fact]
    public void EveryRound_OfARandomDay_KeepsThePromises()
    {
        var output = ReplayFixture.Run(Day(seed: 5, events: 8_000));
        foreach (var feed in output.Where(e => e.Record is not null).GroupBy(e => (e.Feed, e.Chain)))
        {
            ulong sequence = 0;
            long observedAt = 0;
            foreach (var entry in feed)
            {
                var record = entry.Record!.Value;
                Assert.True(record.Price.E8 > 0);
                Assert.True(entry.Sequence > sequence);
                Assert.True(record.ObservedAtUnixMillis >= observedAt);
                Assert.True(record.ObservedAtUnixMillis <= (long)(entry.Sequence!.Value / 16));
                Assert.Equal(entry.Kind == OutputKind.Round, record.ObservedAtUnixMillis > observedAt);
                (sequence, observedAt) = (entry.Sequence.Value, record.ObservedAtUnixMillis);
            }
        }

        Assert.All(output.Where(e => e.Kind == OutputKind.Alarm), e => Assert.Matches("^(Redundancy|Evidence|Quarantine): ", e.Message));
    }

    [Fact]
    public void EveryState_OfARandomDay_BeginsWhereTheLastOneEnded()
    {
        var output = ReplayFixture.Run(Day(seed: 9, events: 8_000));
        foreach (var feed in output.Where(e => e.Kind == OutputKind.State).GroupBy(e => e.Feed))
        {
            var state = FeedState.Unknown;
            foreach (var entry in feed)
            {
                Assert.Equal(state, entry.From);
                Assert.NotEqual(DecisionReason.None, entry.Decision!.Reason);
                state = entry.Decision.State;
            }
        }
    }

    /// <summary>Quotes, prints, withdrawals, halts and readings in a random walk around the open.</summary>
    internal static List<string> Day(int seed, int events)
    {
        var random = new Random(seed);
        var t = NodaTime.Instant.FromUtc(2026, 6, 10, 13, 25);
        string[] symbols = ["TSLA", "AAPL", "SPY"];
        var mids = new[] { 40_000, 20_000, 60_000 };
        var lines = new List<string> { """{"t":"2026-06-10T13:25:00Z","kind":"multiplier","token":"TSLAx","value":"1.0005"}""" };
        for (var i = 0; i < events; i++)
        {
            t += NodaTime.Duration.FromMilliseconds(random.Next(0, 250));
            var s = random.Next(3);
            mids[s] += random.Next(-8, 9) + (random.Next(500) == 0 ? 2_000 : 0);
            var at = NodaTime.Text.InstantPattern.ExtendedIso.Format(t);
            var head = $"\"t\":\"{at}\",\"source\":\"{ReplayFixture.Sources[random.Next(3)]}\",\"symbol\":\"{symbols[s]}\"";
            lines.Add(random.Next(40) switch
            {
                0 => $"{{{head},\"kind\":\"halt\",\"halt\":\"VolatilityPause\"}}",
                1 or 2 or 3 => $"{{{head},\"kind\":\"resume\"}}",
                4 => $"{{{head},\"kind\":\"quote\",\"bid\":null,\"ask\":\"{mids[s] / 100m}\"}}",
                5 => $"{{{head},\"kind\":\"trade\",\"price\":{mids[s] / 100m},\"size\":100,\"conditions\":[\"OddLot\"]}}",
                < 12 => $"{{{head},\"kind\":\"trade\",\"price\":{mids[s] / 100m},\"size\":100,\"id\":{i + 1}}}",
                12 => $"{{\"t\":\"{at}\",\"kind\":\"multiplier\",\"token\":\"TSLAx\",\"value\":\"1.0005\"}}",
                _ => $"{{{head},\"kind\":\"quote\",\"bid\":\"{(mids[s] - 1) / 100m}\",\"ask\":\"{(mids[s] + 1) / 100m}\"}}",
            });
        }

        return lines;
    }
}
