using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Publishing;

public class PublishPolicyTests
{
    private const long AttestedMillis = 1_772_640_000_000;

    private static readonly Instant Attested = Instant.FromUnixTimeMilliseconds(AttestedMillis);

    // Regular: 50 bps or 60 s, standing 3 minutes. Closed: 100 bps or an hour. The others: 80 bps or 10 minutes.
    private static readonly PublishSettings Settings = new(
    [
        new PublishCadence(80, Duration.FromMinutes(10)),
        new PublishCadence(80, Duration.FromMinutes(10)),
        new PublishCadence(50, Duration.FromSeconds(60), Duration.FromMinutes(3)),
        new PublishCadence(80, Duration.FromMinutes(10)),
        new PublishCadence(80, Duration.FromMinutes(10)),
        new PublishCadence(100, Duration.FromHours(1)),
    ]);

    private static readonly FeedRecord Landed = new()
    {
        FeedTag = 1,
        Price = Price.FromE8(100 * Price.One),
        ConfidenceE8 = 1_000_000,
        Session = MarketSession.Regular,
        State = FeedState.Live,
        ObservedAtUnixMillis = AttestedMillis - 50,
        NextChangeAtUnixSeconds = 1_772_658_000,
        MaxAgeSeconds = 120,
    };

    private static readonly TokenTerms Terms = new(Multiplier.One, default, 0, Landed.Price);

    [Fact]
    public void Decide_NoCandidate_PublishesNothing() => AssertDecision(PublishReason.NoCandidate, Input(null));

    [Fact]
    public void Decide_CandidateWithoutPrice_IsNone() => AssertDecision(PublishReason.NoCandidate, Input(Landed with { Price = default }) with { Landed = null });

    [Fact]
    public void Decide_InFlight_WaitsWhateverHappened() =>
        AssertDecision(PublishReason.InFlight, Input(Landed with { State = FeedState.Held, HoldReasons = HoldReasons.Jump }) with { InFlight = true });

    [Fact]
    public void Decide_NothingLandedYet_IsFirst() => AssertDecision(PublishReason.First, Input(Landed) with { Landed = null });

    [Fact]
    public void Decide_NothingLandedAndInFlight_Waits() =>
        AssertDecision(PublishReason.InFlight, Input(Landed) with { Landed = null, InFlight = true });

    [Fact]
    public void Decide_ObservedBeforeTheChains_IsSuperseded() =>
        AssertDecision(PublishReason.Superseded, Input(Landed with { ObservedAtUnixMillis = AttestedMillis - 51, State = FeedState.Held }), Duration.FromDays(1));

    [Fact]
    public void Decide_StateDiffers_IsStateChange() => AssertDecision(PublishReason.StateChange, Input(Landed with { State = FeedState.Degraded }));

    [Fact]
    public void Decide_HoldReasonDiffers_IsStateChange() =>
        AssertDecision(PublishReason.StateChange, Input(
            Landed with { State = FeedState.Held, HoldReasons = HoldReasons.Jump | HoldReasons.Stale },
            Landed with { State = FeedState.Held, HoldReasons = HoldReasons.Jump }));

    [Fact]
    public void Decide_HaltReasonDiffers_IsStateChange() =>
        AssertDecision(PublishReason.StateChange, Input(
            Landed with { State = FeedState.Held, HaltReason = HaltReason.News },
            Landed with { State = FeedState.Held, HaltReason = HaltReason.VolatilityPause }));

    [Fact]
    public void Decide_SessionDiffers_IsSessionChange() => AssertDecision(PublishReason.SessionChange, Input(Landed with { Session = MarketSession.PostMarket }));

    [Fact]
    public void Decide_ClosedReasonDiffers_IsSessionChange() =>
        AssertDecision(PublishReason.SessionChange, Input(Closed(ClosedReason.Weekend), Closed(ClosedReason.Holiday)));

