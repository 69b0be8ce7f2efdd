using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.MarketData;
using OracleNode.Vendors.Session;
using OracleNode.VendorServers;
using OracleNode.VendorServers.Kraken;

namespace OracleNode.Vendors.Chainlink;

/// <summary>Aggregators on a real EVM, read by the session that the node runs; and, with Kraken's word, a currency's feed.</summary>
public class ChainlinkSessionTests(ChainlinkSessionTests.AggregatorChain local) : IClassFixture<ChainlinkSessionTests.AggregatorChain>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OperatorDelay = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, ChainlinkBlock.Latest)]
    [InlineData(10, ChainlinkBlock.Latest)]
    [InlineData(10, ChainlinkBlock.Safe)]
    public async Task Session_AggregatorReports_IsFollowedAtTheBlocksTime(int batchSize, ChainlinkBlock block)
    {
        var usdc = await DeployAsync("USDC", 99_980_000);
        await using var fixture = Fixture(("USDC", usdc.Address));
        (fixture.Options.Chainlink.BatchSize, fixture.Options.Chainlink.Block) = (batchSize, block);
        fixture.Start();
        // The safe block is some behind: the contract must have got there.
        await fixture.AdvanceUntil(() => !fixture.ReceivedOfTokens.Pegs.IsEmpty, block == ChainlinkBlock.Safe ? OperatorDelay : Second, "a reading");

        var first = fixture.ReceivedOfTokens.Pegs.First();
        Assert.Equal((99_980_000, "USDC", new SourceId(3), new UpstreamId(1)), (first.Price.E8, first.Currency, first.Source, first.Upstream));
        Assert.InRange(first.EventTime, VendorBench.Beginning, local.Clock.Now);
        // Quiet, and yet of now: the network would have reported.
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Pegs.Last().EventTime > first.EventTime, Second, "a later block");
        Assert.Equal(99_980_000, fixture.ReceivedOfTokens.Pegs.Last().Price.E8);

        await usdc.ReportAsync(Price.FromE8(88_000_000), Token);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Pegs.Last().Price.E8 == 88_000_000, Second, "the report");
        // As of now: the session goes on.
        var times = fixture.ReceivedOfTokens.Pegs.Select(p => p.EventTime).ToArray();
        Assert.Equal(times.Order(), times);
        Assert.Equal((SessionState.Live, true), (fixture.Health.State, fixture.Health.Observations > 0));
        Assert.Empty(fixture.Received.Frames);
    }

    [Fact]
    public async Task Session_TwoAggregators_AreReadOneBesideTheOther()
    {
        var (usdc, usdt) = (await DeployAsync("USDC", 99_980_000), await DeployAsync("USDT", 100_020_000));
        await using var fixture = Fixture(("USDC", usdc.Address), ("USDT", usdt.Address));
        fixture.Start();
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Pegs.Select(p => (p.Currency, p.Price.E8)).Distinct().Count() == 2, Second, "both");
        Assert.Equal([("USDC", 99_980_000), ("USDT", 100_020_000)], fixture.ReceivedOfTokens.Pegs.Select(p => (p.Currency, p.Price.E8)).Distinct().Order());
    }

    [Fact]
    public async Task Session_NextPhaseBehindTheProxy_IsReadWithItsOwnBounds()
    {
        var usdc = await DeployAsync("USDC", 99_980_000);
        await using var fixture = Fixture(("USDC", usdc.Address));
        fixture.Start();
        await fixture.Until(() => !fixture.ReceivedOfTokens.Pegs.IsEmpty, "a reading");

        var next = await usdc.ReplacePhaseAsync("USDC / USD", Price.FromE8(90_000_000), Price.FromE8(110_000_000), Token);
        await next.ReportAsync(Price.FromE8(99_990_000), Token);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Pegs.Last().Price.E8 == 99_990_000, Second, "the new phase");
        await next.ReportAsync(Price.FromE8(90_000_000), Token);
        await fixture.AdvanceUntil(() => fixture.Health.LastFault is { } fault && fault.Detail.Contains("at or beyond its own bounds 90000000 and 110000000", StringComparison.Ordinal), Second, "the floor");
        Assert.DoesNotContain(fixture.ReceivedOfTokens.Pegs, p => p.Price.E8 == 90_000_000);
        await Assert.ThrowsAsync<ChainException>(() => next.ReportAsync(Price.FromE8(89_999_999), Token));
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "no code", "no contract with that function stands there" },
        { "no round", "reverts" },
        { "other pair", "its description is 'USDT / USD'" },
        { "zero", "its answer is 0" },
        { "negative", "its answer is -5" },
        { "floor", "at or beyond its own bounds" },
        { "overdue", "Chainlink:Heartbeat" },
        { "ahead", "after its block" },
        { "never updated", "no round yet" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Session_AggregatorThatIsNotToBeBelieved_SaysWhyAndTellsNothingUntilItIs(string lie, string problem)
    {
        var usdc = await DeployAsync(lie == "other pair" ? "USDT" : "USDC", 99_980_000);
        var now = (ulong)local.Clock.Now.ToUnixTimeSeconds();
        switch (lie)
        {
            case "no round":
                usdc = await PriceAggregator.DeployAsync(local.Contracts, "USDC", Token);
                break;
            case "zero":
                await usdc.ForceAsync(2, 0, now, Token);
                break;
            case "negative":
                await usdc.ForceAsync(2, -5, now, Token);
                break;
            case "floor":
                await usdc.ReportAsync(Price.FromE8(Price.One / 100), Token);
                break;
            case "overdue":
                await usdc.ForceAsync(2, 99_980_000, now - (25 * 3_600), Token);
                break;
            case "ahead":
                await usdc.ForceAsync(2, 99_980_000, now + 3_600, Token);
                break;
            case "never updated":
                await usdc.ForceAsync(2, 99_980_000, 0, Token);
                break;
        }

        await using var fixture = Fixture(("USDC", lie == "no code" ? EvmAddress.Parse("0x00000000000000000000000000000000000000aa") : usdc.Address));
        fixture.Start();
        await fixture.Until(() => fixture.Health.LastFault is not null, "a fault");
        Assert.Equal(VendorFaultKind.SubscriptionRefused, fixture.Health.LastFault!.Kind);
        Assert.Contains(problem, fixture.Health.LastFault.Detail, StringComparison.Ordinal);
        Assert.Empty(fixture.ReceivedOfTokens.Pegs);
        if (lie is "no code" or "other pair") return;

        // Once it is right it is read again.
        await usdc.ReportAsync(Price.FromE8(99_970_000), Token);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Pegs.Any(p => p.Price.E8 == 99_970_000), TimeSpan.FromSeconds(30), "a reading");
    }

    [Fact]
    public async Task Session_OtherChain_NeedsTheOperator()
    {
        var usdc = await DeployAsync("USDC", 99_980_000);
        await using var fixture = Fixture(("USDC", usdc.Address));
        fixture.Options.Chainlink.ChainId = 8453;
        fixture.Start();
        await fixture.Until(() => fixture.Health.NeedsOperator, "a fault");
        Assert.Contains("is of chain 42161, not 8453: correct Url or Chainlink:ChainId", fixture.Health.LastFault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_ChainStandsStill_IsSaidAndNothingIsTold()
    {
        var usdc = await DeployAsync("USDC", 99_980_000);
        await using var fixture = Fixture(("USDC", usdc.Address));
        fixture.Options.Chainlink.MaxBlockAge = TimeSpan.FromMinutes(1);
        fixture.Start();
        await fixture.Until(() => fixture.Health.LastFault is not null, "a fault");
        Assert.Contains("the chain or the endpoint stands still", fixture.Health.LastFault!.Detail, StringComparison.Ordinal);
        Assert.Empty(fixture.ReceivedOfTokens.Pegs);
    }

    /// <summary>One upstream alone holds, two are Live, and what both read off the peg is published with the reason.</summary>
    [Fact]
    public async Task Feed_OfKrakenAndAnAggregator_IsLiveWithBothAndSaysThatItIsOffItsPeg()
    {
        var bench = new VendorBench(VendorBench.Quote("USDC/USD", 0, 0.9998m, 1.0000m), VendorBench.Quote("USDC/USD", 5_000, 0.8790m, 0.8810m));
        await using var server = new KrakenServer([TokenPairSpec.OfCurrency("USDC/USD", "USDC")], bench.View, bench.Clock, new KrakenServerOptions());
        await server.StartAsync(Token);
        await using var kraken = new SessionFixture();
        kraken.Clock.Now = bench.Clock.Now;
        (kraken.Options.Vendor, kraken.Options.Upstream, kraken.Options.Url, kraken.Options.ApiKey) = (VendorKind.Kraken, VendorUpstreams.Kraken, server.Url.ToString(), "");
        kraken.Options.Symbols = [new SymbolOptions { Currency = "USDC", Symbol = "USDC/USD" }];
        var usdc = await DeployAsync("USDC", 100_000_000);
        await using var chainlink = Fixture(("USDC", usdc.Address));
        kraken.Start();
        chainlink.Start();
        await kraken.Until(() => !kraken.ReceivedOfTokens.Pegs.IsEmpty, "Kraken's reading");
        await chainlink.Until(() => !chainlink.ReceivedOfTokens.Pegs.IsEmpty, "the aggregator's reading");

        // Each as the configuration would stamp it.
        Source[] sources = [new(new SourceId(0), "kraken", new UpstreamId(0), VendorUpstreams.Kraken), new(new SourceId(1), "chainlink", new UpstreamId(1), VendorUpstreams.Chainlink)];
        var feed = new Feed("USDC", default, "currency:USDC", "USD", FeedUnit.CurrencyUnit);
        var market = new MarketFold([new CurrencyFeedRules(feed, "USDC", sources, new CurrencySettings())], TradingCalendar.Parse(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json"), Token)));
        Say(chainlink, 1);
        Assert.Equal((FeedState.Held, DecisionReason.BelowQuorum, false), (market.DecisionOf(0)!.State, market.DecisionOf(0)!.Reason, market.DecisionOf(0)!.HasPrice));
        Say(kraken, 0);
        Assert.Equal((FeedState.Live, DecisionReason.Accepted, 2), (market.DecisionOf(0)!.State, market.DecisionOf(0)!.Reason, market.DecisionOf(0)!.Upstreams));
        Assert.Equal(99_995_000, market.DecisionOf(0)!.Price.E8);

        await usdc.ReportAsync(Price.FromE8(88_100_000), Token);
        await chainlink.AdvanceUntil(() => chainlink.ReceivedOfTokens.Pegs.Last().Price.E8 == 88_100_000, Second, "the aggregator's depeg");
        Say(chainlink, 1);
        // The two contradict each other until both have seen it.
        Assert.Equal((FeedState.Held, true), (market.DecisionOf(0)!.State, market.DecisionOf(0)!.HoldReasons.HasFlag(HoldReasons.Disagreement)));
        await bench.AdvanceUntilAsync(() => kraken.ReceivedOfTokens.Pegs.Last().Price.E8 == 88_000_000);
        Say(kraken, 0);
        Assert.Equal((FeedState.Live, DecisionReason.OffPeg, 88_050_000, HoldReasons.None), (market.DecisionOf(0)!.State, market.DecisionOf(0)!.Reason, market.DecisionOf(0)!.Price.E8, market.DecisionOf(0)!.HoldReasons));

        void Say(SessionFixture from, int source)
        {
            var now = Instant.Max(local.Clock.Now, bench.Clock.Now);
            market.Apply(MarketInput.Of(now, from.ReceivedOfTokens.Pegs.Last() with { Source = sources[source].Id, Upstream = sources[source].Upstream }));
            market.Tick(now, everything: true);
        }
    }

    private async Task<PriceAggregator> DeployAsync(string currency, long answerE8)
    {
        var made = await PriceAggregator.DeployAsync(local.Contracts, currency, Token);
        await made.ReportAsync(Price.FromE8(answerE8), Token);
        return made;
    }

    private SessionFixture Fixture(params (string Currency, EvmAddress Address)[] aggregators)
    {
        var fixture = new SessionFixture();
        // It stands while the chain's runs: half an hour to either side.
        fixture.Clock.Now = local.Clock.Now + Duration.FromMinutes(30);
        (fixture.Options.Vendor, fixture.Options.Upstream, fixture.Options.Url, fixture.Options.ApiKey) = (VendorKind.Chainlink, VendorUpstreams.Chainlink, local.Chain.RpcUrl.ToString(), "");
        fixture.Options.Symbols = [.. aggregators.Select(a => new SymbolOptions { Currency = a.Currency, Symbol = a.Address.ToString() })];
        fixture.Options.Reconnect.OperatorDelay = OperatorDelay;
        var chainlink = fixture.Options.Chainlink;
        (chainlink.ChainId, chainlink.PollPeriod, chainlink.RequestTimeout, chainlink.MaxBlockAge) = (local.Chain.ChainId, Second, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        return fixture;
    }

    /// <summary>An anvil chain for aggregators; each test deploys its own.</summary>
    public sealed class AggregatorChain : IAsyncLifetime
    {
        internal AnvilChain Chain { get; private set; } = null!;

        internal TokenContracts Contracts { get; private set; } = null!;

        internal LocalCluster.RunningClock Clock { get; } = new(VendorBench.Beginning);

        public async ValueTask InitializeAsync()
        {
            var tools = await NodeToolchain.PrepareAsync(null, TestContext.Current.CancellationToken);
            Chain = await AnvilChain.StartAsync(tools, "local", 42161, Clock, NullLogger.Instance, TestContext.Current.CancellationToken);
            Contracts = new TokenContracts(Chain.Rpc);
        }

        public async ValueTask DisposeAsync()
        {
            if (Chain is not null) await Chain.DisposeAsync();
        }
    }
}
