using System.Globalization;
using NodaTime;
using OracleNode.Configuration;
using OracleNode.Market;

namespace OracleNode.Commands;

/// <summary>
/// How long each feed is expected to go without an observation, by the calendar, and what a consumer's limit on <c>observedAt</c> must therefore
/// allow: a flat limit below it refuses a healthy feed after every long weekend.
/// </summary>
internal static class ObservationGaps
{
    /// <summary>One line for all feeds with the same gap, in the configuration's order. What tokens' own markets make has no hours.</summary>
    /// <param name="settings">The feeds and who may vote when.</param>
    /// <param name="calendar">The sessions.</param>
    /// <param name="now">Gaps that ended before do not count.</param>
    public static IEnumerable<string> Describe(NodeSettings settings, TradingCalendar calendar, Instant now)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture, $"Longest expected time without an observation, from {now:uuuu-MM-dd} to {calendar.ValidUntil:uuuu-MM-dd} by calendar {calendar.Version}; halts and unscheduled closures come on top:");
        foreach (var alike in settings.Feeds.Where(f => f.MaxAge is null).GroupBy(f => SessionsOf(settings, f)))
        {
            var sessions = alike.Key;
            var gap = calendar.LongestGap(now, calendar.CoveredUntil, s => (sessions & FlagOf(s)) != 0);
            yield return $"  {string.Join(", ", alike.Select(f => f.Feed.Name))}: {(gap is { } known ? Text(known, RulesOf(settings, alike.First()).PreMarket.MaxAge) : "none")}";
        }
    }

    /// <summary>The sessions in which a feed's own sources can be enough for a price.</summary>
    internal static ObservedSessions SessionsOf(NodeSettings settings, FeedSettings feed)
    {
        var rules = RulesOf(settings, feed);
        var sessions = ObservedSessions.None;
        for (var session = MarketSession.PreMarket; session <= MarketSession.Overnight; session++)
        {
            var pricing = rules.For(session)!;
            var upstreams = settings.Sources.Where(s => pricing.AllowedSources?.Contains(s.Id) ?? true).Select(s => s.Upstream).Distinct().Count();
            if (upstreams >= pricing.Quorum) sessions |= FlagOf(session);
        }

        return sessions;
    }

    /// <summary>The gap, and a limit in whole hours with room for the first record after it.</summary>
    private static string Text(Interval gap, Duration firstRecord)
    {
        var limit = Math.Ceiling((gap.Duration + firstRecord).TotalHours);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{gap.Duration.TotalHours:0.##} h, {gap.Start:uuuu-MM-dd'T'HH:mm'Z'} to {gap.End:uuuu-MM-dd'T'HH:mm'Z'}; a consumer's limit on the age of observedAt while closed: {limit:0} h or more");
    }

    private static Pricing.PricingSettings RulesOf(NodeSettings settings, FeedSettings feed) => feed.Pricing ?? settings.Feeds[feed.Underlying!.Value].Pricing!;

    private static ObservedSessions FlagOf(MarketSession session) =>
        session is >= MarketSession.PreMarket and <= MarketSession.Overnight ? (ObservedSessions)(1 << (int)session) : ObservedSessions.None;
}

/// <summary>Sessions, as a set.</summary>
[Flags]
internal enum ObservedSessions
{
    None = 0,
    PreMarket = 1 << MarketSession.PreMarket,
    Regular = 1 << MarketSession.Regular,
    PostMarket = 1 << MarketSession.PostMarket,
    Overnight = 1 << MarketSession.Overnight,
}
