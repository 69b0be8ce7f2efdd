using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;
using static OracleNode.Guards.FoldHarness;
using static OracleNode.Guards.SplitHarness;

namespace OracleNode.Guards;

/// <summary>A token through a step of its multiplier: never ten times the price, and the price of before until share and multiplier are both of after it.</summary>
public class TokenStepsTests
{
    private readonly SplitHarness _feed = new();

    private (FeedState, DecisionReason) Now => (_feed.Token.State, _feed.Token.Reason);

    private void AssertFrozen()
    {
        Assert.Equal((FeedState.Paused, HoldReasons.CorporateAction), (_feed.Token.State, _feed.Token.HoldReasons & HoldReasons.CorporateAction));
        Assert.Equal((Cents(Before), Multiplier.One, Cents(Before)), (_feed.Token.Price, _feed.Token.Multiplier, _feed.Token.Underlying));
    }

    [Fact]
    public void Activation_BeforeTheFirstPrintOfAfter_PausesFromTenMinutesBefore()
    {
        // Staged for Sunday 20:00 New York, when the trade date begins.
        _feed.Reading("2024-06-07 18:00", Multiplier.One, Ten, "2024-06-09 20:00").Say(Notice(EvidenceClass.Vendor));
        _feed.Reading("2024-06-09 19:45", Multiplier.One, Ten, "2024-06-09 20:00").Tick("2024-06-09 19:49:59");
        Assert.Equal(FeedState.Closed, _feed.Token.State);
        _feed.Tick("2024-06-09 19:50");
        Assert.Equal((FeedState.Paused, DecisionReason.CorporateActionWindow), Now);
        Assert.Equal(FeedState.Closed, _feed.Share.State);
        AssertFrozen();
        foreach (var time in new[] { "2024-06-09 20:00", "2024-06-10 03:00", "2024-06-10 04:00", "2024-06-10 04:01" })
        {
            _feed.Reading(time, Ten).Tick(time);
            AssertFrozen();
        }

        _feed.Say("2024-06-10 04:02", After).Tick("2024-06-10 04:02");
        Assert.Equal((FeedState.Live, DecisionReason.ActionAccepted), Now);
        Assert.Equal((Cents(After * 10), Ten, Cents(After)), (_feed.Token.Price, _feed.Token.Multiplier, _feed.Token.Underlying));
    }

    [Fact]
    public void Activation_InsideLivePostMarket_NeverMultipliesThePriceOfBefore()
    {
        // Where midnight UTC is seven in the evening, the share still trades for an hour.
        _feed.Reading("2024-06-07 18:00", Multiplier.One, Ten, "2024-06-07 19:00").Say(Notice(EvidenceClass.Vendor));
        foreach (var time in new[] { "2024-06-07 18:50", "2024-06-07 18:59", "2024-06-07 19:00", "2024-06-07 19:30", "2024-06-07 19:59" })
        {
            _feed.Reading(time, Multiplier.One, Ten, "2024-06-07 19:00").Say(time, Before + 40).Tick(time);
            Assert.Equal(FeedState.Live, _feed.Share.State);
            AssertFrozen();
        }

        _feed.Reading("2024-06-10 04:02", Ten).Say("2024-06-10 04:02", After).Tick("2024-06-10 04:02");
        Assert.Equal((FeedState.Live, Cents(After * 10)), (_feed.Token.State, _feed.Token.Price));
    }

    [Fact]
    public void Share_OfAfterTheSplit_WaitsForTheMultiplier()
    {
        // The share trades split from four in the morning, the token steps at the open.
        _feed.Reading("2024-06-07 18:00", Multiplier.One, Ten, "2024-06-10 09:30").Say(Notice(EvidenceClass.Vendor));
        _feed.Reading("2024-06-10 04:02", Multiplier.One, Ten, "2024-06-10 09:30").Say("2024-06-10 04:02", After).Tick("2024-06-10 04:02");
        Assert.Equal(FeedState.Live, _feed.Share.State);
        Assert.Equal(DecisionReason.ActionAwaitsMultiplier, _feed.Token.Reason);
        AssertFrozen();
        foreach (var time in new[] { "2024-06-10 07:00", "2024-06-10 09:19" })
        {
            _feed.Reading(time, Multiplier.One, Ten, "2024-06-10 09:30").Say(time, After).Tick(time);
            AssertFrozen();
        }

        // No event at the activation.
        _feed.Reading("2024-06-10 09:25", Multiplier.One, Ten, "2024-06-10 09:30").Say("2024-06-10 09:30:01", After).Tick("2024-06-10 09:30:01");
        Assert.Equal((FeedState.Live, Cents(After * 10), Ten), (_feed.Token.State, _feed.Token.Price, _feed.Token.Multiplier));
    }

