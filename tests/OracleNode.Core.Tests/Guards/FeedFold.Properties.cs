using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>What must hold whatever the sources send.</summary>
public class FeedFoldProperties
{
    private const int Steps = 120;

    /// <summary>Everything an input log is made from: repeatable, so that a failure can be run again.</summary>
    public sealed record Script(int Seed, int Upstreams);

    public static class Scripts
    {
        public static Arbitrary<Script> Any() =>
            (from seed in Gen.Choose(0, int.MaxValue - 1) from upstreams in Gen.Choose(2, 7) select new Script(seed, upstreams)).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Scripts)], MaxTest = 400)]
    public void Price_WithFewerThanHalfLying_StaysWithinTheHonestWords(Script script)
    {
        var random = new Random(script.Seed);
        var liars = random.Next(0, ((script.Upstreams - 1) / 2) + 1);
        var feed = new FoldHarness(script.Upstreams);
        var prints = new bool[script.Upstreams];
        for (var i = 0; i < prints.Length; i++) prints[i] = random.Next(3) == 0;
        var honest = 10_000.0;
        for (var step = 0; step < 2 * Steps; step++)
        {
            var at = 1 + (step * 0.5);
            honest *= 1 + ((random.NextDouble() - 0.5) * (random.Next(20) == 0 ? 0.1 : 0.002));
            var (low, high) = (long.MaxValue, 0L);
            for (var source = liars; source < script.Upstreams; source++)
            {
                var word = Math.Round(honest * (1 + ((random.NextDouble() - 0.5) * 0.001)));
                if (prints[source]) feed.Trade(source, word, at);
                else feed.Mid(source, word, at);
                (low, high) = (Math.Min(low, Cents(word)), Math.Max(high, Cents(word)));
            }

            for (var lie = 0; lie < 4 * liars; lie++) feed.Apply(Lie(random, random.Next(liars), at, honest));
            var decision = feed.Tick(at + (random.NextDouble() * 0.4));
            if (decision.IsFresh) Assert.InRange(decision.Price.E8, low, high);
            for (var source = liars; source < script.Upstreams; source++) Assert.NotEqual(InputReason.Quarantined, decision.Inputs[source].Reason);
        }
    }

    [Property(Arbitrary = [typeof(Scripts)], MaxTest = 400)]
    public void Price_WithAnyOneSourceKilled_StaysWithinTheConfidence(Script script)
    {
        var random = new Random(script.Seed);
        var liars = random.Next(0, ((script.Upstreams - 1) / 2) + 1);
        var resellers = script.Upstreams / 2;
        var feed = new FoldHarness(script.Upstreams, resellers: resellers);
        var honest = 10_000.0;
        for (var step = 0; step < Steps; step++)
        {
            var at = 1.0 + step;
            honest *= 1 + ((random.NextDouble() - 0.5) * 0.002);
            for (var source = liars; source < script.Upstreams; source++) feed.Mid(source, Math.Round(honest * (1 + ((random.NextDouble() - 0.5) * 0.002))), at);
            for (var i = liars; i < resellers; i++)
                if (random.Next(3) > 0)
                    feed.Mid(script.Upstreams + i, Math.Round(honest * (1 + ((random.NextDouble() - 0.5) * 0.004))), at - random.NextDouble());
            for (var lie = 0; lie < 2 * liars; lie++) feed.Apply(Lie(random, random.Next(liars), at, honest));
            var whole = feed.Tick(at);
            if (random.Next(5) > 0 || !whole.IsFresh) continue;

            var (price, confidence, voiceless) = (whole.Price.E8, whole.ConfidenceE8, Voiceless(whole));
            feed.Fold.Suspend(new SourceId(random.Next(script.Upstreams + resellers)), InputReason.EqualAcrossSymbols, FoldHarness.At(at + 0.5));
            var without = feed.Tick(at);

            // A liar that is found out at the first tick is gone from the second too: then more than one source was lost.
            if (without.IsFresh && Voiceless(without) == voiceless) Assert.True(Math.Abs(without.Price.E8 - price) <= confidence);
        }
    }

    private static int Voiceless(FeedDecision decision)
    {
        var count = 0;
        foreach (ref readonly var input in decision.Inputs)
            if (input.Reason == InputReason.Quarantined)
                count++;
        return count;
    }

    [Property(Arbitrary = [typeof(Scripts)], MaxTest = 400)]
    public void Feed_WhateverItIsTold_KeepsItsInvariants(Script script)
    {
        var random = new Random(script.Seed);
        var feed = new FoldHarness(script.Upstreams, resellers: script.Upstreams / 2);
        var last = default(Snapshot);
        foreach (var decision in Chaos(random, feed, script.Upstreams + (script.Upstreams / 2), IsTold(script)))
        {
            var now = Snapshot.Of(decision);
            Assert.InRange((byte)decision.State, (byte)FeedState.Live, (byte)FeedState.Closed);
            if (!decision.HasPrice)
            {
                Assert.True(last.Price == 0, "A price was lost.");
                Assert.False(decision.IsFresh);
                continue;
            }

            Assert.True(decision.Price.E8 > 0 && decision.ConfidenceE8 > 0 && decision.Ema.E8 > 0);
            Assert.Equal(decision.Bid.IsNone, decision.Ask.IsNone);
            if (!decision.Bid.IsNone) Assert.True(decision.Bid <= decision.Price && decision.Price <= decision.Ask);
            Assert.True(last.Price == 0 || decision.ObservedAt >= last.ObservedAt, "observedAt moved back.");
            Assert.True(decision.DecidedAt >= decision.ObservedAt || !decision.IsFresh);
            Assert.True(decision.HoldReasons == HoldReasons.None || decision.State is FeedState.Held or FeedState.Paused);
            Assert.True(decision.State != FeedState.Held || decision.HoldReasons != HoldReasons.None || decision.HaltReason != HaltReason.None);
            GuardTableTests.AssertExplained(decision);
            if (decision.IsFresh)
            {
                var (used, oldest) = (0, Instant.MaxValue);
                foreach (var input in decision.Inputs)
                {
                    if (input.IsUsed) used++;
                    if (input.Reason is InputReason.Used or InputReason.Outlier or InputReason.AwayFromMarket or InputReason.FrozenValue) oldest = Instant.Min(oldest, input.EventTime);
                }

                Assert.Equal(decision.SourcesUsed, used);
                Assert.Equal(decision.Upstreams, used);
                Assert.True(used >= feed.Settings.For(decision.Session)!.Quorum);
                Assert.True(decision.ObservedAt <= oldest, "observedAt is newer than what contributed.");
                Assert.True(decision.ConfidenceE8 * 10_000 <= decision.Price.E8 * feed.Settings.For(decision.Session)!.ConfidenceCapBps);
            }
            else
            {
                Assert.True(last.Price == now.Price && last.ObservedAt == now.ObservedAt, "A held price changed.");
                Assert.Equal((0, 0), (decision.SourcesUsed, decision.Upstreams));
            }

            last = now;
        }
    }

    [Property(Arbitrary = [typeof(Scripts)], MaxTest = 100)]
    public void Feed_ToldTheSameTwice_DecidesTheSame(Script script)
    {
        var first = Decisions(script);
        Assert.Equal(first, Decisions(script));
    }

    /// <summary>What the properties say would be empty of a feed that always holds. A script may halt a feed of two upstreams from end to end, few do.</summary>
    [Fact]
    public void Feed_OverManyScripts_MostlyHasAPrice()
    {
        var scripts = Enumerable.Range(0, 100).Select(seed => new Script(seed, 2 + (seed % 4))).Where(s => !IsTold(s)).ToList();
        var priced = scripts.Count(s => Decisions(s).Any(text => text.Contains("Live", StringComparison.Ordinal) || text.Contains("Degraded", StringComparison.Ordinal)));
        Assert.InRange(priced, scripts.Count * 9 / 10, scripts.Count);
    }

    /// <summary>
    /// A feed that nobody instructs has a price in each script, unless its sources are to blame at every tick: fewer of them than the quorum say a thing that is not
    /// doubted. Rare, and of two upstreams only, since every script lies in the name of all.
    /// </summary>
    [Property(Arbitrary = [typeof(Scripts)], MaxTest = 400)]
    public void Feed_ThatNobodyInstructs_HasAPriceUnlessItsSourcesAreToBlame(Script script)
    {
        if (!IsTold(script)) Assert.Null(UnexplainedLackOfAPrice(script));
    }

    /// <summary>Both upstreams say what cannot be true so often that neither is believed for most of it, and sessions are shorter than what would make it good again.</summary>
    [Theory]
    [InlineData(1_775_243_507)]
    [InlineData(409)]
    [InlineData(3_541)]
    [InlineData(5_749)]
    public void Feed_WithoutAPriceInAWholeScript_IsExplainedAtEveryTick(int seed) => Assert.Null(UnexplainedLackOfAPrice(new Script(seed, 2)));

    [Property(Arbitrary = [typeof(Scripts)], MaxTest = 400)]
    public void Confidence_CoversTheLossOfAnyOneUpstream(Script script)
    {
        var random = new Random(script.Seed);
        var mids = new double[script.Upstreams];
        for (var i = 0; i < mids.Length; i++) mids[i] = 10_000 + Math.Round((random.NextDouble() - 0.5) * (random.Next(4) == 0 ? 1_000 : 60));
        var whole = With(mids, without: -1);
        if (!whole.IsFresh) return;
        for (var without = 0; without < mids.Length; without++)
        {
            var rest = With(mids, without);
            if (rest.IsFresh) Assert.True(Math.Abs(rest.Price.E8 - whole.Price.E8) <= whole.ConfidenceE8);
        }
    }

    /// <summary>Null for a script in which the feed has a price, or good reasons for none all along; else the first tick without a reason.</summary>
    private static string? UnexplainedLackOfAPrice(Script script)
    {
        var feed = new FoldHarness(script.Upstreams);
        string? unexplained = null;
        var (session, since) = (MarketSession.Unknown, Instant.MinValue);
        foreach (var decision in Chaos(new Random(script.Seed), feed, script.Upstreams, isTold: false))
        {
            if (decision.IsFresh) return null;
            if (decision.Session != session) (session, since) = (decision.Session, decision.DecidedAt);
            if (unexplained is null && !IsExplained(decision, since, feed.Settings)) unexplained = $"{Snapshot.Of(decision)} {string.Join('|', decision.Inputs.ToArray())}";
        }

        return unexplained;
    }

    private static bool IsExplained(FeedDecision decision, Instant sessionSince, PricingSettings settings)
    {
        // No session, a halt or what follows one, or a price that the guards hold.
        if (settings.For(decision.Session) is not { } pricing || decision.HaltReason != HaltReason.None) return true;
        if (decision.Reason is not (DecisionReason.AwaitingOpen or DecisionReason.BelowQuorum or DecisionReason.AllStale)) return true;
        var undoubted = 0;
        foreach (var input in decision.Inputs)
            if (input is { Reason: InputReason.NotPublished, Kind: ObservationKind.Quote } && (input.EventTime > sessionSince || decision.Reason != DecisionReason.AwaitingOpen))
                undoubted++;
        return undoubted < pricing.Quorum;
    }

    /// <summary>In half of the scripts operators, calendars and the like have a say too.</summary>
    private static bool IsTold(Script script) => script.Seed % 2 == 0;

    private static FeedDecision With(double[] mids, int without)
    {
        var feed = new FoldHarness(mids.Length);
        for (var i = 0; i < mids.Length; i++)
            if (i != without)
                feed.Mid(i, mids[i], at: 1);
        return feed.Tick(1);
    }

    private static List<string> Decisions(Script script)
    {
        var feed = new FoldHarness(script.Upstreams);
        var decisions = new List<string>();
        foreach (var decision in Chaos(new Random(script.Seed), feed, script.Upstreams, IsTold(script)))
            decisions.Add($"{Snapshot.Of(decision)} {string.Join('|', decision.Inputs.ToArray())}");
        return decisions;
    }

    /// <summary>Honest quotes, anything but honest ones, and ticks through every session, with a clock that now and then steps back.</summary>
    private static IEnumerable<FeedDecision> Chaos(Random random, FoldHarness feed, int sources, bool isTold)
    {
        var (at, honest) = (1.0, 10_000.0);
        for (var step = 0; step < Steps; step++)
        {
            at += random.Next(30) == 0 ? -3 : random.Next(40) == 0 ? 100 : random.NextDouble();
            at = Math.Max(at, 1);
            honest = Math.Max(1_000, honest * (1 + ((random.NextDouble() - 0.5) * (random.Next(10) == 0 ? 0.2 : 0.002))));
            for (var i = 0; i < sources; i++)
                if (random.Next(3) > 0)
                    feed.Mid(random.Next(sources), Math.Round(honest) + random.Next(-3, 4), at);
            for (var i = random.Next(4); i > 0; i--) feed.Apply(Lie(random, random.Next(-1, sources + 1), at, honest));
            if (isTold && random.Next(6) == 0) feed.Inputs(Told(random, honest));
            if (random.Next(30) == 0) feed.Fold.Suspend(new SourceId(random.Next(-1, sources + 1)), InputReason.EqualAcrossSymbols, FoldHarness.At(at + 5));
            var session = random.Next(12) switch
            {
                0 => FoldHarness.Closed,
                1 => FoldHarness.Unknown,
                2 => FoldHarness.PostMarket,
                3 => FoldHarness.Overnight,
                _ => FoldHarness.Regular,
            };
            yield return feed.Tick(at, session);
        }
    }

    /// <summary>Anything that may be told from outside.</summary>
    private static GuardInputs Told(Random random, double honest)
    {
        return new GuardInputs
        {
            Operator = (OperatorOrder)(random.Next(4) == 0 ? random.Next(0, 4) : 3),
            ConfirmedPrice = Any(),
            Action = random.Next(5) > 0 ? default : new PendingAction
            {
                OpensAt = FoldHarness.At(random.Next(-10, 200)),
                Ratio = random.Next(4) == 0 ? default : ShareRatio.Of(random.Next(1, 12), random.Next(1, 12)),
                Cash = Any(),
                IsProven = random.Next(3) > 0,
                IsLate = random.Next(3) == 0,
            },
            Clock = (GuardSignal)(random.Next(8) == 0 ? 2 : random.Next(0, 2)),
            Calendar = (GuardSignal)(random.Next(8) == 0 ? 2 : random.Next(0, 2)),
            BandLow = Any(),
            BandHigh = Any(),
            OfficialClose = Any(),
            MoveReference = Any(),
            Related = new RelatedMoves(new RelatedMove(random.Next(), random.Next(-1, 20_000)), new RelatedMove(-random.Next(), random.Next(-1, 20_000))),
        };

        Price Any() => random.Next(3) > 0 ? default : Price.FromE8(random.Next(4) > 0 ? Cents(honest * (0.8 + (random.NextDouble() * 0.4))) : random.NextInt64(1, long.MaxValue));
    }

    /// <summary>Anything a source can put into an observation.</summary>
    private static Observation Lie(Random random, int source, double at, double honest)
    {
        var extremes = new[] { 0, 1, 2, long.MaxValue, long.MaxValue - 1, SourceState.MaxPriceE8, SourceState.MaxPriceE8 + 1, Cents(honest), Cents(honest * 1.05), Cents(honest / 10) };
        var times = new[]
        {
            Instant.MinValue, Instant.MaxValue, default, FoldHarness.At(at), FoldHarness.At(at - 1), FoldHarness.At(at + 1.9), FoldHarness.At(at + 5), FoldHarness.At(at - 44), FoldHarness.At(at - 400),
        };
        return new Observation
        {
            Kind = (ObservationKind)random.Next(0, 9),
            Source = new SourceId(source),
            Upstream = new UpstreamId(random.Next(20) == 0 ? random.Next() : 10 + source),
            Instrument = default,
            EventTime = times[random.Next(times.Length)],
            ReceiveTime = random.Next(5) == 0 ? times[random.Next(times.Length)] : FoldHarness.At(at),
            Bid = Any(),
            Ask = Any(),
            Last = Any(),
            BidSize = random.NextInt64(),
            AskSize = -random.NextInt64(),
            LastSize = random.NextInt64(),
            TradeId = (ulong)random.Next(0, 4),
            Claims = (SessionClaims)random.Next(0, 256),
            Conditions = random.Next(2) == 0 ? ConditionFlags.None : (ConditionFlags)random.Next(0, 1 << 16),
            Halt = random.Next(2) == 0 ? HaltReason.None : (HaltReason)random.Next(0, 256),
        };

        Price Any()
        {
            var value = random.Next(2) == 0 ? extremes[random.Next(extremes.Length)] : Cents(honest * (0.97 + (random.NextDouble() * 0.06)));
            Price.TryFromE8(value, out var price);
            return price;
        }
    }

    private static long Cents(double cents) => FoldHarness.Cents(cents).E8;

    private readonly record struct Snapshot(
        FeedState State, DecisionReason Reason, HoldReasons Holds, HaltReason Halt, long Price, long Confidence, long Bid, long Ask, long Ema, Instant ObservedAt)
    {
        public static Snapshot Of(FeedDecision decision) => new(
            decision.State, decision.Reason, decision.HoldReasons, decision.HaltReason, decision.Price.E8, decision.ConfidenceE8,
            decision.Bid.E8, decision.Ask.E8, decision.Ema.E8, decision.ObservedAt);
    }
}
