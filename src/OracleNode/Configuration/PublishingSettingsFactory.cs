using System.Globalization;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Publishing;

namespace OracleNode.Configuration;

/// <summary>
/// Lays the overrides over the cadences, chain by chain and feed by feed, and holds them against the age that the feed's records may reach: a
/// cadence that lets a record expire while all is well is refused.
/// </summary>
/// <param name="options">What the operator wrote.</param>
/// <param name="path">Where, e.g. <c>OracleNode:Publishing</c>.</param>
/// <param name="errors">Receives each error once.</param>
internal sealed class PublishingSettingsFactory(PublishingOptions options, string path, List<string> errors)
{
    private const int WholePercent = 100;

    private readonly Dictionary<string, TooLong> _tooLong = [];

    /// <summary>Makes the settings of one chain, one per feed; fewer when there are errors.</summary>
    public List<PublishSettings> Create(string chain, IReadOnlyList<FeedSettings> feeds)
    {
        var settings = new List<PublishSettings>(feeds.Count);
        var ridesAlong = options.RideAlongPercent is >= 1 and <= WholePercent;
        Require(ridesAlong, $"{path}:RideAlongPercent", options.RideAlongPercent, "1 to 100");
        foreach (var feed in feeds)
        {
            var overrides = options.Overrides
                .Select((o, i) => (Options: o, Path: $"{path}:Overrides:{i}"))
                .Where(o => (o.Options.Chain.Length == 0 || o.Options.Chain == chain) && (o.Options.Feed.Length == 0 || o.Options.Feed == feed.Feed.Name))
                .ToList();
            var margin = Margin(overrides);

            // A token's records live as long as its share's, unless they have an age of their own.
            var pricing = feed.MaxAge is null ? feed.Pricing ?? feeds[feed.Underlying!.Value].Pricing! : null;
            var at = new Place(chain, feed.Feed.Name, pricing, feed.MaxAge, margin);
            var closed = Closed(at, overrides);
            PublishCadence[] cadences =
            [
                closed, // Unknown
                Session(at, MarketSession.PreMarket, options.PreMarket, [.. overrides.Select(o => (o.Options.PreMarket, o.Path))]),
                Session(at, MarketSession.Regular, options.Regular, [.. overrides.Select(o => (o.Options.Regular, o.Path))]),
                Session(at, MarketSession.PostMarket, options.PostMarket, [.. overrides.Select(o => (o.Options.PostMarket, o.Path))]),
                Session(at, MarketSession.Overnight, options.Overnight, [.. overrides.Select(o => (o.Options.Overnight, o.Path))]),
                closed,
            ];
            if (ridesAlong && margin is not null && cadences.All(c => c != default)) settings.Add(new PublishSettings(cadences, options.RideAlongPercent * 100, margin));
        }

        return settings;
    }

    /// <summary>Says which cadences do not fit the records' ages; after the last chain, each key once with the tightest case.</summary>
    public void ReportAges()
    {
        foreach (var (key, found) in _tooLong)
        {
            var longest = found.MaxAge - found.Margin;
            var right = longest < PublishCadence.MinHeartbeat
                ? $"shorter than MaxAge by the landing margin, for which a MaxAge of {Text(found.MaxAge)} leaves no room: raise MaxAge or lower {path}:LandingMargin"
                : $"at most {Text(longest)}";
            var more = found.Cases > 1 ? $" {found.Cases - 1} more of feeds and chains have the same." : "";
            errors.Add(
                $"{key} = '{Text(found.Value)}': must be {right}. A record of {found.Feed} ({found.Session}) may be relied on for {Text(found.MaxAge)} (MaxAge), and landing on "
                + $"{found.Chain} may take {Text(found.Margin)} (LandingMargin).{more}");
        }
    }

    private PublishCadence Session(Place at, MarketSession session, SessionPublishingOptions defaults, List<(SessionPublishingOverrideOptions Options, string Path)> overrides)
    {
        var deviation = Pick($"{path}:{session}:DeviationBps", defaults.DeviationBps, overrides.Select(o => (o.Options.DeviationBps, $"{o.Path}:{session}:DeviationBps")));
        var heartbeat = Pick($"{path}:{session}:Heartbeat", defaults.Heartbeat, overrides.Select(o => (o.Options.Heartbeat, $"{o.Path}:{session}:Heartbeat")));
        var attestation = Pick($"{path}:{session}:Attestation", defaults.Attestation, overrides.Select(o => (o.Options.Attestation, $"{o.Path}:{session}:Attestation")));
        return Cadence(at, session, at.MaxAgeIn(session), deviation, heartbeat, attestation);
    }

