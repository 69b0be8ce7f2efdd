using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// Shares of several upstreams on one fold, and a token of the first. Times are seconds since <see cref="FoldHarness.Open"/>; prices are cents. Upstream
/// numbers are those of the sources.
/// </summary>
internal sealed class MarketHarness
{
    private readonly int _sources;

    public MarketHarness(
        int shares = 3, int sources = 3, IReadOnlyDictionary<int, RelatedFeed[]>? related = null, PricingSettings? pricing = null, TokenSettings? token = null, int? listingMarket = null,
        IReadOnlyList<DerivedFeedRules>? derived = null, bool hasReserves = false)
    {
        _sources = sources;
        Source[] all = [.. Enumerable.Range(0, sources).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}") { IsListingMarket = i == listingMarket })];
        Market = new MarketFold(
            [
                .. Enumerable.Range(0, shares).Select(i => new ShareFeedRules(Share(i), pricing ?? PricingSettings.Stock, all) { Related = related?.GetValueOrDefault(i) ?? [] }),
                new TokenFeedRules(Share(0) with { Name = "token", Unit = FeedUnit.RawToken }, 0, new TokenId(0), token ?? new TokenSettings()) { HasReserves = hasReserves },
                .. derived ?? [],
            ],
            CalendarFixture.UsEquities);
        Token = shares;
    }

    public MarketFold Market { get; }

    /// <summary>Place of the token's feed.</summary>
    public int Token { get; }

    public static Feed Share(int i) => new($"share{i}", new InstrumentId(i), $"figi:BBG00000000{i}@XNAS", "USD", FeedUnit.UnderlyingShare);

    public static FeedId Id(int share) => FeedIdentity.Compute(Share(share));

    public MarketHarness Quote(int share, int source, double mid, double at, double? received = null) => Apply(Say(ObservationKind.Quote, share, source, at, received) with
    {
        Bid = FoldHarness.Cents(mid - 1),
        Ask = FoldHarness.Cents(mid + 1),
    });

    public MarketHarness All(int share, double mid, double at)
    {
        for (var source = 0; source < _sources; source++) Quote(share, source, mid, at);
        return this;
    }

    public MarketHarness Band(int share, int source, double low, double high, double at) => Apply(Say(ObservationKind.Band, share, source, at, at) with
    {
        Bid = FoldHarness.Cents(low),
        Ask = FoldHarness.Cents(high),
    });

    public MarketHarness Apply(in Observation observation)
    {
        Market.Apply(MarketInput.Of(observation));
        return this;
    }

    public MarketHarness Order(OperatorAction action, double at, int? share = 0, double? price = null, double? until = null)
    {
        var command = new OperatorCommand(
            action, share is { } place ? Id(place) : null, price is { } cents ? FoldHarness.Cents(cents) : default, until is { } end ? FoldHarness.At(end) : null, "alice", "a test");
        Assert.Equal(InputOutcome.Kept, Market.Apply(MarketInput.Of(FoldHarness.At(at), command)));
        return this;
    }

    public MarketHarness Multiplier(double at)
    {
        Market.Apply(MarketInput.Of(FoldHarness.At(at), new MultiplierUpdate(new TokenId(0), new MultiplierTerms(OracleNode.Market.Multiplier.One, default, null, FoldHarness.At(at)))));
        return this;
    }

    public FeedDecision Tick(double at, int feed = 0, bool everything = true)
    {
        Market.Tick(FoldHarness.At(at), everything);
        return Market.DecisionOf(feed)!;
    }

    /// <summary>Ticks ten times a second from after one time up to another.</summary>
    public FeedDecision TickThrough(double from, double to, int feed = 0)
    {
        for (var tenth = (long)(from * 10) + 1; tenth < (long)(to * 10); tenth++) Tick(tenth / 10.0);
        return Tick(to, feed);
    }

    public static Observation Say(ObservationKind kind, int share, int source, double at, double? received = null) => new()
    {
        Kind = kind,
        Source = new SourceId(source),
        Upstream = new UpstreamId(source),
        Instrument = new InstrumentId(share),
        EventTime = FoldHarness.At(at),
        ReceiveTime = FoldHarness.At(received ?? at),
    };
}