    [Fact]
    public void Step_ThatNobodyElseTellsOf_PausesTheTokenAndNotTheShare()
    {
        _feed.Reading("2024-06-07 16:05", Multiplier.One, Ten, "2024-06-07 16:10").Say("2024-06-07 16:05", Before).Tick("2024-06-07 16:05");
        Assert.Equal((FeedState.Paused, FeedState.Live), (_feed.Token.State, _feed.Share.State));
        _feed.Say("2024-06-07 16:11", Before).Tick("2024-06-07 16:11");
        Assert.Equal((FeedState.Paused, DecisionReason.MultiplierStep), Now);

        // Taken back by the issuer.
        _feed.Reading("2024-06-07 16:12", Multiplier.One).Say("2024-06-07 16:12", Before).Tick("2024-06-07 16:12");
        Assert.Equal((FeedState.Live, Cents(Before)), (_feed.Token.State, _feed.Token.Price));
    }

    [Fact]
    public void Step_OverriddenBeforeItIsDue_PausesNothing()
    {
        _feed.Reading("2024-06-07 16:01", Multiplier.One, Ten, "2024-06-07 17:00").Reading("2024-06-07 16:52", Multiplier.One);
        _feed.Say("2024-06-07 16:59", Before).Tick("2024-06-07 16:59");
        Assert.Equal((FeedState.Live, DecisionReason.Accepted), Now);
        Assert.Empty(_feed.Market.Actions.Of(new InstrumentId(0)));
    }

    [Fact]
    public void SmallStep_AppliesAtOnceAndAtomically()
    {
        var small = new Multiplier(1_000_566_080_061_092_436);
        _feed.Reading("2024-06-07 16:01", Multiplier.One, small, "2024-06-07 16:10").Say("2024-06-07 16:09:59", Before).Tick("2024-06-07 16:09:59");
        Assert.Equal((FeedState.Live, Cents(Before), Multiplier.One), (_feed.Token.State, _feed.Token.Price, _feed.Token.Multiplier));
        _feed.Say("2024-06-07 16:10", Before + 1).Tick("2024-06-07 16:10");
        Assert.True(small.TryMultiplyRoundHalfEven(Cents(Before + 1), out var product));
        Assert.Equal((FeedState.Live, product, small, Cents(Before + 1)), (_feed.Token.State, _feed.Token.Price, _feed.Token.Multiplier, _feed.Token.Underlying));
    }

    [Fact]
    public void Step_OfAHundredBps_IsSmallAndOneMoreIsNot()
    {
        _feed.Reading("2024-06-07 16:01", new Multiplier(1_010_000_000_000_000_000)).Say("2024-06-07 16:01", Before).Tick("2024-06-07 16:01");
        Assert.Equal(FeedState.Live, _feed.Token.State);
        _feed.Reading("2024-06-07 16:02", new Multiplier(1_020_100_000_000_000_001), new Multiplier(1_020_100_000_000_000_001), "2024-06-07 16:03").Say("2024-06-07 16:02", Before * 1.06).Tick("2024-06-07 16:02");
        Assert.Equal(FeedState.Paused, _feed.Token.State);
    }

    [Fact]
    public void Dividend_PaidInSharesDaysLater_IsATrueStep()
    {
        // Eight per cent in cash on Monday; on Wednesday the multiplier takes 5.6 of them.
        _feed.Say(Notice(EvidenceClass.Vendor, 0, 0, kind: CorporateActionKind.CashDividend, cash: 9_671)).Say(Notice(EvidenceClass.Operator, 0, 0, kind: CorporateActionKind.CashDividend, cash: 9_671));
        _feed.Reading("2024-06-10 09:31", Multiplier.One).Say("2024-06-10 09:31", 111_200).Tick("2024-06-10 09:31");
        Assert.Equal((FeedState.Live, Cents(111_200)), (_feed.Token.State, _feed.Token.Price));
        _feed.Reading("2024-06-12 10:00", Multiplier.One).Say("2024-06-12 10:00", 111_200).Tick("2024-06-12 10:00");
        _feed.Reading("2024-06-12 10:01", new Multiplier(1_056_000_000_000_000_000)).Say("2024-06-12 10:01", 111_200).Tick("2024-06-12 10:01");
        Assert.Equal((FeedState.Live, Cents(111_200 * 1.056)), (_feed.Token.State, _feed.Token.Price));
        _feed.Reading("2024-06-12 10:02", new Multiplier(1_161_600_000_000_000_000)).Say("2024-06-12 10:02", 111_200).Tick("2024-06-12 10:02");
        Assert.Equal((FeedState.Paused, DecisionReason.MultiplierStep), Now);
    }

