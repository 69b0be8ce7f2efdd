using System.Globalization;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Verification;

/// <summary>A record as a person may read it: every field with what it means.</summary>
internal static class RecordWords
{
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss.fff'Z'");

    /// <summary>The fields in the order of the record's bytes.</summary>
    /// <param name="attestedAtUnixMillis">Of its batch.</param>
    /// <param name="now">To count ages to; null leaves them out.</param>
    /// <param name="stored">The fields that are known.</param>
    public static IReadOnlyList<(RecordFields Field, string Name, string Value, string Meaning)> Describe(in FeedRecord record, long attestedAtUnixMillis, Instant? now, RecordFields stored = RecordFields.All)
    {
        var r = record;
        var lines = new List<(RecordFields Field, string, string, string)>
        {
            (RecordFields.FeedTag, "feedTag", r.FeedTag.ToString("x16", CultureInfo.InvariantCulture), "first 8 bytes of the feed id"),
            (RecordFields.Price, "price", r.Price.ToString(), r.State is FeedState.Live or FeedState.Degraded ? "measured" : "last good price"),
            (RecordFields.Confidence, "confidence", Amount(r.ConfidenceE8), "half-width, either way"),
            (RecordFields.Bid, "bid", r.Bid.ToString(), r.Bid.IsNone ? "no upstream votes with a quote" : "pooled best bid"),
            (RecordFields.Ask, "ask", r.Ask.ToString(), r.Ask.IsNone ? "no upstream votes with a quote" : "pooled best ask"),
            (RecordFields.Ema, "ema", r.Ema.ToString(), "average over one hour of Live time"),
            (RecordFields.Session, "session", r.Session.ToString(), SessionWords(r.Session)),
            (RecordFields.ClosedReason, "closedReason", r.ClosedReason.ToString(), ClosedWords(r.ClosedReason)),
            (RecordFields.HaltReason, "haltReason", r.HaltReason.ToString(), r.HaltReason == HaltReason.None ? "not halted" : HaltWords(r.HaltReason)),
            (RecordFields.State, "state", r.State.ToString(), StateWords(r.State)),
            (RecordFields.HoldReasons, "holdReasons", r.HoldReasons.ToString(), HoldWords(r.HoldReasons)),
            (RecordFields.SourcesUsed, "sourcesUsed", Number(r.SourcesUsed), "sources behind the price"),
            (RecordFields.SourcesRejected, "sourcesRejected", Number(r.SourcesRejected), "sources whose word was refused"),
            (RecordFields.Upstreams, "upstreams", Number(r.Upstreams), "independent places where the data was born"),
            (RecordFields.ObservedAt, "observedAt", Millis(r.ObservedAtUnixMillis), "the oldest contributing observation" + Age(r.ObservedAtUnixMillis, now)),
            (RecordFields.NextChangeAt, "nextChangeAt", r.NextChangeAtUnixSeconds == 0 ? "0" : Millis(r.NextChangeAtUnixSeconds * 1000), NextChangeWords(r, now)),
            (RecordFields.MaxAge, "maxAge", Number(r.MaxAgeSeconds) + " s", MaxAgeWords(r, attestedAtUnixMillis, now)),
        };
        if (r.Token is { } token)
        {
            lines.Add((RecordFields.Multiplier, "multiplier", Shares(token.Multiplier), "shares per raw token"));
            lines.Add((RecordFields.NextMultiplier, "nextMultiplier", token.NextMultiplier.IsNone ? "none" : Shares(token.NextMultiplier), token.NextMultiplier.IsNone ? "nothing is staged" : "staged"));
            lines.Add((RecordFields.Activation, "activation", token.ActivationUnixSeconds == 0 ? "0" : Millis(token.ActivationUnixSeconds * 1000), token.ActivationUnixSeconds == 0 ? "nothing is staged" : (token.NextMultiplier.IsNone ? "since when the multiplier applies, or an indication's anchor" : "when the staged multiplier applies") + Age(token.ActivationUnixSeconds * 1000, now)));
            lines.Add((RecordFields.Underlying, "underlying", token.Underlying.ToString(), "price of the share it was made from"));
        }

        return [.. lines.Where(l => (l.Field & stored) != 0)];
    }

    /// <summary>A time in Unix milliseconds as a person may read it.</summary>
    public static string Millis(long unixMillis) =>
        unixMillis <= Instant.MaxValue.ToUnixTimeMilliseconds() ? Time.Format(Instant.FromUnixTimeMilliseconds(unixMillis)) : $"{Number(unixMillis)} ms";

    /// <summary>How long ago, or how far ahead; empty without a clock.</summary>
    public static string Age(long unixMillis, Instant? now)
    {
        if (now is not { } clock) return "";
        var seconds = (clock.ToUnixTimeMilliseconds() - unixMillis) / 1000m;
        return seconds >= 0 ? $", {Long(seconds)} ago" : $", in {Long(-seconds)}";
    }

