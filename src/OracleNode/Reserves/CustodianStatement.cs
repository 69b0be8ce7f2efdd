using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using OracleNode.Operator;
using OracleNode.Vendors;

namespace OracleNode.Reserves;

/// <summary>
/// What a custodian attests: <c>{"custodian","measuredAt","validUntil","holdings":[{"issue","shares"}, ...],"note"}</c>. The format for people is in
/// <c>README.md</c> beside this.
/// </summary>
/// <param name="Custodian">Who attests.</param>
/// <param name="MeasuredAt">When it held so much.</param>
/// <param name="ValidUntil">From when it tells nothing any more; null when it does not say.</param>
/// <param name="SharesE18">By issue: shares in custody, scaled by 1e18.</param>
internal sealed record CustodianStatement(string Custodian, Instant MeasuredAt, Instant? ValidUntil, FrozenDictionary<string, UInt128> SharesE18)
{
    /// <summary>Most issues in a statement.</summary>
    public const int MaxHoldings = 4096;

    private const int MaxNameLength = 64;
    private const int MaxNoteLength = 200;

    /// <summary>Reads a statement strictly.</summary>
    /// <exception cref="DocumentException">It is none; the message says where and what would be right.</exception>
    public static CustodianStatement Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = 4 });
            var members = Members(document.RootElement, "the document", "custodian", "measuredAt", "validUntil", "holdings", "note");
            Text(members, "the document", "note", MaxNoteLength, required: false);
            var measuredAt = Time(members, "measuredAt") ?? throw new DocumentException("the document needs 'measuredAt'");
            var validUntil = Time(members, "validUntil");
            if (validUntil <= measuredAt) throw new DocumentException($"validUntil = '{validUntil}': must be after measuredAt '{measuredAt}'");
            return new CustodianStatement(Text(members, "the document", "custodian", MaxNameLength, required: true), measuredAt, validUntil, Holdings(members));
        }
        catch (JsonException e)
        {
            throw new DocumentException($"it is not JSON: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            // Half of a surrogate pair as an escape: well-formed JSON, and no text.
            throw new DocumentException($"it holds what is no text: {e.Message}");
        }
    }

    private static FrozenDictionary<string, UInt128> Holdings(Dictionary<string, JsonElement> members)
    {
        if (!members.TryGetValue("holdings", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxHoldings)
            throw new DocumentException($"'holdings' must be a list of 1 to {MaxHoldings}");
        var holdings = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        foreach (var element in list.EnumerateArray())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"holdings[{holdings.Count}]");
            var holding = Members(element, path, "issue", "shares");
            var issue = Text(holding, path, "issue", MaxNameLength, required: true);
            if (!holding.TryGetValue("shares", out var value)) throw new DocumentException($"{path} needs 'shares'");
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || !Multiplier.TryParse(Encoding.UTF8.GetBytes(text), out var shares))
                throw new DocumentException($"{path}.shares = '{(text.Length > 80 ? text[..80] : text)}': must be a plain number of shares with at most 18 decimals");
            if (!holdings.TryAdd(issue, shares.E18)) throw new DocumentException($"{path}.issue = '{issue}': occurs twice");
        }

        return holdings.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string Text(Dictionary<string, JsonElement> members, string path, string key, int most, bool required)
    {
        if (!members.TryGetValue(key, out var value) || value.ValueKind == JsonValueKind.Null) return required ? throw new DocumentException($"{path} needs '{key}'") : "";
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new DocumentException($"{path}.{key} must be a string");
        return text.Length <= most && (text.Length > 0 || !required) && !text.Any(char.IsControl)
            ? text
            : throw new DocumentException(string.Create(CultureInfo.InvariantCulture, $"{path}.{key} must have 1 to {most} characters, none of them a control character"));
    }

    private static Instant? Time(Dictionary<string, JsonElement> members, string key)
    {
        var text = Text(members, "the document", key, MaxNameLength, required: false);
        if (text.Length == 0) return null;
        return Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var at) ? at : throw new DocumentException($"{key} = '{text}': must be a time like 2026-06-10T00:00:00Z");
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new DocumentException($"{path} must be an object");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name)) throw new DocumentException($"{path} has no '{member.Name}'; it may have {string.Join(", ", known!)}");
            if (!members.TryAdd(member.Name, member.Value)) throw new DocumentException($"{path}.{member.Name} occurs twice");
        }

        return members;
    }
}