    [Fact]
    public void Restart_AfterTheActivation_KnowsTheStepFromTheChain()
    {
        // The reading after the start shows ten, and the price on chain was made with one: that is the issuer's word.
        var harness = new MarketHarness();
        harness.Market.Restore(0, Restored(Before, At(Friday), FeedState.Paused) with { HoldReasons = HoldReasons.CorporateAction });
        harness.Market.Restore(harness.Token, Restored(Before, At(Friday), FeedState.Paused) with { HoldReasons = HoldReasons.CorporateAction, Multiplier = Multiplier.One, Underlying = Cents(Before) });
        var feed = harness.Market;
        feed.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 09:00"), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(Ten, default, null, CalendarFixture.NewYork("2024-06-10 09:00")))));
        feed.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 09:00"), Notice(EvidenceClass.Vendor)));
        harness.Tick(At("2024-06-10 09:01"));
        Assert.Equal((FeedState.Paused, Cents(Before)), (feed.DecisionOf(harness.Token)!.State, feed.DecisionOf(harness.Token)!.Price));
        harness.All(0, After, At("2024-06-10 09:02")).Tick(At("2024-06-10 09:02"));
        Assert.Equal((FeedState.Live, FeedState.Live, Cents(After * 10)), (feed.DecisionOf(0)!.State, feed.DecisionOf(harness.Token)!.State, feed.DecisionOf(harness.Token)!.Price));
    }

    [Fact]
    public void Restart_WithTheShareAheadOfTheToken_StillWaitsForTheMultiplier()
    {
        var harness = new MarketHarness();
        harness.Market.Restore(0, Restored(After, At("2024-06-10 09:00")));
        harness.Market.Restore(harness.Token, Restored(Before, At(Friday), FeedState.Paused) with { HoldReasons = HoldReasons.CorporateAction, Multiplier = Multiplier.One, Underlying = Cents(Before) });
        harness.Multiplier(At("2024-06-10 09:01"));
        harness.All(0, After, At("2024-06-10 09:02")).Tick(At("2024-06-10 09:02"));
        var token = harness.Market.DecisionOf(harness.Token)!;
        Assert.Equal((FeedState.Paused, DecisionReason.ActionAwaitsMultiplier, Cents(Before)), (token.State, token.Reason, token.Price));
    }

    [Fact]
    public void Token_ThatDeviates_IsReleasedByTheOperator()
    {
        _feed.Prove().Reading("2024-06-10 09:28", Ten);
        _feed.Confirm("2024-06-10 09:29", 9_000);
        _feed.Stand("2024-06-10 09:30", 9_000, 10);
        Assert.Equal((FeedState.Live, FeedState.Paused), (_feed.Share.State, _feed.Token.State));
        Assert.Equal(DecisionReason.MultiplierStep, _feed.Token.Reason);
        var id = FeedIdentity.Compute(_feed.Market.RulesOf(3).Feed);
        _feed.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 09:31"), new OperatorCommand(OperatorAction.Confirm, id, Cents(90_000), null, "alice", "bad news over the weekend")));
        _feed.Stand("2024-06-10 09:31", 9_000, 1);
        Assert.Equal((FeedState.Live, Cents(90_000)), (_feed.Token.State, _feed.Token.Price));
    }

    [Fact]
    public void Token_PricedByTheShare_GoesByTheProductToo()
    {
        // A balance that carries the multiplier is worth the share price; its second split, from ten to a hundred and twenty, is one of twelve.
        var share = new FoldHarness();
        var token = new TokenFold(new TokenSettings(), FeedUnit.UiToken);
        token.Tick(share.All(12_000, 1).Tick(1), new MultiplierTerms(Ten, default, null, FoldHarness.At(1)), FoldHarness.At(1));
        var stepped = new MultiplierTerms(new Multiplier(Multiplier.One.E18 * 120), default, null, FoldHarness.At(2));
        var paused = token.Tick(share.All(12_010, 2).Tick(2), stepped, FoldHarness.At(2));
        Assert.Equal((FeedState.Paused, DecisionReason.MultiplierStep, Cents(12_000)), (paused.State, paused.Reason, paused.Price));

        share.Inputs(new GuardInputs { Action = new PendingAction { OpensAt = FoldHarness.At(2.5), Ratio = new ShareRatio(12, 1), IsProven = true } });
        var released = token.Tick(share.All(1_001, 3).Tick(3), stepped, FoldHarness.At(3));
        Assert.Equal((FeedState.Live, Cents(1_001)), (released.State, released.Price));
    }

