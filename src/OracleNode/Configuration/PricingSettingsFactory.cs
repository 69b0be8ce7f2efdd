using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Configuration;

/// <summary>Lays an operator's deviations over a profile's rules.</summary>
internal static class PricingSettingsFactory
{
    /// <summary>Makes the rules of one feed; bounds are those of <see cref="SessionPricing"/>.</summary>
    public static PricingSettings Create(FeedOptions feed, string path, IReadOnlyList<Source> sources, List<string> errors)
    {
        var profile = feed.Profile == PricingProfile.Etf ? PricingSettings.Etf : PricingSettings.Stock;
        var o = feed.Pricing;
        var settings = profile with
        {
            PreMarket = Lay(o.PreMarket, profile.PreMarket, $"{path}:PreMarket", sources, errors),
            Regular = Lay(o.Regular, profile.Regular, $"{path}:Regular", sources, errors),
            PostMarket = Lay(o.PostMarket, profile.PostMarket, $"{path}:PostMarket", sources, errors),
            Overnight = Lay(o.Overnight, profile.Overnight, $"{path}:Overnight", sources, errors),
            EmaWindow = Or(o.EmaWindow, profile.EmaWindow),
            ClosedMaxAge = Or(o.ClosedMaxAge, profile.ClosedMaxAge),
        };
        try
        {
            settings.Validate();
        }
        catch (ArgumentException e)
        {
            errors.Add($"{path}: {e.Message}");
        }

        return settings;
    }

    private static SessionPricing Lay(SessionPricingOptions o, SessionPricing profile, string path, IReadOnlyList<Source> sources, List<string> errors) => profile with
    {
        QuoteFreshness = Or(o.QuoteFreshness, profile.QuoteFreshness),
        TradeFreshness = Or(o.TradeFreshness, profile.TradeFreshness),
        SpreadCapBps = o.SpreadCapBps ?? profile.SpreadCapBps,
        OutlierFloorBps = o.OutlierFloorBps ?? profile.OutlierFloorBps,
        OutlierFloorTicks = o.OutlierFloorTicks ?? profile.OutlierFloorTicks,
        OutlierCeilingBps = o.OutlierCeilingBps ?? profile.OutlierCeilingBps,
        TwoUpstreamToleranceBps = o.TwoUpstreamToleranceBps ?? profile.TwoUpstreamToleranceBps,
        ConfidenceCapBps = o.ConfidenceCapBps ?? profile.ConfidenceCapBps,
        JumpLimitBps = o.JumpLimitBps ?? profile.JumpLimitBps,
        JumpConfirmation = Or(o.JumpConfirmation, profile.JumpConfirmation),
        EvidenceTierBps = o.EvidenceTierBps ?? profile.EvidenceTierBps,
        AverageEvidenceTierBps = o.EmaEvidenceTierBps ?? profile.AverageEvidenceTierBps,
        Quorum = o.Quorum ?? profile.Quorum,
        WantedUpstreams = o.WantedUpstreams ?? profile.WantedUpstreams,
        MaxAge = Or(o.MaxAge, profile.MaxAge),
        AllowedSources = o.Sources is null ? profile.AllowedSources : Allowed(o.Sources, path, sources, errors),
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
