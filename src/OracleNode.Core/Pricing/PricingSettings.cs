using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>How one feed is priced and guarded: one set of rules per session. Immutable.</summary>
public sealed partial record PricingSettings
{
    public required SessionPricing PreMarket { get; init; }
    public required SessionPricing Regular { get; init; }
    public required SessionPricing PostMarket { get; init; }
    public required SessionPricing Overnight { get; init; }

    /// <summary>Time constant of the moving average, counted in Live (or Degraded) time.</summary>
    public Duration EmaWindow { get; init; } = Duration.FromHours(1);

    /// <summary>How long after its attestation a record may be relied on while the market is closed or the calendar unknown.</summary>
    public Duration ClosedMaxAge { get; init; } = Duration.FromHours(1);

    /// <summary>How far an event time may lie ahead of the node's clock: two honest clocks differ. Beyond it the observation is refused.</summary>
    public Duration FutureTolerance { get; init; } = Duration.FromSeconds(2);

    /// <summary>
    /// How old <c>observedAt</c> may become by waiting for a fresh upstream whose word is older than what was already published.
    /// Without the wait an upstream that is steadily some seconds late could never come back once the faster ones had gone on without it.
    /// </summary>
    public Duration CatchUp { get; init; } = Duration.FromSeconds(10);

    /// <summary>
    /// For this long after trading resumed only two-sided quotes of the quorum reopen the feed; afterwards any quorum with one of them does, so that a
    /// feed with few quoting upstreams is not lost for the day.
    /// </summary>
    public Duration ResumeGuard { get; init; } = Duration.FromMinutes(5);

    /// <summary>A price at or below it is never published; none for no bound. Never clamped: the feed holds.</summary>
    public Price MinPrice { get; init; }

    /// <summary>A price at or above it is never published; none for no bound. Never clamped: the feed holds.</summary>
    public Price MaxPrice { get; init; }

    /// <summary>
    /// How far the first price after a start may lie from the one the chains hold, when that is not older than <see cref="ActivationMaxAge"/>: beyond it a changed
    /// configuration is the likelier reason. 1 to 10,000.
    /// </summary>
    public int ActivationLimitBps { get; init; } = 1_000;

    /// <summary>A price on chain older than this tells nothing of the configuration.</summary>
    public Duration ActivationMaxAge { get; init; } = Duration.FromMinutes(15);

    /// <summary>When a source that is wrong loses its vote.</summary>
    public BreakerSettings Breaker { get; init; } = new();

    /// <summary>The rules of a session in which there is trading; null for Closed and Unknown.</summary>
    public SessionPricing? For(MarketSession session) => session switch
    {
        MarketSession.PreMarket => PreMarket,
        MarketSession.Regular => Regular,
        MarketSession.PostMarket => PostMarket,
        MarketSession.Overnight => Overnight,
        _ => null,
    };

    /// <summary>Checks every bound of every session.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names the member, the value and the range.</exception>
    public void Validate()
    {
        PreMarket.Validate(nameof(PreMarket));
        Regular.Validate(nameof(Regular));
        PostMarket.Validate(nameof(PostMarket));
        Overnight.Validate(nameof(Overnight));
        Bounds.Check(nameof(PricingSettings), nameof(EmaWindow), EmaWindow, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        Bounds.Check(nameof(PricingSettings), nameof(ClosedMaxAge), ClosedMaxAge, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        Bounds.Check(nameof(PricingSettings), nameof(FutureTolerance), FutureTolerance, Duration.Zero, Duration.FromMinutes(1));
        Bounds.Check(nameof(PricingSettings), nameof(ResumeGuard), ResumeGuard, Duration.Zero, Duration.FromDays(1));
        Bounds.Check(nameof(PricingSettings), nameof(ActivationLimitBps), ActivationLimitBps, 1, SessionPricing.MaxBps);
        Bounds.Check(nameof(PricingSettings), nameof(ActivationMaxAge), ActivationMaxAge, Duration.Zero, SessionPricing.MaxDuration);
        if (!MinPrice.IsNone && !MaxPrice.IsNone && MinPrice >= MaxPrice)
            throw new ArgumentException($"{nameof(PricingSettings)}.{nameof(MinPrice)} is {MinPrice}; it must be below {nameof(MaxPrice)}, {MaxPrice}.", nameof(MinPrice));
        Breaker.Validate();
        Bounds.Check(nameof(PricingSettings), nameof(CatchUp), CatchUp, Duration.Zero, Duration.FromMinutes(5));
    }
}