    private static readonly Instant ActivatedAt = CalendarFixture.NewYork("2024-06-09 20:00");

    private (Multiplier, Instant?) Said => (_feed.Token.NextMultiplier, _feed.Token.ActivationAt);

    /// <summary>Through the split: staged for Sunday 20:00, released on Monday at 04:02.</summary>
    private void Land()
    {
        _feed.Reading("2024-06-07 18:00", Multiplier.One, Ten, "2024-06-09 20:00").Say(Notice(EvidenceClass.Vendor)).Tick("2024-06-07 18:00");
        _feed.Reading("2024-06-10 04:02", Ten).Say("2024-06-10 04:02", After).Tick("2024-06-10 04:02");
        Assert.Equal(FeedState.Live, _feed.Token.State);
    }

    [Fact]
    public void Activation_PassedBeforeTheRelease_IsSaidWithTheMultiplierThatAppliesSinceThen()
    {
        // The price is still of before: nothing but a new record ends what a consumer refuses for.
        _feed.Reading("2024-06-07 18:00", Multiplier.One, Ten, "2024-06-09 20:00").Say(Notice(EvidenceClass.Vendor));
        foreach (var time in new[] { "2024-06-09 20:00", "2024-06-10 03:00" })
        {
            _feed.Reading(time, Ten).Tick(time);
            Assert.Equal((Ten, ActivatedAt), Said);
            AssertFrozen();
        }
    }

    [Fact]
    public void Step_Landed_IsSaidForSevenDaysFromItsActivation()
    {
        Land();
        foreach (var (time, said) in new[] { ("2024-06-10 04:03", true), ("2024-06-12 12:00", true), ("2024-06-16 19:59:59", true), ("2024-06-16 20:00", false), ("2024-06-17 12:00", false) })
        {
            _feed.Reading(time, Ten).Tick(time);
            Assert.Equal((default, said ? ActivatedAt : null), Said);
            Assert.Equal(Ten, _feed.Token.Multiplier);
        }
    }

    [Fact]
    public void Step_Landed_StaysSaidOverASmallOneAndWhileNothingCanBeRead()
    {
        Land();
        var dividend = new Multiplier(Ten.E18 + (Ten.E18 / 1_000));
        _feed.Reading("2024-06-10 10:00", dividend).Say("2024-06-10 10:00", After).Tick("2024-06-10 10:00");
        Assert.Equal((dividend, FeedState.Live), (_feed.Token.Multiplier, _feed.Token.State));
        Assert.Equal((default, ActivatedAt), Said);
        _feed.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 10:01"), new MultiplierUpdate(new TokenId(0), null)));
        _feed.Say("2024-06-10 10:01", After).Tick("2024-06-10 10:01");
        Assert.Equal((FeedState.Held, DecisionReason.MultiplierMissing), Now);
        Assert.Equal((default, ActivatedAt), Said);
        _feed.Tick("2024-06-17 10:01");
        Assert.Equal((default, null), Said);
    }

    [Fact]
    public void Step_Landed_GivesWayToAStagedOne()
    {
        Land();
        _feed.Reading("2024-06-10 10:00", Ten, new Multiplier(Ten.E18 * 2), "2024-06-20 20:00").Say("2024-06-10 10:00", After).Tick("2024-06-10 10:00");
        Assert.Equal((new Multiplier(Ten.E18 * 2), CalendarFixture.NewYork("2024-06-20 20:00")), Said);
        _feed.Reading("2024-06-10 10:01", Ten).Say("2024-06-10 10:01", After).Tick("2024-06-10 10:01");
        Assert.Equal((default, ActivatedAt), Said);
    }

    [Fact]
    public void Step_Small_IsNotSaid()
    {
        _feed.Reading("2024-06-07 16:01", Multiplier.One, new Multiplier(1_004_000_000_000_000_000), "2024-06-07 16:10").Say("2024-06-07 16:10", Before).Tick("2024-06-07 16:10");
        Assert.Equal(FeedState.Live, _feed.Token.State);
        Assert.Equal((default, null), Said);
    }

