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
    /// For this long after trading resumed only two-sided quotes of the quorum reopen the feed; afterwards any quorum does where the reopening auction's print is
    /// known, so that a feed with few quoting upstreams is not lost for the day.
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
    /// <exception cref="ArgumentException">A value is outside its range; the message names the member, the value and the range of all that are.</exception>
    public void Validate()
    {
        var problems = Check();
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems));
    }

    /// <summary>Every value that is outside its range, with member, value and range; empty when all is well.</summary>
    public IReadOnlyList<string> Check()
    {
        var problems = new List<string>();
        const string Owner = nameof(PricingSettings);
        PreMarket.Check(nameof(PreMarket), problems);
        Regular.Check(nameof(Regular), problems);
        PostMarket.Check(nameof(PostMarket), problems);
        Overnight.Check(nameof(Overnight), problems);
        Bounds.Note(problems, Owner, nameof(EmaWindow), EmaWindow, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        Bounds.Note(problems, Owner, nameof(ClosedMaxAge), ClosedMaxAge, Duration.FromSeconds(1), SessionPricing.MaxDuration);
        Bounds.Note(problems, Owner, nameof(FutureTolerance), FutureTolerance, Duration.Zero, Duration.FromMinutes(1));
        Bounds.Note(problems, Owner, nameof(ResumeGuard), ResumeGuard, Duration.Zero, Duration.FromDays(1));
        Bounds.Note(problems, Owner, nameof(ActivationLimitBps), ActivationLimitBps, 1, SessionPricing.MaxBps);
        Bounds.Note(problems, Owner, nameof(ActivationMaxAge), ActivationMaxAge, Duration.Zero, SessionPricing.MaxDuration);
        Bounds.Note(problems, Owner, nameof(CatchUp), CatchUp, Duration.Zero, Duration.FromMinutes(5));
        Breaker.Check(problems);
        if (!MinPrice.IsNone && !MaxPrice.IsNone && MinPrice >= MaxPrice) problems.Add($"{Owner}.{nameof(MinPrice)} is {MinPrice}; it must be below {nameof(MaxPrice)}, {MaxPrice}.");
        return problems;
    }
}
