using System.Globalization;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Archive;

/// <summary>An explanation for a person.</summary>
internal static class ExplanationText
{
    public static void Write(Explanation e, TextWriter output)
    {
        var r = e.Record;
        var attestedAt = Instant.FromUnixTimeMilliseconds(e.Header.AttestedAtUnixMillis);
        Line(output, $"{e.Feed.Name} {r.Price} {FeedUnitWords.Of(e.Feed)}, {r.State}: {e.Evidence.Reason}");
        Line(output, $"  batch        sequence {e.Header.Sequence}, attested {Iso(attestedAt)}, {e.Header.Count} records, signed by {e.PublicKey}");
        Line(output, $"  decided      {Iso(e.Evidence.DecidedAt)}; observed {Iso(Instant.FromUnixTimeMilliseconds(r.ObservedAtUnixMillis))} (oldest contributing observation)");
        Line(output, $"  confidence   {Of(r.ConfidenceE8)} ({Bps(r.ConfidenceE8, r.Price.E8)} bps); bid {r.Bid}, ask {r.Ask}, moving average {r.Ema}");
        Line(output, $"  holds        {(r.HoldReasons == HoldReasons.None ? "none" : r.HoldReasons.ToString())}; halt {r.HaltReason}");
        var change = r.NextChangeAtUnixSeconds == 0 ? "not known" : Iso(Instant.FromUnixTimeSeconds(r.NextChangeAtUnixSeconds));
        Line(output, $"  session      {r.Session}{(r.ClosedReason == ClosedReason.None ? "" : $" ({r.ClosedReason})")}, next change {change}, calendar {e.CalendarVersion ?? "unknown"} {e.Evidence.Calendar}");
        if (e.Feed.Unit == FeedUnit.IndicativeShare && r.Token is { } anchor) Line(output, $"  anchor       {anchor.Underlying} {e.Feed.Quote} per share of {Iso(Instant.FromUnixTimeSeconds(anchor.ActivationUnixSeconds))}, the last official price");
        else if (r.Token is { } token)
        {
            Line(output, $"  multiplier   {token.Multiplier} {SharesPer(e.Feed.Unit)} x {token.Underlying} {e.Feed.Quote} per share, read {(e.Evidence.Multiplier is { } read ? Iso(read.ReadAt) : "never")}");
            if (!token.NextMultiplier.IsNone) Line(output, $"  staged       {token.NextMultiplier} from {Iso(Instant.FromUnixTimeSeconds(token.ActivationUnixSeconds))}");
            else if (token.ActivationUnixSeconds != 0) Line(output, $"  stepped      last at {Iso(Instant.FromUnixTimeSeconds(token.ActivationUnixSeconds))}, small steps aside");
        }

        if (e.Evidence.Reserve is { } amounts) Line(output, $"  reserves     {Shares(amounts.BackingE18)} shares in custody over {Shares(amounts.IssuedE18)} that tokens stand for, measured {Iso(amounts.MeasuredAt)}");
        Line(output, $"  configuration {e.Evidence.Settings}");
        Line(output, $"  sources      {SourceWords(e.Feed)}");
        foreach (var input in e.Evidence.Inputs) WriteInput(e, input, output);
        var votes = e.Votes.ToList();
        Line(output, $"  votes        {votes.Count}, median {e.Median}{(votes.Count > 1 ? $", {Bps(votes.Max(v => v.Value.E8) - votes.Min(v => v.Value.E8), e.Median.E8)} bps apart" : "")}");
        Line(output, $"  used {r.SourcesUsed}, rejected {r.SourcesRejected}, upstreams {r.Upstreams}");
        Line(output, $"  records root  {e.Header.RecordsRoot} {Verdict(e.RecordsMatch)}");
        Line(output, $"  evidence root {e.Header.EvidenceRoot} {Verdict(e.EvidenceMatches)}");
        Line(output, $"  signature     {(e.SignatureIsGood ? "good" : "BAD")}; configuration {(e.SettingsMatch ? "archived and equal to its hash" : "not archived, or not equal to its hash")}");
    }

    private static void WriteInput(Explanation e, in InputVerdict input, TextWriter output)
    {
        var name = input.Source.Index < e.SourceNames.Count ? $"{e.SourceNames[input.Source.Index]} ({e.UpstreamNames[input.Source.Index]})" : $"source {input.Source.Index} (upstream {input.Upstream.Index})";
        if (input.Kind == ObservationKind.None)
        {
            Line(output, $"    {name,-40} {input.Reason}");
            return;
        }

        var age = (e.Evidence.DecidedAt - input.EventTime).TotalSeconds;
        var sides = input.Kind == ObservationKind.Quote ? $" [{input.Bid}, {input.Ask}]" : "";
        Line(output, $"    {name,-40} {input.Reason,-18} {input.Kind} {input.Value}{sides}, {age:F3} s old");
    }

    private static string SharesPer(FeedUnit unit) => unit == FeedUnit.WrapperShare ? "shares per wrapper share" : "shares per raw token";

    /// <summary>What the numbers of the inputs are: not always what the feed's own are.</summary>
    private static string SourceWords(Feed feed) => feed.Unit switch
    {
        FeedUnit.PremiumRatio => "value: of the token's price by its share; [bid, ask]: in the venue's currency and unit",
        FeedUnit.IndicativeShare => "value: USD per share by that market; [its premium now, the one it usually stands at]",
        FeedUnit.CurrencyUnit => FeedUnitWords.Of(feed),
        FeedUnit.ReserveRatio => "none: statements of custodians and the chains' supply",
        _ => "USD per share",
    };

    private static string Verdict(bool matches) => matches ? "(computed anew from the archive: equal)" : "(computed anew from the archive: NOT EQUAL)";

    private static string Shares(UInt128 e18) => e18 == 0 ? "0" : new Multiplier(e18).ToString();

    private static string Iso(Instant at) => InstantPattern.ExtendedIso.Format(at);

    private static Price Of(long e8)
    {
        Price.TryFromE8(e8, out var price);
        return price;
    }

    private static string Bps(long part, long whole) => whole <= 0 ? "-" : (part * 10_000m / whole).ToString("F2", CultureInfo.InvariantCulture);

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