    [Fact]
    public void Step_UnannouncedAndTakenBack_LeavesNothing()
    {
        _feed.Reading("2024-06-07 16:05", Ten).Say("2024-06-07 16:05", Before).Tick("2024-06-07 16:05");
        Assert.Equal((Ten, CalendarFixture.NewYork("2024-06-07 16:05")), Said);
        _feed.Reading("2024-06-07 16:06", Multiplier.One).Say("2024-06-07 16:06", Before).Tick("2024-06-07 16:06");
        Assert.Equal((FeedState.Live, Cents(Before)), (_feed.Token.State, _feed.Token.Price));
        Assert.Equal((default, null), Said);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Restart_AroundTheStep_StillSaysWhenItApplied(bool isReleased)
    {
        if (isReleased) Land();
        else _feed.Reading("2024-06-07 18:00", Multiplier.One, Ten, "2024-06-09 20:00").Say(Notice(EvidenceClass.Vendor)).Tick("2024-06-07 18:00");
        var record = FeedRecordFactory.Create(_feed.Token, FeedIdentity.Compute(_feed.Market.RulesOf(3).Feed))!.Value;
        Assert.Equal(RecordError.None, RecordCodec.Check(record));

        var again = new MarketHarness();
        again.Market.Restore(again.Token, FeedRecordFactory.ToRestored(record));
        again.Market.Restore(0, isReleased ? Restored(After, At("2024-06-10 04:02")) : Restored(Before, At(Friday)));
        var time = CalendarFixture.NewYork("2024-06-10 04:05");
        again.Market.Tick(time, everything: true);
        Assert.Equal((isReleased ? default : Ten, ActivatedAt), (again.Market.DecisionOf(again.Token)!.NextMultiplier, again.Market.DecisionOf(again.Token)!.ActivationAt));

        again.Market.Apply(MarketInput.Of(time, Notice(EvidenceClass.Vendor)));
        again.Market.Apply(MarketInput.Of(time, new MultiplierUpdate(new TokenId(0), new MultiplierTerms(Ten, default, null, time))));
        again.All(0, After, At("2024-06-10 04:06")).Tick(At("2024-06-10 04:06"));
        var token = again.Market.DecisionOf(again.Token)!;
        Assert.Equal((FeedState.Live, Ten), (token.State, token.Multiplier));
        Assert.Equal((default, ActivatedAt), (token.NextMultiplier, token.ActivationAt));
    }

    [Fact]
    public void Multiplier_SteppedToExactlyOne_IsNoIndication()
    {
        // A record with a multiplier of one and a time looks like one that starts from another price; the feed knows which it is.
        var share = new FoldHarness();
        var token = new TokenFold(new TokenSettings());
        var above = new Multiplier(Multiplier.One.E18 * 102 / 100);
        token.Tick(share.All(10_000, 1).Tick(1), new MultiplierTerms(above, default, null, FoldHarness.At(1)), FoldHarness.At(1));
        token.Tick(share.Tick(2), new MultiplierTerms(above, Multiplier.One, FoldHarness.At(5), FoldHarness.At(2)), FoldHarness.At(2));
        var stepped = token.Tick(share.All(10_000, 6).Tick(6), new MultiplierTerms(Multiplier.One, default, null, FoldHarness.At(6)), FoldHarness.At(6));
        Assert.Equal((FeedState.Live, Multiplier.One, FoldHarness.At(5)), (stepped.State, stepped.Multiplier, stepped.ActivationAt));
        var signed = FeedRecordFactory.Create(stepped, new FeedId(), null)!.Value;

        share.Session = Closed;
        var later = FoldHarness.At(8 * 86_400);
        var closed = token.Tick(share.Tick(8 * 86_400), new MultiplierTerms(Multiplier.One, default, null, later), later);
        Assert.False(closed.IsFresh);
        Assert.Equal(0, FeedRecordFactory.Create(closed, new FeedId(), signed)!.Value.Token!.Value.ActivationUnixSeconds);
    }

    [Fact]
    public void RealCrash_OfTheShare_IsNotTheTokensToJudge()
    {
        _feed.Stand("2024-06-07 16:01", Before * 0.85, 30);
        Assert.Equal((FeedState.Live, FeedState.Live), (_feed.Share.State, _feed.Token.State));
        Assert.Equal(_feed.Share.Price, _feed.Token.Price);
    }

    private static readonly string[] Classes = ["Vendor", "Operator"];

    /// <summary>A restart at 04:06 on the day of the split: the share is live at a tenth, the token stands at the price of before.</summary>
    private static MarketHarness RestartAfterTheSplit(RestoredFeed? token, bool isKnown = true)
    {
        var harness = new MarketHarness();
        harness.Market.Restore(0, Restored(After, At("2024-06-10 04:05")));
        if (token is { } last) harness.Market.Restore(harness.Token, last);
        foreach (var by in isKnown ? Classes : []) harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 04:06"), Notice(Enum.Parse<EvidenceClass>(by))));
        Read(harness, "2024-06-10 04:06", Multiplier.One, Ten);
        return Stand(harness, "2024-06-10 04:06", After);
    }

    private static MarketHarness Stand(MarketHarness harness, string from, double cents, int seconds = 30)
    {
        for (var s = 0; s <= seconds; s++) harness.All(0, cents, At(from) + s).Tick(At(from) + s);
        return harness;
    }

    private static void Read(MarketHarness harness, string at, Multiplier current, Multiplier next = default) => harness.Market.Apply(MarketInput.Of(
        CalendarFixture.NewYork(at), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(current, next, next.IsNone ? null : CalendarFixture.NewYork("2024-06-10 09:30"), CalendarFixture.NewYork(at)))));