    [Fact]
    public void Decide_SessionClaimExpiresAtAnotherTime_IsSessionChange() =>
        AssertDecision(PublishReason.SessionChange, Input(Landed with { NextChangeAtUnixSeconds = 1_772_647_200 }));

    [Fact]
    public void Decide_MultiplierDiffers_IsMultiplierChange() =>
        AssertMultiplierChange(Terms with { Multiplier = new Multiplier(Multiplier.One.E18 + 1) });

    [Fact]
    public void Decide_MultiplierStaged_IsMultiplierChange() =>
        AssertMultiplierChange(Terms with { NextMultiplier = new Multiplier(Multiplier.One.E18 * 2), ActivationUnixSeconds = 1_772_700_000 });

    [Fact]
    public void Decide_StagedMultiplierMovedInTime_IsMultiplierChange()
    {
        var staged = Terms with { NextMultiplier = Multiplier.One, ActivationUnixSeconds = 1_772_700_000 };
        AssertDecision(PublishReason.MultiplierChange, Input(
            Landed with { Token = staged with { ActivationUnixSeconds = 1_772_700_001 } },
            Landed with { Token = staged }));
    }

    [Fact]
    public void Decide_OnlyUnderlyingPriceOfATokenDiffers_IsUnchanged() =>
        AssertDecision(PublishReason.Unchanged, Input(
            Landed with { Token = Terms with { Underlying = Price.FromE8(Landed.Price.E8 + 1) } },
            Landed with { Token = Terms }));

    [Theory]
    [InlineData(10_050_000_000, PublishReason.Deviation)] // +50 bps
    [InlineData(10_049_999_999, PublishReason.Unchanged)]
    [InlineData(9_950_000_000, PublishReason.Deviation)] // -50 bps
    [InlineData(9_950_000_001, PublishReason.Unchanged)]
    [InlineData(1, PublishReason.Deviation)]
    [InlineData(long.MaxValue, PublishReason.Deviation)]
    public void Decide_PriceAtOrInsideTheDeviation_DecidesExactly(long e8, PublishReason expected) =>
        AssertDecision(expected, Input(Landed with { Price = Price.FromE8(e8) }));

    [Fact]
    public void Decide_DeviationOfAnotherSession_IsNotUsed() =>
        AssertDecision(PublishReason.Unchanged, Input(
            Closed(ClosedReason.Weekend) with { Price = Price.FromE8(10_099_999_999) }, Closed(ClosedReason.Weekend)));

    [Theory]
    [InlineData(60_000, PublishReason.Heartbeat)]
    [InlineData(59_999, PublishReason.Unchanged)]
    [InlineData(-1, PublishReason.Unchanged)] // attested by a node whose clock is ahead
    public void Decide_AgeOfTheAttestation_DecidesHeartbeat(long ageMillis, PublishReason expected) =>
        AssertDecision(expected, Input(Landed), Duration.FromMilliseconds(ageMillis));

    [Theory]
    [InlineData(3_600_000, PublishReason.Attestation)]
    [InlineData(3_599_999, PublishReason.Unchanged)]
    public void Decide_ClosedFeed_IsAttestedAtItsOwnCadence(long ageMillis, PublishReason expected) =>
        AssertDecision(expected, Input(Closed(ClosedReason.Weekend), Closed(ClosedReason.Weekend)), Duration.FromMilliseconds(ageMillis));

    [Theory]
    [InlineData(FeedState.Held, 180_000, PublishReason.Attestation)]
    [InlineData(FeedState.Held, 179_999, PublishReason.Unchanged)]
    [InlineData(FeedState.Reopening, 180_000, PublishReason.Attestation)]
    [InlineData(FeedState.Paused, 180_000, PublishReason.Attestation)]
    [InlineData(FeedState.Retired, 180_000, PublishReason.Attestation)]
    [InlineData(FeedState.Degraded, 60_000, PublishReason.Heartbeat)]
    public void Decide_PriceThatStandsInSession_IsAttestedAtTheSessionsAttestation(FeedState state, long ageMillis, PublishReason expected)
    {
        var standing = Landed with { State = state };
        AssertDecision(expected, Input(standing, standing), Duration.FromMilliseconds(ageMillis));
    }

