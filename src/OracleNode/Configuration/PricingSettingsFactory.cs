using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Configuration;

/// <summary>Lays an operator's deviations over a profile's rules.</summary>
internal static class PricingSettingsFactory
{
    /// <summary>Makes the rules of one feed; bounds are those of <see cref="SessionPricing"/>.</summary>
    /// <param name="feed">As configured.</param>
    /// <param name="path">Its key, for messages.</param>
    /// <param name="sources">The sources that have prices.</param>
    /// <param name="hasHaltFeeds">There are others besides, which never vote.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static PricingSettings Create(FeedOptions feed, string path, IReadOnlyList<Source> sources, bool hasHaltFeeds, List<string> errors)
    {
        // Where some sources never vote, "all may" is said by their names.
        var voters = hasHaltFeeds ? sources.Select(s => s.Id).ToList() : null;
        var profile = feed.Profile == PricingProfile.Etf ? PricingSettings.Etf : PricingSettings.Stock;
        var o = feed.Pricing;
        var settings = profile with
        {
            PreMarket = Lay(o.PreMarket, profile.PreMarket, $"{path}:PreMarket", sources, voters, errors),
            Regular = Lay(o.Regular, profile.Regular, $"{path}:Regular", sources, voters, errors),
            PostMarket = Lay(o.PostMarket, profile.PostMarket, $"{path}:PostMarket", sources, voters, errors),
            Overnight = Lay(o.Overnight, profile.Overnight, $"{path}:Overnight", sources, voters, errors),
            EmaWindow = Or(o.EmaWindow, profile.EmaWindow),
            ClosedMaxAge = Or(o.ClosedMaxAge, profile.ClosedMaxAge),
            MinPrice = Bound(o.MinPrice, $"{path}:MinPrice", errors),
            MaxPrice = Bound(o.MaxPrice, $"{path}:MaxPrice", errors),
            ResumeGuard = Or(o.ResumeGuard, profile.ResumeGuard),
            ActivationLimitBps = o.ActivationLimitBps ?? profile.ActivationLimitBps,
            ActivationMaxAge = Or(o.ActivationMaxAge, profile.ActivationMaxAge),
            Breaker = Lay(o.Breaker, profile.Breaker),
        };
        foreach (var problem in settings.Check()) errors.Add($"{path}: {problem}");
        return settings;
    }

    /// <summary>Lays an operator's deviations over the rules of a token.</summary>
    public static TokenSettings Create(TokenLimitsOptions o, string path, List<string> errors)
    {
        var rules = new TokenSettings();
        var settings = rules with
        {
            MultiplierMaxAge = Or(o.MultiplierMaxAge, rules.MultiplierMaxAge),
            MultiplierStepBps = o.MultiplierStepBps ?? rules.MultiplierStepBps,
            ContinuityBps = o.ContinuityBps ?? rules.ContinuityBps,
            ActivationLead = Or(o.ActivationLead, rules.ActivationLead),
            StepSaidFor = Or(o.StepSaidFor, rules.StepSaidFor),
            SmallStepsPerDayBps = o.SmallStepsPerDayBps ?? rules.SmallStepsPerDayBps,
            SmallStepsBps = o.SmallStepsBps ?? rules.SmallStepsBps,
            SmallStepsWindow = Or(o.SmallStepsWindow, rules.SmallStepsWindow),
            MinReserveRatioBps = o.MinReserveRatioBps ?? rules.MinReserveRatioBps,
            DegradeReserveRatioBps = o.DegradeReserveRatioBps ?? rules.DegradeReserveRatioBps,
            ReserveMaxAge = Or(o.ReserveMaxAge, rules.ReserveMaxAge),
            MaxPegDeviationBps = o.MaxPegDeviationBps ?? rules.MaxPegDeviationBps,
            PegCurrency = o.PegCurrency,
        };
        foreach (var problem in settings.Check()) errors.Add($"{path}: {problem}");
        return settings;
    }

