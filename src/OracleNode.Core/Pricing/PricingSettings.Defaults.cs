using NodaTime;

namespace OracleNode.Pricing;

public sealed partial record PricingSettings
{
    /// <summary>
    /// For an exchange-traded fund. As <see cref="Stock"/>, with half its jump limit in the regular session: a basket moves less than its members.
    /// </summary>
    public static PricingSettings Etf { get; } = WithRegularJumpLimit(150);

    /// <summary>
    /// For a single stock. Freshness, spread, outlier and confidence limits are measured on recorded days of the consolidated tape
    /// (longest gap between NBBO changes in regular hours 29.8 s, between trades 61.5 s; widest spread 24 bps, widest range between
    /// upstreams 13.6 bps); jump limits, confirmation times, evidence tiers, ages and everything overnight are judgement.
    /// </summary>
    public static PricingSettings Stock { get; } = WithRegularJumpLimit(300);

    private static SessionPricing ExtendedHours() => new()
    {
        QuoteFreshness = Duration.FromSeconds(300),
        TradeFreshness = Duration.FromSeconds(300),
        SpreadCapBps = 150,
        OutlierFloorBps = 40,
        TwoUpstreamToleranceBps = 100,
        ConfidenceCapBps = 150,
        JumpLimitBps = 500,
        JumpConfirmation = Duration.FromSeconds(15),
        EvidenceTierBps = 5_000,
        Quorum = 2,
        WantedUpstreams = 2,
        MaxAge = Duration.FromMinutes(10),
    };

    private static PricingSettings WithRegularJumpLimit(int jumpLimitBps) => new()
    {
        PreMarket = ExtendedHours(),
        Regular = new SessionPricing
        {
            QuoteFreshness = Duration.FromSeconds(45),
            TradeFreshness = Duration.FromSeconds(90),
            SpreadCapBps = 100,
            OutlierFloorBps = 20,
            TwoUpstreamToleranceBps = 50,
            ConfidenceCapBps = 100,
            JumpLimitBps = jumpLimitBps,
            JumpConfirmation = Duration.FromSeconds(3),
            EvidenceTierBps = 2_000,
            Quorum = 2,
            WantedUpstreams = 3,
            MaxAge = Duration.FromMinutes(5),
        },
        PostMarket = ExtendedHours(),
        Overnight = new SessionPricing
        {
            QuoteFreshness = Duration.FromSeconds(300),
            TradeFreshness = Duration.FromSeconds(300),
            SpreadCapBps = 200,
            OutlierFloorBps = 60,
            TwoUpstreamToleranceBps = 150,
            ConfidenceCapBps = 200,
            JumpLimitBps = 500,
            JumpConfirmation = Duration.FromSeconds(60),
            EvidenceTierBps = 2_000,
            AverageEvidenceTierBps = 2_000,
            Quorum = 1,
            WantedUpstreams = 1,
            AlwaysDegraded = true,
            // An overnight source is named by whoever has one; a day source's leftovers are not an overnight market.
            AllowedSources = [],
            MaxAge = Duration.FromMinutes(10),
        },
    };
}
