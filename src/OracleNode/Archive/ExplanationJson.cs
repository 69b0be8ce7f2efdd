using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;

namespace OracleNode.Archive;

/// <summary>An explanation for a program.</summary>
internal static class ExplanationJson
{
    public static byte[] Write(Explanation e)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("feed", e.Feed.Name);
            json.WriteString("unit", e.Feed.Unit.ToString());
            json.WriteString("unitWords", FeedUnitWords.Of(e.Feed));
            WriteBatch(json, e);
            WriteRecord(json, e);
            WriteMultiplier(json, e);
            WriteReserve(json, e);
            json.WriteString("settings", e.Evidence.Settings.ToString());
            json.WriteStartArray("inputs");
            foreach (var input in e.Evidence.Inputs) WriteInput(json, e, input);
            json.WriteEndArray();
            json.WriteNumber("votes", e.Votes.Count());
            if (!e.Median.IsNone) json.WriteString("median", e.Median.ToString());
            WriteChecks(json, e);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteBatch(Utf8JsonWriter json, Explanation e)
    {
        json.WriteNumber("sequence", e.Header.Sequence);
        json.WriteString("attestedAt", Iso(Instant.FromUnixTimeMilliseconds(e.Header.AttestedAtUnixMillis)));
        json.WriteString("decidedAt", Iso(e.Evidence.DecidedAt));
        json.WriteString("publicKey", e.PublicKey);
    }

    private static void WriteRecord(Utf8JsonWriter json, Explanation e)
    {
        var r = e.Record;
        json.WriteString("price", r.Price.ToString());
        json.WriteNumber("confidenceE8", r.ConfidenceE8);
        if (!r.Bid.IsNone) json.WriteString("bid", r.Bid.ToString());
        if (!r.Ask.IsNone) json.WriteString("ask", r.Ask.ToString());
        if (!r.Ema.IsNone) json.WriteString("ema", r.Ema.ToString());
        json.WriteString("observedAt", Iso(Instant.FromUnixTimeMilliseconds(r.ObservedAtUnixMillis)));
        json.WriteString("state", r.State.ToString());
        json.WriteString("reason", e.Evidence.Reason.ToString());
        json.WriteStartArray("holds");
        for (var bit = 1u; bit <= (uint)HoldReasons.Configuration; bit <<= 1)
            if (((uint)r.HoldReasons & bit) != 0)
                json.WriteStringValue(((HoldReasons)bit).ToString());
        json.WriteEndArray();
        json.WriteString("halt", r.HaltReason.ToString());
        json.WriteString("session", r.Session.ToString());
        json.WriteString("closed", r.ClosedReason.ToString());
        if (r.NextChangeAtUnixSeconds != 0) json.WriteString("nextChangeAt", Iso(Instant.FromUnixTimeSeconds(r.NextChangeAtUnixSeconds)));
        json.WriteString("calendarVersion", e.CalendarVersion);
        json.WriteString("calendar", e.Evidence.Calendar.ToString());
    }

    private static void WriteMultiplier(Utf8JsonWriter json, Explanation e)
    {
        if (e.Record.Token is not { } token) return;
        if (e.Feed.Unit == FeedUnit.IndicativeShare)
        {
            json.WriteString("anchor", token.Underlying.ToString());
            json.WriteString("anchorAt", Iso(Instant.FromUnixTimeSeconds(token.ActivationUnixSeconds)));
            return;
        }

        json.WriteString("multiplier", token.Multiplier.ToString());
        json.WriteString("underlying", token.Underlying.ToString());
        if (e.Evidence.Multiplier is { } read) json.WriteString("multiplierReadAt", Iso(read.ReadAt));
        if (!token.NextMultiplier.IsNone) json.WriteString("nextMultiplier", token.NextMultiplier.ToString());
        if (token.ActivationUnixSeconds != 0) json.WriteString("activation", Iso(Instant.FromUnixTimeSeconds(token.ActivationUnixSeconds)));
    }

    private static void WriteReserve(Utf8JsonWriter json, Explanation e)
    {
        if (e.Evidence.Reserve is not { } amounts) return;
        json.WriteString("backingE18", amounts.BackingE18.ToString(CultureInfo.InvariantCulture));
        json.WriteString("issuedE18", amounts.IssuedE18.ToString(CultureInfo.InvariantCulture));
        json.WriteString("measuredAt", Iso(amounts.MeasuredAt));
    }

    private static void WriteInput(Utf8JsonWriter json, Explanation e, in Pricing.InputVerdict input)
    {
        json.WriteStartObject();
        json.WriteNumber("place", input.Source.Index);
        if (input.Source.Index < e.SourceNames.Count)
        {
            json.WriteString("source", e.SourceNames[input.Source.Index]);
            json.WriteString("upstream", e.UpstreamNames[input.Source.Index]);
        }

        json.WriteString("reason", input.Reason.ToString());
        if (input.Kind != ObservationKind.None)
        {
            json.WriteString("kind", input.Kind.ToString());
            if (!input.Value.IsNone) json.WriteString("value", input.Value.ToString());
            if (!input.Bid.IsNone) json.WriteString("bid", input.Bid.ToString());
            if (!input.Ask.IsNone) json.WriteString("ask", input.Ask.ToString());
            json.WriteString("at", Iso(input.EventTime));
            json.WriteNumber("ageMillis", (long)(e.Evidence.DecidedAt - input.EventTime).TotalMilliseconds);
        }

        json.WriteEndObject();
    }

    private static void WriteChecks(Utf8JsonWriter json, Explanation e)
    {
        json.WriteStartObject("checks");
        json.WriteString("recordsRoot", e.Header.RecordsRoot.ToString());
        json.WriteBoolean("recordsRootMatches", e.RecordsMatch);
        json.WriteString("evidenceRoot", e.Header.EvidenceRoot.ToString());
        json.WriteBoolean("evidenceRootMatches", e.EvidenceMatches);
        json.WriteBoolean("signatureIsGood", e.SignatureIsGood);
        json.WriteBoolean("settingsMatch", e.SettingsMatch);
        json.WriteEndObject();
    }

    private static string Iso(Instant at) => InstantPattern.ExtendedIso.Format(at);
}