    [Fact]
    public void Decide_TwoNodesStoppedAtTwoPricesOfOneObservation_DoNotAnswerEachOther()
    {
        var ours = Closed(ClosedReason.Weekend);
        var theirs = ours with { Price = Price.FromE8(2 * ours.Price.E8) };
        AssertDecision(PublishReason.Unchanged, Input(ours, theirs));
        AssertDecision(PublishReason.Attestation, Input(ours, theirs), Duration.FromHours(1));
        AssertDecision(PublishReason.Deviation, Input(ours with { ObservedAtUnixMillis = ours.ObservedAtUnixMillis + 1 }, theirs));
    }

    [Fact]
    public void PlanBatch_HaltedFeedsOfDifferentAges_ShareABatch()
    {
        var halted = Landed with { State = FeedState.Held, HaltReason = HaltReason.VolatilityPause };
        var older = Input(halted, halted);
        var younger = older with { Landed = new LandedRecord(halted, (ulong)(AttestedMillis + 80_000) << 4) };
        var youngest = older with { Landed = new LandedRecord(halted, (ulong)(AttestedMillis + 100_000) << 4) };
        Assert.Equal([PublishReason.Attestation, PublishReason.RideAlong, PublishReason.Unchanged], Plan(2, Duration.FromMinutes(3), older, younger, youngest));
    }

    [Fact]
    public void PlanBatch_StandingPriceBesideAMovingOne_DoesNotRideAlongForItsPrice()
    {
        var standing = Input(Closed(ClosedReason.Weekend), Closed(ClosedReason.Weekend) with { Price = Price.FromE8(10_090_000_000) });
        Assert.Equal([PublishReason.First, PublishReason.Unchanged], Plan(1, Duration.FromSeconds(1), Input(Landed) with { Landed = null }, standing));
    }

    [Fact]
    public void Decide_FreshObservationOfTheSamePrice_IsUnchanged() =>
        AssertDecision(PublishReason.Unchanged, Input(Landed with { ObservedAtUnixMillis = AttestedMillis + 900 }), Duration.FromSeconds(1));

    [Fact]
    public void Decide_SequenceFromNonsense_DoesNotThrow()
    {
        var input = Input(Landed) with { Landed = new LandedRecord(Landed, ulong.MaxValue) };
        AssertDecision(PublishReason.Unchanged, input);
        Assert.Equal(PublishReason.Unchanged, PublishPolicy.Decide(in input, Instant.MinValue).Reason);
    }

    [Fact]
    public void PlanBatch_NothingDue_TakesNobodyAlong()
    {
        var near = Input(Landed with { Price = Price.FromE8(10_049_999_999) });
        Assert.Equal([PublishReason.Unchanged, PublishReason.Unchanged], Plan(0, Duration.FromSeconds(59), near, Input(Landed)));
    }

    [Fact]
    public void PlanBatch_OneDue_NearOnesRideAlong()
    {
        var moved = Input(Landed with { Price = Price.FromE8(10_060_000_000) });
        var halfMoved = Input(Landed with { Price = Price.FromE8(10_025_000_000) });
        var lessMoved = Input(Landed with { Price = Price.FromE8(10_024_999_999) });
        Assert.Equal(
            [PublishReason.RideAlong, PublishReason.Deviation, PublishReason.Unchanged, PublishReason.InFlight, PublishReason.NoCandidate],
            Plan(2, Duration.FromSeconds(1), halfMoved, moved, lessMoved, halfMoved with { InFlight = true }, Input(null)));
    }

