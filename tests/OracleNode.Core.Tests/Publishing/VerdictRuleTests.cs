using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Publishing;

public class VerdictRuleTests
{
    private const long AttestedMillis = 1_772_640_000_000;

    private static readonly FeedRecord Live = new()
    {
        FeedTag = 1,
        Price = Price.FromE8(100 * Price.One),
        ConfidenceE8 = 1_000_000,
        Session = MarketSession.Regular,
        State = FeedState.Live,
        ObservedAtUnixMillis = AttestedMillis - 50,
        MaxAgeSeconds = 300,
    };

    private static readonly FeedRecord Closed = Live with { Session = MarketSession.Closed, State = FeedState.Closed, ClosedReason = ClosedReason.Weekend, MaxAgeSeconds = 3600 };

    private static readonly FeedRecord Halted = Live with { State = FeedState.Held, HaltReason = HaltReason.VolatilityPause };

    private static readonly FeedRecord Held = Live with { State = FeedState.Held, HoldReasons = HoldReasons.BelowQuorum };

    /// <summary>The same on the chain as here: what the market does decides.</summary>
    public static TheoryData<string, FeedState, MarketSession, HaltReason, FeedVerdict, VerdictReason> States => new()
    {
        { "live", FeedState.Live, MarketSession.Regular, HaltReason.None, FeedVerdict.Ok, VerdictReason.Fresh },
        { "degraded overnight", FeedState.Degraded, MarketSession.Overnight, HaltReason.None, FeedVerdict.Ok, VerdictReason.Fresh },
        { "closed", FeedState.Closed, MarketSession.Closed, HaltReason.None, FeedVerdict.ClosedOk, VerdictReason.MarketClosed },
        { "halted", FeedState.Held, MarketSession.Regular, HaltReason.News, FeedVerdict.Halted, VerdictReason.Halt },
        { "halted into the night", FeedState.Closed, MarketSession.Closed, HaltReason.Regulatory, FeedVerdict.Halted, VerdictReason.Halt },
        { "paused", FeedState.Paused, MarketSession.Regular, HaltReason.None, FeedVerdict.Paused, VerdictReason.Pause },
        { "paused while halted", FeedState.Paused, MarketSession.Regular, HaltReason.News, FeedVerdict.Paused, VerdictReason.Pause },
        { "paused over a weekend", FeedState.Paused, MarketSession.Closed, HaltReason.None, FeedVerdict.Paused, VerdictReason.Pause },
        { "retired", FeedState.Retired, MarketSession.Closed, HaltReason.None, FeedVerdict.Paused, VerdictReason.Retired },
        { "below quorum", FeedState.Held, MarketSession.Regular, HaltReason.None, FeedVerdict.Stale, VerdictReason.Held },
        { "held for its own reasons at night", FeedState.Held, MarketSession.Closed, HaltReason.None, FeedVerdict.Stale, VerdictReason.Held },
        { "session unknown", FeedState.Held, MarketSession.Unknown, HaltReason.None, FeedVerdict.Stale, VerdictReason.Held },
        { "reopening", FeedState.Reopening, MarketSession.Regular, HaltReason.None, FeedVerdict.Stale, VerdictReason.Reopening },
        { "no state", FeedState.Unknown, MarketSession.Regular, HaltReason.None, FeedVerdict.Stale, VerdictReason.StateUnknown },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Judge_AttestedAndLanded_IsWhatTheMarketDoes(string what, FeedState state, MarketSession session, HaltReason halt, FeedVerdict expected, VerdictReason reason)
    {
        var record = Live with { State = state, Session = session, HaltReason = halt };
        Assert.True(new VerdictFinding(expected, reason) == Judge(Input(record, record)), what);

        // Whatever it is: past its max age it is dead, to the millisecond.
        Assert.Equal(expected, Judge(Input(record, record), Duration.FromSeconds(300)).Verdict);
        Assert.Equal(new VerdictFinding(FeedVerdict.Dead, VerdictReason.AttestationTooOld), Judge(Input(record, record), Duration.FromMilliseconds(300_001)));
    }

    [Fact]
    public void Judge_WeekendWithALiveAttestation_IsClosedOkHoweverOldThePrice()
    {
        var friday = Closed with { ObservedAtUnixMillis = AttestedMillis - (long)Duration.FromHours(80).TotalMilliseconds };
        Assert.Equal(FeedVerdict.ClosedOk, Judge(Input(friday, friday), Duration.FromMinutes(60)).Verdict);
    }

    [Fact]
    public void Judge_RenewalOverdueWithinMaxAge_IsNoLag() =>
        Assert.Equal(FeedVerdict.ClosedOk, Judge(Input(Closed, Closed) with { OwesNews = false, OwedFor = Duration.FromMinutes(20) }, Duration.FromMinutes(50)).Verdict);

    [Fact]
    public void Judge_AtTheClose_TheMarketsWordCountsBeforeItLanded()
    {
        var closing = Input(Closed, Live) with { OwesNews = true, OwedFor = Duration.FromSeconds(1) };
        Assert.Equal(FeedVerdict.ClosedOk, Judge(closing).Verdict);
        Assert.Equal(new VerdictFinding(FeedVerdict.Stale, VerdictReason.Lags), Judge(closing with { OwedFor = Duration.FromSeconds(61) }));
    }

    [Fact]
    public void Judge_AtTheOpen_IsOkOnlyOnceItLanded()
    {
        var opening = Input(Live, Closed) with { OwesNews = true, OwedFor = Duration.FromSeconds(60) };
        Assert.Equal(FeedVerdict.ClosedOk, Judge(opening).Verdict);
        Assert.Equal(FeedVerdict.Stale, Judge(opening with { OwedFor = Duration.FromMilliseconds(60_001) }).Verdict);
    }

    [Fact]
    public void Judge_HaltThatOneSideKnows_IsHalted()
    {
        Assert.Equal(FeedVerdict.Halted, Judge(Input(Halted, Live) with { OwesNews = true }).Verdict);
        Assert.Equal(FeedVerdict.Halted, Judge(Input(Live, Halted) with { OwesNews = true }).Verdict);
    }

    [Fact]
    public void Judge_HoldThatHasNotLanded_IsStaleAlready() => Assert.Equal(FeedVerdict.Stale, Judge(Input(Held, Live) with { OwesNews = true }).Verdict);

    [Fact]
    public void Judge_NothingCanBeSigned_IsStaleOnceTheChainIsWrong()
    {
        var silent = Input(Live, Live) with { CanSign = false };
        Assert.Equal(FeedVerdict.Ok, Judge(silent).Verdict);
        Assert.Equal(new VerdictFinding(FeedVerdict.Stale, VerdictReason.NotSigned), Judge(silent with { OwesNews = true }));
        Assert.Equal(FeedVerdict.Dead, Judge(silent with { OwesNews = true }, Duration.FromSeconds(301)).Verdict);
    }

    [Fact]
    public void Judge_NoRecordOfOurOwn_IsStaleWhileAnotherNodeAttests()
    {
        Assert.Equal(new VerdictFinding(FeedVerdict.Stale, VerdictReason.NoRecord), Judge(Input(Live, Live) with { Candidate = null }));
        Assert.Equal(FeedVerdict.Dead, Judge(Input(Live, Live) with { Candidate = null, Landed = null }).Verdict);
    }

    [Fact]
    public void Judge_NothingOnTheChain_IsDead()
    {
        Assert.Equal(new VerdictFinding(FeedVerdict.Dead, VerdictReason.NothingAttested), Judge(Input(Live, Live) with { Landed = null }));
        Assert.Equal(new VerdictFinding(FeedVerdict.Dead, VerdictReason.NotRead), Judge(Input(Live, Live) with { Landed = null, WasRead = false }));
    }

    [Fact]
    public void Judge_WhatCannotBe_IsDivergedWhateverElse()
    {
        Assert.Equal(new VerdictFinding(FeedVerdict.Diverged, VerdictReason.Differs), Judge(Input(Closed, Closed) with { Differs = true }, Duration.FromDays(1)));
        Assert.Equal(new VerdictFinding(FeedVerdict.Diverged, VerdictReason.AttestedAhead), Judge(Input(Live, Live), Duration.FromMilliseconds(-1_001)));
        Assert.Equal(FeedVerdict.Ok, Judge(Input(Live, Live), Duration.FromSeconds(-1)).Verdict);
    }

    [Fact]
    public void Judge_StoppedOnChain_IsPausedHoweverGoodTheRecord()
    {
        var stopped = new VerdictFinding(FeedVerdict.Paused, VerdictReason.StoppedOnChain);
        foreach (var record in new[] { Live, Closed, Halted, Held }) Assert.Equal(stopped, Judge(Input(record, record) with { IsPausedOnChain = true }));

        // That a chain which is stopped falls behind is no lag, until nobody may rely on what it holds.
        var behind = Input(Live, Closed) with { IsPausedOnChain = true, OwesNews = true, OwedFor = Duration.FromMinutes(5) };
        Assert.Equal(stopped, Judge(behind));
        Assert.Equal(FeedVerdict.Dead, Judge(behind, Duration.FromSeconds(3_601)).Verdict);
        Assert.Equal(FeedVerdict.Diverged, Judge(behind with { Differs = true }).Verdict);
    }

    [Fact]
    public void Judge_NotRestored_HasNoVerdict() =>
        Assert.Equal(new VerdictFinding(FeedVerdict.Unknown, VerdictReason.NotRestored), Judge(Input(Live, Live) with { IsRestored = false, Differs = true }));

    [Fact]
    public void Judge_SequenceFromNonsense_IsDiverged() =>
        Assert.Equal(FeedVerdict.Diverged, Judge(Input(Live, Live) with { Landed = new LandedRecord(Live, ulong.MaxValue) }).Verdict);

    [Fact]
    public void Worse_OfTwo_IsTheHigherNumber()
    {
        FeedVerdict[] ascending = [FeedVerdict.Unknown, FeedVerdict.Ok, FeedVerdict.ClosedOk, FeedVerdict.Halted, FeedVerdict.Paused, FeedVerdict.Stale, FeedVerdict.Dead, FeedVerdict.Diverged];
        Assert.Equal(Enumerable.Range(0, 8), ascending.Select(v => (int)v));
        Assert.Equal(FeedVerdict.Dead, VerdictFinding.Worse(new(FeedVerdict.Dead, VerdictReason.NotRead), new(FeedVerdict.Ok, VerdictReason.Fresh)).Verdict);
    }

    private static VerdictFinding Judge(VerdictInput input, Duration age = default) => VerdictRule.Judge(in input, Instant.FromUnixTimeMilliseconds(AttestedMillis) + age);

    private static VerdictInput Input(FeedRecord candidate, FeedRecord landed) => new()
    {
        IsRestored = true,
        Candidate = candidate,
        WasRead = true,
        Landed = new LandedRecord(landed, ((ulong)AttestedMillis << 4) | 3),
        IsPausedOnChain = false,
        Differs = false,
        OwesNews = false,
        OwedFor = Duration.Zero,
        CanSign = true,
        LandingMargin = Duration.FromSeconds(60),
    };
}
