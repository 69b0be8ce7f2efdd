using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// A share, its token, the price of a currency, the token's premium and the share's indication on one fold. Times are seconds since <see cref="FoldHarness.Open"/>, a Monday; prices are
/// cents. Sources 0 to 2 are the share's, 3 to 6 the token's markets, 7 and 8 read the currency.
/// </summary>
internal sealed class DerivedHarness
{
    public const int ShareFeed = 0;
    public const int TokenFeed = 1;
    public const int CurrencyFeed = 2;
    public const int PremiumFeed = 3;
    public const int IndicationFeed = 4;
    public const int QuotedFeed = 5;
    public const int FirstMarket = 3;

    /// <summary>Friday 20:00 in New York, when the market of the share closes for the weekend.</summary>
    public const double FridayClose = (4 * 86_400) + (10.5 * 3_600);

    public DerivedHarness(PremiumSettings? premium = null, IndicationSettings? indication = null, CurrencySettings? currency = null, TokenSettings? token = null)
    {
        var share = MarketHarness.Share(0);
        var tokenFeed = share with { Name = "token", Identity = share.Identity + ";token", Unit = FeedUnit.RawToken };
        var tokenRules = token ?? new TokenSettings { MultiplierMaxAge = Duration.FromDays(1) };
        Market = new MarketFold(
            [
                new ShareFeedRules(share, PricingSettings.Stock, [.. Enumerable.Range(0, 3).Select(SourceOf)]),
                new TokenFeedRules(tokenFeed, ShareFeed, new TokenId(0), tokenRules),
                new CurrencyFeedRules(
                    new Feed("usdc", default, "currency:USDC", "USD", FeedUnit.CurrencyUnit), "USDC", [SourceOf(7), SourceOf(8)], currency ?? new CurrencySettings()),
                new PremiumFeedRules(
                    tokenFeed with { Name = "premium", Unit = FeedUnit.PremiumRatio }, TokenFeed, new TokenId(0), tokenRules.MultiplierMaxAge, Markets,
                    new Dictionary<string, int> { ["USDC"] = CurrencyFeed }, premium ?? new PremiumSettings()),
                new IndicationFeedRules(share with { Name = "indication", Unit = FeedUnit.IndicativeShare }, ShareFeed, [PremiumFeed], Markets, indication ?? new IndicationSettings()),
                new QuotedTokenFeedRules(tokenFeed with { Name = "quoted", Quote = "USDC" }, TokenFeed, CurrencyFeed),
            ],
            CalendarFixture.UsEquities);
    }

    public MarketFold Market { get; }

    private static Source[] Markets => [.. Enumerable.Range(FirstMarket, 4).Select(SourceOf)];

    public FeedDecision Share => Market.DecisionOf(ShareFeed)!;

    public FeedDecision Token => Market.DecisionOf(TokenFeed)!;

    public FeedDecision Currency => Market.DecisionOf(CurrencyFeed)!;

    public FeedDecision Premium => Market.DecisionOf(PremiumFeed)!;

    public FeedDecision Indication => Market.DecisionOf(IndicationFeed)!;

    public FeedDecision Quoted => Market.DecisionOf(QuotedFeed)!;

    public static Source SourceOf(int i) => new(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}");

    /// <summary>The share's sources all quote one mid.</summary>
    public DerivedHarness Quote(double mid, double at)
    {
        for (var source = 0; source < 3; source++)
            Market.Apply(MarketInput.Of(MarketHarness.Say(ObservationKind.Quote, 0, source, at) with { Bid = FoldHarness.Cents(mid - 1), Ask = FoldHarness.Cents(mid + 1) }));
        return this;
    }

    public DerivedHarness Multiplier(double multiplier, double at)
    {
        var terms = new MultiplierTerms(new Multiplier((UInt128)(long)Math.Round(multiplier * 1e9) * 1_000_000_000), default, null, FoldHarness.At(at));
        Market.Apply(MarketInput.Of(FoldHarness.At(at), new MultiplierUpdate(new TokenId(0), terms)));
        return this;
    }

    /// <summary>A market quotes ten basis points to either side of a mid, a thousand tokens deep.</summary>
    public DerivedHarness Trade(int market, double mid, double at, Func<TokenMarketQuote, TokenMarketQuote>? but = null, double? received = null)
    {
        const long Depth = 1_000 * Price.One;
        var source = SourceOf(FirstMarket + market);
        var quote = new TokenMarketQuote(
            source.Id, source.Upstream, new TokenId(0), "USD", FeedUnit.RawToken, FoldHarness.Cents(mid * 0.999), FoldHarness.Cents(mid * 1.001), FoldHarness.Cents(mid), Depth, Depth, true, FoldHarness.At(at));
        Assert.Equal(InputOutcome.Applied, Market.Apply(MarketInput.Of(FoldHarness.At(received ?? at), but?.Invoke(quote) ?? quote)));
        return this;
    }

    /// <summary>The first markets all quote one mid.</summary>
    public DerivedHarness TradeAll(double mid, double at, int markets = 2)
    {
        for (var market = 0; market < markets; market++) Trade(market, mid, at);
        return this;
    }

    public DerivedHarness Peg(int reader, double price, double at, string currency = "USDC")
    {
        var source = SourceOf(7 + reader);
        Market.Apply(MarketInput.Of(FoldHarness.At(at), new PegReading(source.Id, source.Upstream, currency, Price.FromE8((long)(price * Price.One)), FoldHarness.At(at))));
        return this;
    }

    public DerivedHarness Tick(double at)
    {
        Market.Tick(FoldHarness.At(at), everything: true);
        return this;
    }

    /// <summary>An hour in which the share and its markets are at one price, once every ten seconds, and the last word of all at the end.</summary>
    public DerivedHarness Watch(double share, double token, double from, double to, int markets = 2, double step = 10)
    {
        for (var at = from; at <= to; at += step) Quote(share, at).TradeAll(token, at, markets).Tick(at);
        return this;
    }

    public static Price Ratio(double ratio) => Price.FromE8((long)Math.Round(ratio * Price.One));
}
