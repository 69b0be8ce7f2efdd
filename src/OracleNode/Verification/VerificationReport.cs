using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OracleNode.Verification;

/// <summary>What was verified and what came of it, for a person or as JSON.</summary>
/// <param name="Subject">What was verified, in a few words.</param>
/// <param name="Facts">What was found, by name.</param>
/// <param name="Records">The records, field by field.</param>
/// <param name="Checks">Every check; it is verified when all hold.</param>
internal sealed record VerificationReport(string Subject, IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<ReportedRecord> Records, IReadOnlyList<Check> Checks)
{
    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True when there is something to verify and every check holds.</summary>
    public bool Verified => Checks.Count > 0 && Checks.All(c => c.Holds);

    /// <summary>For a person.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(Subject).Append(": ").AppendLine(Verified ? "VERIFIED" : "NOT VERIFIED").AppendLine();
        var width = Facts.Select(f => f.Name.Length).DefaultIfEmpty().Max();
        foreach (var (name, value) in Facts) text.Append("  ").Append(name.PadRight(width)).Append("  ").AppendLine(value);
        foreach (var record in Records)
        {
            text.AppendLine().AppendLine(record.Title);
            var names = record.Fields.Max(f => f.Name.Length);
            var values = record.Fields.Max(f => f.Value.Length);
            foreach (var (name, value, meaning) in record.Fields) text.Append("  ").Append(name.PadRight(names)).Append("  ").Append(value.PadRight(values)).Append("  ").AppendLine(meaning);
        }

        text.AppendLine().AppendLine("checks");
        foreach (var check in Checks) text.Append("  ").Append(check.Holds ? "ok    " : "FAILED").Append("  ").Append(check.Name).Append(": ").AppendLine(check.Detail);
        return text.ToString();
    }

    /// <summary>For a program: <c>verified</c>, <c>facts</c>, <c>records</c> and <c>checks</c>.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("subject", Subject);
            json.WriteBoolean("verified", Verified);
            json.WriteStartObject("facts");
            foreach (var (name, value) in Facts) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteStartArray("records");
            foreach (var record in Records)
            {
                json.WriteStartObject();
                json.WriteString("title", record.Title);
                json.WriteStartObject("fields");
                foreach (var (name, value, meaning) in record.Fields)
                {
                    json.WriteStartObject(name);
                    json.WriteString("value", value);
                    json.WriteString("meaning", meaning);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("checks");
            foreach (var check in Checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                json.WriteBoolean("holds", check.Holds);
                json.WriteString("detail", check.Detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

/// <summary>One record of a report.</summary>
internal sealed record ReportedRecord(string Title, IReadOnlyList<(string Name, string Value, string Meaning)> Fields);