    private static RestoredFeed Frozen(FeedState state, HoldReasons holds) =>
        Restored(Before, At(Friday), state) with { HoldReasons = holds, Multiplier = Multiplier.One, Underlying = Cents(Before) };

    private static void AssertWaits(MarketHarness harness)
    {
        var token = harness.Market.DecisionOf(harness.Token)!;
        Assert.Equal((FeedState.Live, FeedState.Paused, DecisionReason.ActionAwaitsMultiplier), (harness.Market.DecisionOf(0)!.State, token.State, token.Reason));
    }

    private static void AssertGoesOnWithTheMultiplier(MarketHarness harness)
    {
        Read(harness, "2024-06-10 09:30", Ten);
        Stand(harness, "2024-06-10 09:30", After);
        var token = harness.Market.DecisionOf(harness.Token)!;
        Assert.Equal((FeedState.Live, Cents(After * 10), Ten), (token.State, token.Price, token.Multiplier));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Restart_OfATokenThatTheOperatorPausedForTheSplit_StillWaitsForTheMultiplier(bool isKnown)
    {
        var harness = RestartAfterTheSplit(Frozen(FeedState.Paused, HoldReasons.Operator), isKnown);
        Assert.Equal(DecisionReason.StoppedOnChain, harness.Market.DecisionOf(harness.Token)!.Reason);
        var id = FeedIdentity.Compute(harness.Market.RulesOf(harness.Token).Feed);
        Assert.Equal(InputOutcome.Kept, harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 04:07"), new OperatorCommand(OperatorAction.Resume, id, default, null, "alice", "split is over"))));
        AssertWaits(Stand(harness, "2024-06-10 04:07", After));
        Assert.Equal(Cents(Before), harness.Market.DecisionOf(harness.Token)!.Price);
        AssertGoesOnWithTheMultiplier(harness);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Restart_OfATokenHeldAcrossTheSplit_StillWaitsForTheMultiplier(bool isKnown)
    {
        var harness = RestartAfterTheSplit(Frozen(FeedState.Held, HoldReasons.Stale), isKnown);
        AssertWaits(harness);
        AssertGoesOnWithTheMultiplier(harness);
    }

    [Fact]
    public void Restart_AfterASmallSplitThatIsKnown_WaitsForTheMultiplier()
    {
        // Five for four is within what a market may move: the vendor's word tells.
        var share = Before * 4 / 5;
        var harness = new MarketHarness();
        harness.Market.Restore(0, Restored(share, At("2024-06-10 04:05")));
        harness.Market.Restore(harness.Token, Frozen(FeedState.Held, HoldReasons.Stale));
        harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 04:06"), Notice(EvidenceClass.Vendor, now: 5, old: 4)));
        Read(harness, "2024-06-10 04:06", Multiplier.One);
        AssertWaits(Stand(harness, "2024-06-10 04:06", share));
    }

    [Fact]
    public void Restart_AfterAnOrdinaryMove_GoesOn()
    {
        var share = Before * 0.85;
        var harness = new MarketHarness();
        harness.Market.Restore(0, Restored(share, At("2024-06-10 04:05")));
        harness.Market.Restore(harness.Token, Frozen(FeedState.Held, HoldReasons.Stale));
        Read(harness, "2024-06-10 04:06", Multiplier.One);
        Stand(harness, "2024-06-10 04:06", share);
        Assert.Equal((FeedState.Live, Cents(share)), (harness.Market.DecisionOf(harness.Token)!.State, harness.Market.DecisionOf(harness.Token)!.Price));
    }

    [Fact]
    public void Share_ConfirmedAtATenth_LeavesTheTokenWaitingForItsMultiplier()
    {
        _feed.Say(Notice(EvidenceClass.Vendor)).Reading("2024-06-10 09:29", Multiplier.One);
        _feed.Stand("2024-06-10 09:30", After, 30);
        _feed.Confirm("2024-06-10 09:31", After).Stand("2024-06-10 09:31", After, 30);
        Assert.Equal((FeedState.Live, Cents(After)), (_feed.Share.State, _feed.Share.Price));
        Assert.Equal(DecisionReason.ActionAwaitsMultiplier, _feed.Token.Reason);
        AssertFrozen();

        // Half an hour later the multiplier follows, and nobody has to say anything.
        _feed.Reading("2024-06-10 09:32", Ten).Stand("2024-06-10 09:32", After, 5);
        Assert.Equal((FeedState.Live, Cents(After * 10)), (_feed.Token.State, _feed.Token.Price));
    }

    [Fact]
    public void Share_ConfirmedAtAThirdLess_LeavesTheTokenToItsOwnConfirmation()
    {
        // Bad news, and no split: nothing but a person can tell.
        _feed.Reading("2024-06-10 09:29", Multiplier.One).Confirm("2024-06-10 09:29", Before * 0.72);
        _feed.Stand("2024-06-10 09:30", Before * 0.72, 30);
        Assert.Equal((FeedState.Live, DecisionReason.ActionAwaitsMultiplier), (_feed.Share.State, _feed.Token.Reason));
        AssertFrozen();
        var id = FeedIdentity.Compute(_feed.Market.RulesOf(3).Feed);
        _feed.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 09:31"), new OperatorCommand(OperatorAction.Confirm, id, Cents(Before * 0.72), null, "alice", "bad news")));
        _feed.Stand("2024-06-10 09:31", Before * 0.71, 30);
        Assert.Equal((FeedState.Live, Cents(Before * 0.71)), (_feed.Token.State, _feed.Token.Price));
    }

    [Fact]
    public void Share_BackAtItsPrice_EndsTheTokensWait()
    {
        _feed.Reading("2024-06-10 09:29", Multiplier.One).Confirm("2024-06-10 09:29", Before * 0.72);
        _feed.Stand("2024-06-10 09:30", Before * 0.72, 30);
        AssertFrozen();
        _feed.Confirm("2024-06-10 09:31", Before).Stand("2024-06-10 09:31", Before, 30);
        Assert.Equal((FeedState.Live, Cents(Before)), (_feed.Token.State, _feed.Token.Price));
    }

    [Fact]
    public void Share_ConfirmedWhereAVendorSaysASmallSplit_LeavesTheTokenWaiting()
    {
        _feed.Say(Notice(EvidenceClass.Vendor, now: 6, old: 5)).Reading("2024-06-10 04:00", Multiplier.One).Confirm("2024-06-10 04:00", Before * 5 / 6);
        _feed.Stand("2024-06-10 04:01", Before * 5 / 6, 120);
        Assert.Equal((FeedState.Live, DecisionReason.ActionAwaitsMultiplier), (_feed.Share.State, _feed.Token.Reason));
        AssertFrozen();
    }

    [Fact]
    public void FirstPrice_OnTheDayOfAProvenSplit_WaitsForTheMultiplier()
    {
        var harness = RestartAfterTheSplit(null);
        AssertWaits(harness);
        Assert.False(harness.Market.DecisionOf(harness.Token)!.HasPrice);
        AssertGoesOnWithTheMultiplier(harness);
    }

    [Fact]
    public void FirstPrice_WhileTheShareIsPausedForItsSplit_WaitsForTheShare()
    {
        var harness = new MarketHarness();
        harness.Market.Restore(0, Restored(Before, At(Friday)));
        foreach (var by in Classes) harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-10 03:00"), Notice(Enum.Parse<EvidenceClass>(by))));
        Read(harness, "2024-06-10 03:00", Ten);
        harness.Tick(At("2024-06-10 03:00"));
        Assert.Equal((FeedState.Paused, false), (harness.Market.DecisionOf(harness.Token)!.State, harness.Market.DecisionOf(harness.Token)!.HasPrice));
    }

    [Fact]
    public void FirstPrice_OneWeekAfterTheSplit_NeedsNothing()
    {
        var harness = new MarketHarness();
        foreach (var by in Classes) harness.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-17 10:00"), Notice(Enum.Parse<EvidenceClass>(by))));
        Read(harness, "2024-06-17 10:00", Ten);
        Stand(harness, "2024-06-17 10:00", After);
        Assert.Equal((FeedState.Live, Cents(After * 10)), (harness.Market.DecisionOf(harness.Token)!.State, harness.Market.DecisionOf(harness.Token)!.Price));
    }

    /// <summary>One reading after another, each so many hundredths of a percent above the one before.</summary>
    private Multiplier Walk(string from, int steps, int bps, int secondsApart = 3, Multiplier? start = null)
    {
        var e18 = (start ?? Multiplier.One).E18;
        for (var i = 1; i <= steps; i++)
        {
            e18 = e18 * (10_000 + (uint)bps) / 10_000;
            var at = CalendarFixture.NewYork(from) + Duration.FromSeconds(i * secondsApart);
            _feed.Market.Apply(MarketInput.Of(at, new MultiplierUpdate(new TokenId(0), new MultiplierTerms(new Multiplier(e18), default, null, at))));
            Stand((at - Open).TotalSeconds);
        }

        return new Multiplier(e18);

        void Stand(double second)
        {
            for (var source = 0; source < 3; source++)
                _feed.Market.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Quote, 0, source, second) with { Bid = Cents(Before - 1), Ask = Cents(Before + 1) }));
            _feed.Market.Tick(FoldHarness.At(second), everything: true);
        }
    }

