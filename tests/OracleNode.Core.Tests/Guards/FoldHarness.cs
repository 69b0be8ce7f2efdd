using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// A feed with sources of distinct upstreams (and, from <see cref="ResellerOf"/>, further sources of the same ones), on a made-up day.
/// Times are seconds since <see cref="Open"/>; prices are cents.
/// </summary>
internal sealed class FoldHarness
{
    public static readonly Instant Open = Instant.FromUtc(2024, 6, 3, 13, 30);
    public static readonly SessionInfo PreMarket = new(MarketSession.PreMarket, ClosedReason.None, Open);
    public static readonly SessionInfo Regular = new(MarketSession.Regular, ClosedReason.None, Open + Duration.FromHours(6.5));
    public static readonly SessionInfo PostMarket = new(MarketSession.PostMarket, ClosedReason.None, Open + Duration.FromHours(10.5));
    public static readonly SessionInfo Overnight = new(MarketSession.Overnight, ClosedReason.None, Open + Duration.FromHours(18.5));
    public static readonly SessionInfo Closed = new(MarketSession.Closed, ClosedReason.Weekend, Open + Duration.FromHours(72));
    public static readonly SessionInfo Unknown = new(MarketSession.Unknown, ClosedReason.None, null);

    private readonly List<Source> _sources = [];

    public FoldHarness(int upstreams = 3, PricingSettings? settings = null, int resellers = 0, RestoredFeed? restored = null, int? listingMarket = null)
    {
        for (var i = 0; i < upstreams; i++) _sources.Add(new Source(new SourceId(i), $"source{i}", new UpstreamId(10 + i), $"upstream{i}") { IsListingMarket = i == listingMarket });
        for (var i = 0; i < resellers; i++)
            _sources.Add(new Source(new SourceId(upstreams + i), $"reseller{i}", new UpstreamId(10 + i), $"upstream{i}"));
        Settings = settings ?? PricingSettings.Stock;
        Fold = new FeedFold(Settings, _sources);
        if (restored is { } last) Fold.Restore(last);
    }

    public PricingSettings Settings { get; }
    public FeedFold Fold { get; }
    public SessionInfo Session { get; set; } = Regular;

    public static Instant At(double seconds) => Open + Duration.FromMilliseconds((long)Math.Round(seconds * 1000));
    public static Price Cents(double cents) => Price.FromE8((long)Math.Round(cents * 1_000_000));
    public static RestoredFeed Restored(double cents, double at = -60, FeedState state = FeedState.Live, HaltReason halt = HaltReason.None) =>
        new(Cents(cents), 500_000, Cents(cents - 1), Cents(cents + 1), Cents(cents), At(at), state, halt);

    public FoldHarness Quote(int source, double bid, double ask, double at, ConditionFlags conditions = ConditionFlags.None, double? received = null) =>
        Apply(new Observation
        {
            Kind = ObservationKind.Quote,
            Source = new SourceId(source),
            Upstream = UpstreamOf(source),
            Instrument = default,
            EventTime = At(at),
            ReceiveTime = At(received ?? at),
            Bid = bid > 0 ? Cents(bid) : default,
            Ask = ask > 0 ? Cents(ask) : default,
            Conditions = conditions,
        });

    /// <summary>A quote one cent to either side of a mid.</summary>
    public FoldHarness Mid(int source, double mid, double at) => Quote(source, mid - 1, mid + 1, at);

    /// <summary>The same mid from every source.</summary>
    public FoldHarness All(double mid, double at)
    {
        for (var i = 0; i < _sources.Count; i++) Mid(i, mid, at);
        return this;
    }

    public FoldHarness Trade(int source, double price, double at, ConditionFlags conditions = ConditionFlags.None, double? received = null, ulong id = 0) =>
        Apply(new Observation
        {
            Kind = ObservationKind.Trade,
            Source = new SourceId(source),
            Upstream = UpstreamOf(source),
            Instrument = default,
            EventTime = At(at),
            ReceiveTime = At(received ?? at),
            Last = price > 0 ? Cents(price) : default,
            LastSize = 100,
            Conditions = conditions,
            TradeId = id,
        });

    /// <summary>A cancellation (or correction) that names a print by its id, or without one by its price.</summary>
    public FoldHarness Retract(int source, double price, double at, ulong id = 0, ObservationKind kind = ObservationKind.Cancel) =>
        Apply(new Observation
        {
            Kind = kind,
            Source = new SourceId(source),
            Upstream = UpstreamOf(source),
            Instrument = default,
            EventTime = At(at),
            ReceiveTime = At(at),
            Last = Cents(price),
            TradeId = id,
        });

    public FoldHarness Inputs(in GuardInputs inputs)
    {
        Fold.SetInputs(inputs);
        return this;
    }

    public FoldHarness Status(int source, HaltReason halt, double at) =>
        Apply(new Observation
        {
            Kind = ObservationKind.Status,
            Source = new SourceId(source),
            Upstream = UpstreamOf(source),
            Instrument = default,
            EventTime = At(at),
            ReceiveTime = At(at),
            Halt = halt,
        });

    public FoldHarness Apply(in Observation observation)
    {
        Fold.Apply(observation);
        return this;
    }

    public FeedDecision Tick(double at) => Fold.Tick(At(at), Session);

    public FeedDecision Tick(double at, SessionInfo session)
    {
        Session = session;
        return Tick(at);
    }

    /// <summary>Ticks ten times a second from after one time up to another.</summary>
    public FeedDecision TickThrough(double from, double to)
    {
        for (var tenth = (long)(from * 10) + 1; tenth < (long)(to * 10); tenth++) Tick(tenth / 10.0);
        return Tick(to);
    }

    /// <summary>What became of a source at the given time.</summary>
    public InputReason VerdictAt(int source, double at) => Tick(at).Inputs[source].Reason;

    private UpstreamId UpstreamOf(int source) => source < _sources.Count ? _sources[source].Upstream : new UpstreamId(99);
}