    private PublishCadence Closed(Place at, List<(PublishingOverrideOptions Options, string Path)> overrides)
    {
        const MarketSession Session = MarketSession.Closed;
        var deviation = Pick($"{path}:{Session}:DeviationBps", options.Closed.DeviationBps, overrides.Select(o => (o.Options.Closed.DeviationBps, $"{o.Path}:{Session}:DeviationBps")));
        var attestation = Pick($"{path}:{Session}:Attestation", options.Closed.Attestation, overrides.Select(o => (o.Options.Closed.Attestation, $"{o.Path}:{Session}:Attestation")));
        return Cadence(at, Session, at.MaxAgeIn(Session), deviation, attestation, attestation);
    }

    private PublishCadence Cadence(Place at, MarketSession session, Duration maxAge, Picked<int> deviation, Picked<TimeSpan> heartbeat, Picked<TimeSpan> attestation)
    {
        var deviationFits = deviation.Value is >= PublishCadence.MinDeviationBps and <= PublishCadence.MaxDeviationBps;
        Require(deviationFits, deviation.Key, deviation.Value, $"{PublishCadence.MinDeviationBps} to {PublishCadence.MaxDeviationBps}");
        var heartbeatFits = IsInterval(at, session, maxAge, heartbeat);
        var intervalsFit = attestation == heartbeat ? heartbeatFits : IsInterval(at, session, maxAge, attestation) & heartbeatFits;
        return deviationFits && intervalsFit
            ? new PublishCadence(deviation.Value, Duration.FromTimeSpan(heartbeat.Value), Duration.FromTimeSpan(attestation.Value))
            : default;
    }

    private bool IsInterval(Place at, MarketSession session, Duration maxAge, Picked<TimeSpan> interval)
    {
        var value = Duration.FromTimeSpan(interval.Value);
        var fits = PublishCadence.IsInterval(value);
        Require(fits, interval.Key, interval.Value, "00:00:01 to 7.00:00:00");
        if (fits && at.Margin is { } margin && value > maxAge - margin) NoteTooLong(interval.Key, new TooLong(value, maxAge, margin, session, at.Feed, at.Chain, 1));
        return fits;
    }

    private void NoteTooLong(string key, TooLong found)
    {
        if (!_tooLong.TryGetValue(key, out var known)) _tooLong.Add(key, found);
        else if (known.MaxAge - known.Margin <= found.MaxAge - found.Margin) _tooLong[key] = known with { Cases = known.Cases + 1 };
        else _tooLong[key] = found with { Cases = known.Cases + 1 };
    }

    private Duration? Margin(List<(PublishingOverrideOptions Options, string Path)> overrides)
    {
        var margin = Pick($"{path}:LandingMargin", options.LandingMargin, overrides.Select(o => (o.Options.LandingMargin, $"{o.Path}:LandingMargin")));
        var (min, max) = PublishSettings.LandingMarginBounds;
        var value = Duration.FromTimeSpan(margin.Value);
        var fits = value >= min && value <= max;
        Require(fits, margin.Key, margin.Value, $"{Text(min)} to {Text(max)}");
        return fits ? value : null;
    }

    private static Picked<T> Pick<T>(string key, T value, IEnumerable<(T? Value, string Key)> overrides)
        where T : struct
    {
        var picked = new Picked<T>(key, value);
        foreach (var o in overrides)
            if (o.Value is { } other)
                picked = new Picked<T>(o.Key, other);
        return picked;
    }

    private void Require(bool holds, string key, object value, string right)
    {
        if (holds) return;
        var error = string.Create(CultureInfo.InvariantCulture, $"{key} = '{value}': must be {right}.");
        if (!errors.Contains(error)) errors.Add(error);
    }

    private static string Text(Duration duration) => duration.ToTimeSpan().ToString("c", CultureInfo.InvariantCulture);

    /// <summary>A value and the key that it was written under.</summary>
    private readonly record struct Picked<T>(string Key, T Value);

    private readonly record struct Place(string Chain, string Feed, PricingSettings? Pricing, Duration? MaxAge, Duration? Margin)
    {
        public Duration MaxAgeIn(MarketSession session) => MaxAge ?? Pricing!.For(session)?.MaxAge ?? Pricing.ClosedMaxAge;
    }

    private readonly record struct TooLong(Duration Value, Duration MaxAge, Duration Margin, MarketSession Session, string Feed, string Chain, int Cases);
}