    [Theory]
    [InlineData(99, 100)]
    [InlineData(10, 300)]
    [InlineData(490, 20)]
    public void SmallSteps_ThatAddUpWithinADay_PauseAsALargeOne(int bps, int steps)
    {
        Walk("2024-06-07 16:05", steps, bps);
        Assert.Equal((FeedState.Paused, DecisionReason.MultiplierStep), Now);
        Assert.InRange(_feed.Token.Price.E8, Cents(Before).E8, Cents(Before * (bps > 200 ? 1.05 : 1.0201)).E8);
        Assert.Equal(Cents(Before), _feed.Token.Underlying);

        // The same again, read from somebody else.
        _feed.Reading("2024-06-07 16:30", Multiplier.One).Say("2024-06-07 16:30", Before).Tick("2024-06-07 16:30");
        Assert.Equal((FeedState.Live, Cents(Before)), (_feed.Token.State, _feed.Token.Price));
    }

    [Fact]
    public void SmallStep_OverARestart_IsInTheHistory()
    {
        var harness = new MarketHarness();
        harness.Market.Restore(harness.Token, Frozen(FeedState.Live, HoldReasons.None));
        Read(harness, "2024-06-10 10:00", new Multiplier(1_004_000_000_000_000_000));
        Stand(harness, "2024-06-10 10:00", Before);
        var history = harness.Market.HistoryOf(new TokenId(0));
        Assert.Equal((2, CalendarFixture.NewYork(Friday), 40), (history.Count, history[1].At, history.SmallStepsBps(Duration.FromDays(90), 100, CalendarFixture.NewYork("2024-06-10 10:01"))));
    }

