using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What tokens' contracts say and how the chains compare, through the whole fold.</summary>
public class TokenStandingsTests
{
    private const string Code = "0x01";
    private const string NewCode = "0x02";
    private static readonly UInt128 One = Multiplier.One.E18;

    /// <summary>Feeds: 0 the share, 1 token of chain A, 2 token of chain B (one issue), 3 another issue of the same issuer, 4 another issuer's.</summary>
    private MarketFold _market = Create();
    private double _at;

    private static MarketFold Create(string? codeHash = null) => new(
        [
            new ShareFeedRules(MarketHarness.Share(0), Pricing.PricingSettings.Stock, [.. Enumerable.Range(0, 3).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"))]),
            .. new[] { "a", "b", "c", "d" }.Select((name, i) => new TokenFeedRules(TokenFeed(name), 0, new TokenId(i), new TokenSettings())),
        ],
        CalendarFixture.UsEquities,
        listings: [new("a", "X", "issuer", codeHash), new("b", "X", "issuer", codeHash), new("c", "Y", "issuer", codeHash), new("d", "Z", "other", codeHash), new("read only", "Z", "other", codeHash)]);

    private static Feed TokenFeed(string name) => MarketHarness.Share(0) with { Name = name, Identity = MarketHarness.Share(0).Identity + ";" + name, Unit = FeedUnit.RawToken };

    [Fact]
    public void Chains_DifferingInTheLastBitsOfABinaryNumber_Agree()
    {
        Assert.Equal([FeedState.Live, FeedState.Live, FeedState.Live, FeedState.Live], Tick(a: 1_000_566_080_061_092_436, b: 1_000_566_080_061_092_420));
        Assert.Null(Assert.Single(_market.Issues, i => i.Issue == "X").DifferSince);
        Tick(a: One, b: One + 1_000_000);
        Assert.Null(_market.Issues[0].DifferSince);
        Tick(a: One, b: One + 1_000_001);
        Assert.NotNull(_market.Issues[0].DifferSince);
    }

    [Fact]
    public void Chains_DifferingALittle_AreToldAtOnceAndHoldAfterFifteenMinutes()
    {
        Tick(a: One, b: One);
        Assert.Equal([FeedState.Live, FeedState.Live, FeedState.Live, FeedState.Live], Tick(a: One, b: One * 101 / 100));
        var since = _market.Issues[0].DifferSince!.Value;
        Assert.Equal((One, One * 101 / 100), (_market.DecisionOf(1)!.Multiplier.E18, _market.DecisionOf(2)!.Multiplier.E18));

        while (FoldHarness.At(_at) + Duration.FromSeconds(1) < since + IssueStanding.MayDifferFor) Assert.Equal(FeedState.Live, Tick(a: One, b: One * 101 / 100)[0]);
        Assert.Equal([FeedState.Held, FeedState.Held, FeedState.Live, FeedState.Live], Tick(a: One, b: One * 101 / 100));
        Assert.Equal((DecisionReason.MultiplierDisputed, HoldReasons.Disagreement), (_market.DecisionOf(1)!.Reason, _market.DecisionOf(1)!.HoldReasons));

        Assert.Equal(FeedState.Live, Tick(a: One, b: One)[0]);
        Assert.Null(_market.Issues[0].DifferSince);
    }

    [Fact]
    public void Chains_DifferingByMoreThanOnePercent_HoldAtOnce()
    {
        Tick(a: One, b: One);
        Assert.Equal([FeedState.Held, FeedState.Paused, FeedState.Live, FeedState.Live], Tick(a: One, b: (One * 101 / 100) + 1));
    }

    [Fact]
    public void Chain_ThatFallsSilentWhileTheyDiffer_EndsNothing()
    {
        Tick(a: One, b: One * 2);
        ReadAgain(1, null);
        Assert.Equal(DecisionReason.MultiplierDisputed, Decide()[0].Reason);
    }

    [Fact]
    public void Staged_SeenOnOneChainFirst_IsNoDifferenceUntilItsTime()
    {
        Tick(a: One, b: One);
        var activation = FoldHarness.At(_at + 2);
        void Stage(bool isDue) => _market.Apply(MarketInput.Of(FoldHarness.At(_at), new MultiplierUpdate(
            new TokenId(0), new MultiplierTerms(new Multiplier(isDue ? One * 1005 / 1000 : One), isDue ? default : new Multiplier(One * 1005 / 1000), isDue ? null : activation, FoldHarness.At(_at)))));
        Stage(isDue: false);
        Assert.Equal([FeedState.Live, FeedState.Live], Decide().Take(2).Select(d => d.State));
        Assert.Null(_market.Issues[0].DifferSince);

        _at += 3;
        Share();
        ReadAgain(1, One);
        Stage(isDue: true);
        Decide();
        Assert.NotNull(_market.Issues[0].DifferSince);
    }

    [Fact]
    public void Code_Changed_PausesEveryTokenOfTheIssuerUntilTheOperatorResumes()
    {
        foreach (var token in new[] { 0, 1, 2, 3 }) Status(token, Code);
        Assert.Equal([FeedState.Live, FeedState.Live, FeedState.Live, FeedState.Live], Tick(One, One));
        Status(1, NewCode);
        Assert.Equal([FeedState.Paused, FeedState.Paused, FeedState.Paused, FeedState.Live], Tick(One, One));
        Assert.Equal((DecisionReason.CodeChanged, HoldReasons.Identity), (_market.DecisionOf(3)!.Reason, _market.DecisionOf(3)!.HoldReasons));
        Assert.Equal(FeedState.Live, _market.DecisionOf(0)!.State);

        // Back to the old code: it was another in between, and nobody has said that all is well.
        Status(1, Code);
        Assert.Equal(FeedState.Paused, Tick(One, One)[0]);
        Resume("c");
        Assert.Equal([FeedState.Live, FeedState.Live, FeedState.Live, FeedState.Live], Tick(One, One));

        Status(0, NewCode);
        Assert.Equal(FeedState.Paused, Tick(One, One)[1]);
        Resume("d");
        Assert.Equal(FeedState.Paused, Tick(One, One)[1]);
        Resume(null);
        Status(0, NewCode);
        Assert.Equal(FeedState.Live, Tick(One, One)[1]);
    }

    [Fact]
    public void Code_OtherThanConfigured_PausesFromTheFirstReadingAndIsAcceptedByTheConfigurationAlone()
    {
        _market = Create(Code);
        Status(0, NewCode);
        Assert.Equal([FeedState.Paused, FeedState.Paused, FeedState.Paused, FeedState.Live], Tick(One, One));
        Resume("a");
        Assert.Equal(FeedState.Paused, Tick(One, One)[0]);
    }

    [Fact]
    public void Code_ChangedBeforeARestart_StaysPausedUntilConfigured()
    {
        var paused = new RestoredFeed(FoldHarness.Cents(40_000), 0, default, default, default, FoldHarness.At(-10), FeedState.Paused, HaltReason.None)
        {
            HoldReasons = HoldReasons.Identity,
            Multiplier = Multiplier.One,
            Underlying = FoldHarness.Cents(40_000),
        };
        _market.Restore(1, paused);
        Resume(null);
        Status(0, NewCode);
        Assert.Equal([FeedState.Paused, FeedState.Paused, FeedState.Paused, FeedState.Live], Tick(One, One));

        // A command that stands is given again at every start: it may be of before the change.
        Resume("a");
        Assert.Equal(FeedState.Paused, Tick(One, One)[0]);

        // A node that was there goes on.
        var resumed = paused with { State = FeedState.Live, HoldReasons = HoldReasons.None, ObservedAt = FoldHarness.At(_at - 0.5) };
        Assert.True(_market.TryAdopt(1, resumed));
        Assert.Equal(FeedState.Live, Tick(One, One)[0]);

        _market = Create(NewCode);
        _market.Restore(1, paused);
        Assert.Equal(FeedState.Paused, Tick(One, One)[0]);
        foreach (var token in new[] { 0, 1, 2 }) Status(token, NewCode);
        Assert.Equal(FeedState.Live, Tick(One, One)[0]);
    }

    [Fact]
    public void Code_ChangedWhileTheNodeWasDown_PausesAsWhatAChainTellsOf()
    {
        Remember(1, Code);
        Status(1, NewCode);
        Assert.Equal([FeedState.Paused, FeedState.Paused, FeedState.Paused, FeedState.Live], Tick(One, One));
        Assert.Equal(DecisionReason.CodeChanged, _market.DecisionOf(1)!.Reason);
        Assert.Null(_market.AcceptedCodeOf(new TokenId(1)));

        // A command that stands is given again at every start.
        Resume(null);
        Assert.Equal(FeedState.Paused, Tick(One, One)[0]);

        // A node that was there goes on, and what it goes on with is accepted.
        Assert.True(_market.TryAdopt(2, new RestoredFeed(FoldHarness.Cents(40_000), 0, default, default, default, FoldHarness.At(_at - 0.5), FeedState.Live, HaltReason.None) { Multiplier = Multiplier.One, Underlying = FoldHarness.Cents(40_000) }));
        Assert.Equal((FeedState.Live, NewCode), (Tick(One, One)[0], _market.AcceptedCodeOf(new TokenId(1))));
    }

    [Fact]
    public void Code_Remembered_IsNoReadingAndGivesWayToTheConfiguration()
    {
        Tick(One, One);
        Status(0, Code, isPaused: true);
        Remember(0, NewCode);
        Assert.Equal((FeedState.Held, DecisionReason.IssuerPaused), (Tick(One, One)[0], _market.DecisionOf(1)!.Reason));
        Assert.Equal(Code, _market.AcceptedCodeOf(new TokenId(0)));

        _market = Create(NewCode);
        Remember(0, Code);
        Status(0, NewCode);
        Assert.Equal(FeedState.Live, Tick(One, One)[0]);
    }

    [Fact]
    public void Code_SameAsRemembered_IsAcceptedAndWhatTheOperatorAcceptsFollows()
    {
        Remember(1, Code);
        Status(1, Code);
        Assert.Equal((FeedState.Live, Code), (Tick(One, One)[0], _market.AcceptedCodeOf(new TokenId(1))));
        Status(1, NewCode);
        Assert.Equal((FeedState.Paused, null), (Tick(One, One)[0], _market.AcceptedCodeOf(new TokenId(1))));
        Resume("b");
        Assert.Equal((FeedState.Live, NewCode), (Tick(One, One)[0], _market.AcceptedCodeOf(new TokenId(1))));
    }

    private void Remember(int token, string code) =>
        _market.Apply(MarketInput.Of(FoldHarness.At(_at), new TokenStatus(new TokenId(token), false, code, FoldHarness.At(_at)) { IsRemembered = true }));

    [Fact]
    public void IssuerPause_Holds_UntilTheIssuerResumes()
    {
        Tick(One, One);
        Status(0, Code, isPaused: true);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal([FeedState.Held, FeedState.Live, FeedState.Live, FeedState.Live], Tick(One, One));
            Assert.Equal((DecisionReason.IssuerPaused, HoldReasons.IssuerPause, FeedState.Live), (_market.DecisionOf(1)!.Reason, _market.DecisionOf(1)!.HoldReasons, _market.DecisionOf(0)!.State));
            if (i == 25) Resume("a");
        }

        Status(0, Code);
        Assert.Equal(FeedState.Live, Tick(One, One)[0]);
    }

    [Fact]
    public void Status_OfNoSuchToken_IsUnknown()
    {
        Assert.Equal(InputOutcome.UnknownToken, _market.Apply(MarketInput.Of(FoldHarness.At(0), new TokenStatus(new TokenId(5), true, null, FoldHarness.At(0)))));
        Assert.Equal(InputOutcome.UnknownToken, _market.Apply(MarketInput.Of(FoldHarness.At(0), new TokenStatus(new TokenId(-1), true, null, FoldHarness.At(0)))));
    }

    [Fact]
    public void Listings_FewerThanTokensOfFeeds_AreRefused() => Assert.Contains(
        "1 tokens are listed",
        Assert.Throws<ArgumentException>(() => new MarketFold(
            [new ShareFeedRules(MarketHarness.Share(0), Pricing.PricingSettings.Stock, []), new TokenFeedRules(TokenFeed("a"), 0, new TokenId(1), new TokenSettings())],
            CalendarFixture.UsEquities, listings: [new("a", "X", "issuer", null)])).Message,
        StringComparison.Ordinal);

    /// <summary>A second later, with everything read anew.</summary>
    private FeedState[] Tick(UInt128 a, UInt128 b)
    {
        _at++;
        Share();
        UInt128?[] multipliers = [a, b, One, One, One];
        for (var i = 0; i < multipliers.Length; i++) ReadAgain(i, multipliers[i]);
        return [.. Decide().Select(d => d.State)];
    }

    private void Share()
    {
        for (var source = 0; source < 3; source++)
            _market.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Quote, 0, source, _at) with { Bid = FoldHarness.Cents(39_999), Ask = FoldHarness.Cents(40_001) }));
    }

    private void ReadAgain(int token, UInt128? value) => Assert.Equal(InputOutcome.Applied, _market.Apply(MarketInput.Of(
        FoldHarness.At(_at), new MultiplierUpdate(new TokenId(token), value is { } e18 ? new MultiplierTerms(new Multiplier(e18), default, null, FoldHarness.At(_at)) : null))));

    private void Status(int token, string code, bool isPaused = false) =>
        Assert.Equal(InputOutcome.Applied, _market.Apply(MarketInput.Of(FoldHarness.At(_at), new TokenStatus(new TokenId(token), isPaused, code, FoldHarness.At(_at)))));

    private void Resume(string? feed) => _market.Apply(MarketInput.Of(
        FoldHarness.At(_at), new OperatorCommand(OperatorAction.Resume, feed is null ? null : FeedIdentity.Compute(TokenFeed(feed)), default, null, "alice", "read the code")));

    private List<FeedDecision> Decide()
    {
        _market.Tick(FoldHarness.At(_at), everything: true);
        return [.. Enumerable.Range(1, 4).Select(i => _market.DecisionOf(i)!)];
    }
}
