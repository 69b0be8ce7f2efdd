using System.Security.Cryptography;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Market;
using OracleNode.Vendors.Session;

namespace OracleNode.Vendors.Raydium;

/// <summary>Pools on a local Solana engine, read as the node reads them.</summary>
public class RaydiumSessionTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly SolanaAddress Tesla = SolanaAddress.Parse("XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB");
    private static readonly UInt128 RootOfFour = (UInt128)2 << 64;

    // Mints of a pool are in order: one that sorts after the token's, and one before it.
    private static readonly SolanaAddress QuoteAfter = new([0xFF, .. Tesla.ToArray()[1..]]);
    private static readonly SolanaAddress QuoteBefore = new([0x01, .. Tesla.ToArray()[1..]]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_TokenIsTheFirstMint_TellsPriceDepthAndTheSlotsTime()
    {
        var pool = new RaydiumPool(NewAddress(), Tesla, QuoteAfter) { SqrtPriceX64 = RootOfFour };
        await using var fixture = await StartAsync(pool, QuoteAfter, quoteDecimals: 6);
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.IsEmpty, "a quote");

        var quote = fixture.ReceivedOfTokens.Quotes.First();
        Assert.Equal((39_900_000_000, 40_100_250_627), (quote.Bid.E8, quote.Ask.E8));
        Assert.True(quote.Last.IsNone && quote.IsTrading && quote.BidDepthE8 > 0 && quote.AskDepthE8 > 0);
        Assert.Equal((new TokenId(0), "USDC", FeedUnit.RawToken, new SourceId(3)), (quote.Token, quote.Currency, quote.Unit, quote.Source));
        Assert.InRange(quote.EventTime, cluster.Clock.Now - Duration.FromMinutes(10), cluster.Clock.Now + Duration.FromSeconds(2));
        Assert.Equal((SessionState.Live, null), (fixture.Health.State, fixture.Health.PartialFault));
        Assert.True(fixture.Health.Observations > 0);
        Assert.Empty(fixture.Received.Frames);
    }

    [Fact]
    public async Task Session_TokenIsTheSecondMint_TellsTheSamePrice()
    {
        var pool = new RaydiumPool(NewAddress(), QuoteBefore, Tesla) { SqrtPriceX64 = (UInt128)1 << 63, Decimals0 = 6, Decimals1 = 8 };
        await using var fixture = await StartAsync(pool, QuoteBefore, quoteDecimals: 6);
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.IsEmpty, "a quote");
        var quote = fixture.ReceivedOfTokens.Quotes.First();
        Assert.Equal((39_900_000_000, 40_100_250_627), (quote.Bid.E8, quote.Ask.E8));
    }

    [Fact]
    public async Task Session_PoolChanges_IsFollowed()
    {
        var pool = new RaydiumPool(NewAddress(), Tesla, QuoteAfter) { SqrtPriceX64 = RootOfFour, TradeFee = 0 };
        await using var fixture = await StartAsync(pool, QuoteAfter, quoteDecimals: 6);
        await fixture.Until(() => !fixture.ReceivedOfTokens.Quotes.IsEmpty, "a quote");

        await (pool with { SqrtPriceX64 = (UInt128)3 << 64 }).PlaceAsync(cluster.Chain, Token);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Quotes.Last().Bid.E8 == 90_000_000_000, Second, "the new price");
        await (pool with { Status = 1 << 4 }).PlaceAsync(cluster.Chain, Token);
        await fixture.AdvanceUntil(() => !fixture.ReceivedOfTokens.Quotes.Last().IsTrading, Second, "disabled swaps");
        Assert.Equal(40_000_000_000, fixture.ReceivedOfTokens.Quotes.Last().Bid.E8);
        await (pool with { OpensAt = (ulong)Instant.FromUtc(2030, 1, 1, 0, 0).ToUnixTimeSeconds(), SqrtPriceX64 = (UInt128)3 << 64 }).PlaceAsync(cluster.Chain, Token);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Quotes.Last() is { IsTrading: false, Bid.E8: 90_000_000_000 }, Second, "not open yet");
        await (pool with { Liquidity = 0 }).PlaceAsync(cluster.Chain, Token);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Quotes.Last() is { Bid.IsNone: true, Ask.IsNone: true, IsTrading: false, BidDepthE8: 0, AskDepthE8: 0 }, Second, "no liquidity");
        await (pool with { SqrtPriceX64 = 0 }).PlaceAsync(cluster.Chain, Token);
        await fixture.AdvanceUntil(() => fixture.ReceivedOfTokens.Quotes.Last() is { Bid.IsNone: true, IsTrading: false }, Second, "no price");
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "owner", "not Raydium's program" },
        { "discriminator", "it begins with" },
        { "other mint", "not the token" },
        { "order", "are not in order" },
        { "decimals", "decimals, the pool says" },
        { "vault", "is no token account of that mint" },
        { "length", "a pool at least" },
        { "fee", "millionths" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Session_PoolThatIsNotWhatItShouldBe_SaysWhyAndTellsNothing(string lie, string problem)
    {
        var honest = new RaydiumPool(NewAddress(), Tesla, QuoteAfter) { SqrtPriceX64 = RootOfFour };
        var pool = lie switch
        {
            "owner" => honest with { Program = SolanaAddress.Parse("CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C") },
            "discriminator" => honest with { AccountName = "TickArrayState" },
            "other mint" => honest with { Mint1 = new SolanaAddress([0xFE, .. Tesla.ToArray()[1..]]) },
            "order" => honest with { Mint0 = QuoteAfter, Mint1 = Tesla },
            "decimals" => honest with { Decimals0 = 9 },
            "vault" => honest with { Vault0Mint = QuoteAfter },
            "length" => honest with { CutTo = 300 },
            _ => honest with { TradeFee = 1_000_000 },
        };
        await using var fixture = await StartAsync(pool, QuoteAfter, quoteDecimals: 6);
        await fixture.Until(() => fixture.Health.LastFault is not null, "a fault");
        Assert.Equal(VendorFaultKind.SubscriptionRefused, fixture.Health.LastFault!.Kind);
        Assert.Contains(problem, fixture.Health.LastFault.Detail, StringComparison.Ordinal);
        Assert.Empty(fixture.ReceivedOfTokens.Quotes);

        // Once it is right it is read again.
        await honest.PlaceAsync(cluster.Chain, Token);
        await fixture.AdvanceUntil(() => !fixture.ReceivedOfTokens.Quotes.IsEmpty, TimeSpan.FromSeconds(30), "a quote");
    }

    [Fact]
    public async Task Session_NoSuchPoolOrOtherCluster_SaysSo()
    {
        await using (var fixture = Fixture(NewAddress(), QuoteAfter))
        {
            fixture.Start();
            await fixture.Until(() => fixture.Health.LastFault is not null, "a fault");
            Assert.Contains("there is no such account", fixture.Health.LastFault!.Detail, StringComparison.Ordinal);
        }

        await using var other = Fixture(NewAddress(), QuoteAfter);
        other.Options.Raydium.GenesisHash = new RaydiumOptions().GenesisHash;
        other.Start();
        await other.Until(() => other.Health.NeedsOperator, "a fault");
        Assert.Contains("correct Url or Raydium:GenesisHash", other.Health.LastFault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_EndpointIsDown_TriesAgain()
    {
        await using var fixture = Fixture(NewAddress(), QuoteAfter);
        fixture.Options.Url = "http://127.0.0.1:1/";
        fixture.Start();
        await fixture.Until(() => fixture.Health.State == SessionState.BackingOff, "failure");
        Assert.Equal(VendorFaultKind.ConnectFailed, fixture.Health.LastFault!.Kind);
        await fixture.AdvanceUntil(() => fixture.Health.Reconnects >= 2, Second, "further attempts");
    }

    [Fact]
    public void Discriminators_AreThoseOfTheProgram()
    {
        Assert.Equal([247, 237, 227, 245, 215, 195, 222, 70], ClmmPool.Discriminator.ToArray());
        Assert.Equal([218, 244, 33, 104, 203, 203, 43, 111], ClmmPool.ConfigDiscriminator.ToArray());
    }

    private async Task<SessionFixture> StartAsync(RaydiumPool pool, SolanaAddress quote, byte quoteDecimals)
    {
        await SolanaDeployer.PlaceMintAsync(cluster.Chain, new Token2022Mint(Tesla, "Tesla xStock", "TSLAx", 1.0), Token);
        await RaydiumPool.PlaceMintAsync(cluster.Chain, quote, quoteDecimals, Token);
        await pool.PlaceAsync(cluster.Chain, Token);
        var fixture = Fixture(pool.Address, quote);
        fixture.Start();
        return fixture;
    }

    private SessionFixture Fixture(SolanaAddress pool, SolanaAddress quote)
    {
        var fixture = new SessionFixture();
        fixture.Clock.Now = cluster.Clock.Now + Duration.FromMinutes(5);
        fixture.Options.Vendor = VendorKind.Raydium;
        fixture.Options.Upstream = VendorUpstreams.RaydiumClmm;
        fixture.Options.Url = cluster.Chain.RpcUrl.ToString();
        fixture.Options.ApiKey = "";
        fixture.Options.Symbols = [new SymbolOptions { Token = "TSLAx", Symbol = pool.ToString() }];
        fixture.Options.Raydium.GenesisHash = cluster.Chain.GenesisHash.ToString();
        fixture.Options.Raydium.QuoteMint = quote.ToString();
        fixture.Options.Raydium.RequestTimeout = TimeSpan.FromMinutes(1);
        return fixture;
    }

    private static SolanaAddress NewAddress() => new(RandomNumberGenerator.GetBytes(SolanaAddress.Length));
}
