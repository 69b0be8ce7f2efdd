using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>The verdict is wrong in neither direction, whatever a chain holds and whatever the node would sign; what is owed is the real policy's word.</summary>
public class VerdictRuleProperties
{
    private const long NowMillis = 1_772_640_000_000;

    private static readonly Instant Now = Instant.FromUnixTimeMilliseconds(NowMillis);
    private static readonly Duration Margin = Duration.FromSeconds(60);
    private static readonly PublishSettings Settings = new([.. Enumerable.Repeat(new PublishCadence(50, Duration.FromSeconds(60), Duration.FromMinutes(3)), 6)], landingMargin: Margin);

    [Property(MaxTest = 20_000)]
    public void Judge_AnyChain_IsOkAndClosedOkExactlyWhenItMay(int seed)
    {
        var random = new Random(seed);
        var (input, landed) = Any(random);
        var verdict = VerdictRule.Judge(in input, Now).Verdict;

        var isAttested = landed is { } l && l.AttestedAtUnixMillis <= NowMillis + 1000 && NowMillis - l.AttestedAtUnixMillis <= l.Record.MaxAgeSeconds * 1000L;
        var isTrusted = input.IsRestored && !input.Differs && input.WasRead && isAttested;
        var isCurrent = !input.IsPausedOnChain && (!input.OwesNews || (input.CanSign && input.OwedFor <= Margin));
        Assert.Equal(isTrusted && isCurrent && Is(input.Candidate, IsFresh) && Is(landed?.Record, IsFresh), verdict == FeedVerdict.Ok);

        // Closed-ok: here or there it is closed, and neither says anything worse.
        Assert.Equal(
            isTrusted && isCurrent && Is(input.Candidate, r => IsFresh(r) || IsClosed(r)) && Is(landed?.Record, r => IsFresh(r) || IsClosed(r))
                && (Is(input.Candidate, IsClosed) || Is(landed?.Record, IsClosed)),
            verdict == FeedVerdict.ClosedOk);

        // A closed market with a live attestation that says so is never stale.
        if (isTrusted && !input.IsPausedOnChain && !input.OwesNews && Is(input.Candidate, IsClosed) && Is(landed?.Record, IsClosed)) Assert.Equal(FeedVerdict.ClosedOk, verdict);

        // What every reader reverts for is never called good, nor anything else but dead or diverged.
        if (isTrusted && input.IsPausedOnChain) Assert.Equal(FeedVerdict.Paused, verdict);

        // Dead is what readers on chain must refuse, no more and no less.
        if (input.IsRestored && !input.Differs && (!input.WasRead || landed is null || landed.Value.AttestedAtUnixMillis <= NowMillis))
            Assert.Equal(!input.WasRead || !isAttested, verdict == FeedVerdict.Dead);

        // What is ok is within the deviation of the price of this moment, unless the next record is on its way.
        if (verdict == FeedVerdict.Ok && !input.OwesNews && input.Candidate!.Value.ObservedAtUnixMillis >= landed!.Value.Record.ObservedAtUnixMillis)
        {
            var (ours, theirs) = (input.Candidate.Value.Price.E8, landed.Value.Record.Price.E8);
            Assert.True(Math.Abs(ours - theirs) * 10_000.0 / theirs < 50, $"{ours} against {theirs}");
        }
    }

    private static (VerdictInput Input, LandedRecord? Landed) Any(Random random)
    {
        FeedRecord? candidate = random.Next(8) == 0 ? null : AnyRecord(random);
        LandedRecord? landed = random.Next(8) == 0
            ? null
            : new LandedRecord(random.Next(2) == 0 && candidate is { } same ? same : AnyRecord(random), (ulong)(NowMillis - random.Next(-2_000, 400_000)) << 4);
        var owed = PublishPolicy.Decide(new PublishInput { Candidate = candidate, Landed = landed, InFlight = false, Settings = Settings }, Now);
        return (new VerdictInput
        {
            IsRestored = random.Next(10) != 0,
            Candidate = candidate,
            WasRead = landed is not null || random.Next(2) == 0,
            Landed = landed,
            IsPausedOnChain = random.Next(6) == 0,
            Differs = random.Next(10) == 0,
            OwesNews = owed.IsNews,
            OwedFor = owed.IsNews ? Duration.FromSeconds(random.Next(120)) : Duration.Zero,
            CanSign = random.Next(5) != 0,
            LandingMargin = Margin,
        }, landed);
    }

    private static FeedRecord AnyRecord(Random random)
    {
        var state = (FeedState)random.Next(8);
        return new FeedRecord
        {
            FeedTag = 1,
            Price = Price.FromE8(10_000_000_000 + (random.Next(3) * random.Next(100_000_000))),
            ConfidenceE8 = 1,
            Session = state == FeedState.Closed ? MarketSession.Closed : MarketSession.Regular,
            State = state,
            HaltReason = random.Next(6) == 0 ? HaltReason.News : HaltReason.None,
            ObservedAtUnixMillis = NowMillis - 500_000 - random.Next(3),
            MaxAgeSeconds = (uint)random.Next(1, 300),
        };
    }

    private static bool Is(FeedRecord? record, Func<FeedRecord, bool> holds) => record is { } known && holds(known);

    private static bool IsFresh(FeedRecord record) => record.State is FeedState.Live or FeedState.Degraded && record.HaltReason == HaltReason.None;

    private static bool IsClosed(FeedRecord record) => record.State == FeedState.Closed && record.HaltReason == HaltReason.None;
}