    /// <summary>Lays an operator's deviations over the rules of corporate actions.</summary>
    public static CorporateActionSettings Create(CorporateActionOptions o, string path, List<string> errors)
    {
        var rules = new CorporateActionSettings();
        var settings = rules with
        {
            PauseStepBps = o.PauseStepBps ?? rules.PauseStepBps,
            Lateness = Or(o.Lateness, rules.Lateness),
            ListingDays = o.ListingDays ?? rules.ListingDays,
        };
        foreach (var problem in settings.Check()) errors.Add($"{path}: {problem}");
        return settings;
    }

    private static Price Bound(string text, string path, List<string> errors)
    {
        if (text.Length == 0) return default;
        if (Price.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var price, out _)) return price;
        errors.Add($"{path} = '{text}': must be a price like 0.50 with at most 8 decimals, or empty for no bound.");
        return default;
    }

    private static SessionPricing Lay(SessionPricingOptions o, SessionPricing profile, string path, IReadOnlyList<Source> sources, List<SourceId>? voters, List<string> errors) => profile with
    {
        QuoteFreshness = Or(o.QuoteFreshness, profile.QuoteFreshness),
        TradeFreshness = Or(o.TradeFreshness, profile.TradeFreshness),
        SpreadCapBps = o.SpreadCapBps ?? profile.SpreadCapBps,
        OutlierFloorBps = o.OutlierFloorBps ?? profile.OutlierFloorBps,
        OutlierFloorTicks = o.OutlierFloorTicks ?? profile.OutlierFloorTicks,
        OutlierCeilingBps = o.OutlierCeilingBps ?? profile.OutlierCeilingBps,
        TwoUpstreamToleranceBps = o.TwoUpstreamToleranceBps ?? profile.TwoUpstreamToleranceBps,
        ConfidenceCapBps = o.ConfidenceCapBps ?? profile.ConfidenceCapBps,
        PrintBoundBps = o.PrintBoundBps ?? profile.PrintBoundBps,
        FrozenAfter = Or(o.FrozenAfter, profile.FrozenAfter),
        JumpLimitBps = o.JumpLimitBps ?? profile.JumpLimitBps,
        CloseJumpLimitBps = o.CloseJumpLimitBps ?? profile.CloseJumpLimitBps,
        AverageJumpLimitBps = o.EmaJumpLimitBps ?? profile.AverageJumpLimitBps,
        OpeningGuard = Or(o.OpeningGuard, profile.OpeningGuard),
        JumpConfirmation = Or(o.JumpConfirmation, profile.JumpConfirmation),
        EvidenceTierBps = o.EvidenceTierBps ?? profile.EvidenceTierBps,
        AverageEvidenceTierBps = o.EmaEvidenceTierBps ?? profile.AverageEvidenceTierBps,
        Quorum = o.Quorum ?? profile.Quorum,
        WantedUpstreams = o.WantedUpstreams ?? profile.WantedUpstreams,
        MaxAge = Or(o.MaxAge, profile.MaxAge),
        AllowedSources = o.Sources is null ? profile.AllowedSources ?? voters : Allowed(o.Sources, path, sources, errors),
    };

    private static BreakerSettings Lay(BreakerOptions o, BreakerSettings profile) => profile with
    {
        Strikes = o.Strikes ?? profile.Strikes,
        Window = Or(o.Window, profile.Window),
        MinSpan = Or(o.MinSpan, profile.MinSpan),
        GoodWords = o.GoodWords ?? profile.GoodWords,
        Probation = Or(o.Probation, profile.Probation),
    };

    private static List<SourceId> Allowed(List<string> names, string path, IReadOnlyList<Source> sources, List<string> errors)
    {
        var allowed = new List<SourceId>();
        foreach (var name in names)
        {
            var source = sources.FirstOrDefault(s => s.Name == name);
            if (source is not null) allowed.Add(source.Id);
            else errors.Add($"{path}:Sources = '{name}': must be one of {string.Join(", ", sources.Select(s => s.Name))}.");
        }

        return allowed;
    }

    private static Duration Or(TimeSpan? value, Duration otherwise) => value is { } v ? Duration.FromTimeSpan(v) : otherwise;
}