    private static string NextChangeWords(in FeedRecord r, Instant? now)
    {
        if (r.NextChangeAtUnixSeconds == 0) return "the calendar does not know when the session ends";
        var passed = now is { } clock && clock.ToUnixTimeSeconds() >= r.NextChangeAtUnixSeconds;
        return (passed ? "the session claim HAS EXPIRED" : "the session claim expires") + Age(r.NextChangeAtUnixSeconds * 1000, now);
    }

    private static string MaxAgeWords(in FeedRecord r, long attestedAtUnixMillis, Instant? now)
    {
        var until = attestedAtUnixMillis + r.MaxAgeSeconds * 1000L;
        if (now is not { } clock) return $"may be relied on until {Millis(until)}";
        return (clock.ToUnixTimeMilliseconds() > until ? $"EXPIRED at {Millis(until)}: nobody stands behind it any more" : $"may be relied on until {Millis(until)}") + Age(until, now);
    }

    private static string Long(decimal seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###} s"),
        < 7_200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.#} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0.#} days"),
    };

    private static string Amount(long e8) => e8 == 0 ? "0" : Price.FromE8(e8).ToString();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Shares(Multiplier multiplier) => multiplier.ToString();

    private static string SessionWords(MarketSession session) => session switch
    {
        MarketSession.Unknown => "outside the calendar's validity, or the evidence disagrees",
        MarketSession.PreMarket => "04:00 to 09:30 New York",
        MarketSession.Regular => "09:30 to 16:00 New York",
        MarketSession.PostMarket => "16:00 to 20:00 New York",
        MarketSession.Overnight => "20:00 to 04:00 New York",
        MarketSession.Closed => "no session",
        _ => "not known to this version",
    };

    private static string ClosedWords(ClosedReason reason) => reason switch
    {
        ClosedReason.None => "no reason given or needed",
        ClosedReason.Weekend => "weekend",
        ClosedReason.Holiday => "exchange holiday",
        ClosedReason.EarlyClose => "after the last session of an early-close day",
        ClosedReason.Unscheduled => "a closure that no rule foretells",
        ClosedReason.SessionGap => "a pause between two sessions of one trading week",
        _ => "not known to this version",
    };

    private static string HaltWords(HaltReason reason) => reason switch
    {
        HaltReason.VolatilityPause => "limit up, limit down",
        HaltReason.MarketWide1 => "market-wide circuit breaker, level 1",
        HaltReason.MarketWide2 => "market-wide circuit breaker, level 2",
        HaltReason.MarketWide3 => "market-wide circuit breaker, level 3",
        HaltReason.News => "news pending or released",
        HaltReason.Regulatory => "by a regulator",
        HaltReason.Venue => "by the listing venue",
        HaltReason.Operator => "by the node's operator",
        HaltReason.Other => "for another reason",
        _ => "not known to this version",
    };

    private static string StateWords(FeedState state) => state switch
    {
        FeedState.Live => "fresh, from as many upstreams as wanted",
        FeedState.Degraded => "fresh, from the quorum but fewer upstreams than wanted",
        FeedState.Reopening => "the session is open, not enough fresh quotes yet; last good price",
        FeedState.Held => "last good price, for the hold reasons or the halt",
        FeedState.Paused => "stopped for a corporate action or by an operator",
        FeedState.Retired => "no longer published",
        FeedState.Closed => "out of session; last good price with its true time",
        _ => "not known to this version",
    };

    private static string HoldWords(HoldReasons reasons)
    {
        if (reasons == HoldReasons.None) return "nothing holds it";
        var words = new List<string>();
        for (var bit = 0; bit < 32; bit++)
        {
            var reason = (HoldReasons)(1u << bit);
            if ((reasons & reason) == 0) continue;
            words.Add(reason switch
            {
                HoldReasons.BelowQuorum => "fewer upstreams than the quorum",
                HoldReasons.Disagreement => "the upstreams disagree",
                HoldReasons.Jump => "a jump that is not confirmed",
                HoldReasons.Spread => "the spread is too wide",
                HoldReasons.Confidence => "the confidence interval is too wide",
                HoldReasons.Stale => "the data is too old",
                HoldReasons.Clock => "the clock cannot be trusted",
                HoldReasons.CalendarConflict => "calendar and evidence conflict",
                HoldReasons.CorporateAction => "a corporate action",
                HoldReasons.Depeg => "the token left its peg",
                HoldReasons.Reserve => "the token's reserves",
                HoldReasons.Bounds => "outside the feed's absolute bounds",
                HoldReasons.Operator => "an operator holds it",
                HoldReasons.IssuerPause => "the token's issuer paused it",
                HoldReasons.Identity => "the instrument's identity is in doubt",
                HoldReasons.Configuration => "the configuration does not allow it",
                _ => $"reserved bit {bit}",
            });
        }

        return string.Join("; ", words);
    }
}