    [Theory]
    [InlineData(30_000, PublishReason.RideAlong)]
    [InlineData(29_999, PublishReason.Unchanged)]
    public void PlanBatch_OneDue_HalfAgedRidesAlong(long ageMillis, PublishReason expected) =>
        Assert.Equal(
            [PublishReason.First, expected],
            Plan(expected == PublishReason.RideAlong ? 2 : 1, Duration.FromMilliseconds(ageMillis), Input(Landed) with { Landed = null }, Input(Landed)));

    [Theory]
    [InlineData(0, PublishReason.RideAlong)]
    [InlineData(10_000, PublishReason.Unchanged)]
    public void PlanBatch_RideAlongShare_IsTheFeedsOwn(int shareBps, PublishReason expected)
    {
        var settings = new PublishSettings(Enumerable.Repeat(new PublishCadence(50, Duration.FromSeconds(60)), 6).ToArray(), shareBps);
        var still = Input(Landed with { Price = Price.FromE8(10_000_000_001) }) with { Settings = settings };
        Assert.Equal(
            [PublishReason.First, expected],
            Plan(expected == PublishReason.RideAlong ? 2 : 1, Duration.FromMilliseconds(1), Input(Landed) with { Landed = null }, still));
    }

    [Fact]
    public void PlanBatch_SupersededFeed_NeverRidesAlong()
    {
        var old = Input(Landed with { ObservedAtUnixMillis = AttestedMillis - 51, Price = Price.FromE8(20_000_000_000) });
        Assert.Equal([PublishReason.First, PublishReason.Superseded], Plan(1, Duration.FromDays(2), Input(Landed) with { Landed = null }, old));
    }