    [Fact]
    public void SmallSteps_DaysApart_ApplyAtOnce()
    {
        var multiplier = Multiplier.One;
        foreach (var day in new[] { "2024-06-10", "2024-06-12", "2024-06-14", "2024-06-18", "2024-06-20" })
        {
            multiplier = Walk(day + " 10:00", 1, 90, start: multiplier);
            Assert.Equal((FeedState.Live, multiplier), (_feed.Token.State, _feed.Token.Multiplier));
        }
    }

    [Fact]
    public void SmallSteps_ThatAddUp_AreTheOperatorsToConfirmAndCountNoMore()
    {
        var multiplier = Walk("2024-06-07 16:05", 3, 90);
        Assert.Equal((FeedState.Paused, DecisionReason.MultiplierStep), Now);
        var id = FeedIdentity.Compute(_feed.Market.RulesOf(3).Feed);
        _feed.Market.Apply(MarketInput.Of(CalendarFixture.NewYork("2024-06-07 16:10"), new OperatorCommand(OperatorAction.Confirm, id, Cents(Before * 1.027), CalendarFixture.NewYork("2024-06-07 16:11"), "alice", "three dividends")));
        _feed.Reading("2024-06-07 16:10", multiplier).Say("2024-06-07 16:10", Before).Tick("2024-06-07 16:10");
        Assert.Equal((FeedState.Live, multiplier), (_feed.Token.State, _feed.Token.Multiplier));
        Walk("2024-06-07 16:12", 2, 90, start: multiplier);
        Assert.Equal(FeedState.Live, _feed.Token.State);
    }

    [Fact]
    public void SmallSteps_BeforeASplit_DoNotStandAgainstIt()
    {
        var multiplier = Walk("2024-06-07 16:05", 2, 90);
        var after = new Multiplier(multiplier.E18 * 10);
        _feed.Prove().Reading("2024-06-10 09:29", after);
        _feed.Stand("2024-06-10 09:30", After, 30);
        Assert.Equal((FeedState.Live, after), (_feed.Token.State, _feed.Token.Multiplier));
    }
}