    [Fact]
    public void PlanBatch_WrongLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => PublishPolicy.PlanBatch([Input(Landed)], Attested, new PublishDecision[2]));

    [Fact]
    public void PlanBatch_NothingDueOrSomething_AllocatesNothing()
    {
        var feeds = Enumerable.Repeat(Input(Landed with { Token = Terms }, Landed with { Token = Terms }), 100).ToArray();
        var decisions = new PublishDecision[feeds.Length];
        var planned = PublishPolicy.PlanBatch(feeds, Attested, decisions) + PublishPolicy.PlanBatch(feeds, Attested + Duration.FromDays(1), decisions);

        var before = GC.GetAllocatedBytesForCurrentThread();
        planned += PublishPolicy.PlanBatch(feeds, Attested, decisions);
        planned += PublishPolicy.PlanBatch(feeds, Attested + Duration.FromDays(1), decisions);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(200, planned);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(5001, 60)]
    [InlineData(50, 0)]
    [InlineData(50, 604_801)]
    public void PublishCadence_OutOfRange_IsRefused(int deviationBps, int heartbeatSeconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PublishCadence(deviationBps, Duration.FromSeconds(heartbeatSeconds)));

    [Theory]
    [InlineData(0)]
    [InlineData(604_801)]
    public void PublishCadence_AttestationOutOfRange_IsRefused(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PublishCadence(50, Duration.FromSeconds(60), Duration.FromSeconds(seconds)));

    [Theory]
    [InlineData(0)]
    [InlineData(3_601)]
    public void PublishSettings_LandingMarginOutOfRange_IsRefused(int seconds)
    {
        var cadence = new PublishCadence(50, Duration.FromSeconds(60));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PublishSettings([cadence, cadence, cadence, cadence, cadence, cadence], landingMargin: Duration.FromSeconds(seconds)));
    }

    [Fact]
    public void PublishSettings_MissingCadenceOrBadShare_IsRefused()
    {
        var cadence = new PublishCadence(50, Duration.FromSeconds(60));
        Assert.Throws<ArgumentException>(() => new PublishSettings([cadence, cadence, cadence, cadence, cadence]));
        Assert.Throws<ArgumentException>(() => new PublishSettings([default, cadence, cadence, cadence, cadence, cadence]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PublishSettings([cadence, cadence, cadence, cadence, cadence, cadence], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PublishSettings([cadence, cadence, cadence, cadence, cadence, cadence], 10_001));
    }

    [Theory]
    [InlineData(PublishReason.None, false, false)]
    [InlineData(PublishReason.First, true, true)]
    [InlineData(PublishReason.StateChange, true, true)]
    [InlineData(PublishReason.SessionChange, true, true)]
    [InlineData(PublishReason.MultiplierChange, true, true)]
    [InlineData(PublishReason.Deviation, true, true)]
    [InlineData(PublishReason.Heartbeat, true, false)]
    [InlineData(PublishReason.RideAlong, true, false)]
    [InlineData(PublishReason.Attestation, true, false)]
    [InlineData(PublishReason.NoCandidate, false, false)]
    [InlineData(PublishReason.InFlight, false, false)]
    [InlineData(PublishReason.Superseded, false, false)]
    [InlineData(PublishReason.Unchanged, false, false)]
    public void PublishDecision_Reason_SaysWhetherToPublishAndWhetherItIsNews(PublishReason reason, bool publish, bool isNews) =>
        Assert.Equal((publish, isNews), (new PublishDecision(reason).Publish, new PublishDecision(reason).IsNews));

    [Theory]
    [InlineData(FeedState.Live, FeedState.Degraded, 1999, PublishReason.Unchanged)]
    [InlineData(FeedState.Degraded, FeedState.Live, 1999, PublishReason.Unchanged)]
    [InlineData(FeedState.Live, FeedState.Degraded, 2000, PublishReason.StateChange)]
    [InlineData(FeedState.Live, FeedState.Degraded, -1, PublishReason.StateChange)]
    [InlineData(FeedState.Live, FeedState.Held, 0, PublishReason.StateChange)]
    [InlineData(FeedState.Held, FeedState.Live, 0, PublishReason.StateChange)]
    [InlineData(FeedState.Degraded, FeedState.Closed, 0, PublishReason.StateChange)]
    public void Decide_AStateOfSomeAge_IsNews(FeedState landed, FeedState candidate, int ageMillis, PublishReason expected)
    {
        var input = Input(Landed with { State = candidate }, Landed with { State = landed }) with { StateSince = Attested - Duration.FromMilliseconds(ageMillis) };
        AssertDecision(expected, input);
    }

    [Fact]
    public void Decide_APassingStepWithADeviation_IsADeviation()
    {
        var moved = Landed with { State = FeedState.Degraded, Price = Price.FromE8(Landed.Price.E8 * 2) };
        AssertDecision(PublishReason.Deviation, Input(moved, Landed with { State = FeedState.Live }) with { StateSince = Attested });
    }

    private static FeedRecord Closed(ClosedReason reason) =>
        Landed with { Session = MarketSession.Closed, ClosedReason = reason, State = FeedState.Closed };

    private static void AssertMultiplierChange(TokenTerms changed) =>
        AssertDecision(PublishReason.MultiplierChange, Input(Landed with { Token = changed }, Landed with { Token = Terms }));

    private static void AssertDecision(PublishReason expected, PublishInput input, Duration age = default) =>
        Assert.Equal(expected, PublishPolicy.Decide(in input, Attested + age).Reason);

    private static PublishReason[] Plan(int expectedCount, Duration age, params PublishInput[] feeds)
    {
        var decisions = new PublishDecision[feeds.Length];
        Assert.Equal(expectedCount, PublishPolicy.PlanBatch(feeds, Attested + age, decisions));
        return Array.ConvertAll(decisions, decision => decision.Reason);
    }

    private static PublishInput Input(FeedRecord? candidate, FeedRecord? landed = null) => new()
    {
        Candidate = candidate,
        Landed = new LandedRecord(landed ?? Landed, ((ulong)AttestedMillis << 4) | 3),
        InFlight = false,
        Settings = Settings,
    };
}
