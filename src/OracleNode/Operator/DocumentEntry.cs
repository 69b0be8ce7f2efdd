using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors;

namespace OracleNode.Operator;

/// <summary>One object of a signed document, read strictly: what is missing, unknown, twice or of another type is an error that names its place.</summary>
internal readonly struct DocumentEntry
{
    /// <summary>Most characters of a name.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Most characters of what is for people.</summary>
    public const int MaxTextLength = 200;

    private readonly Dictionary<string, JsonElement> _members;

    /// <param name="element">The object.</param>
    /// <param name="path">Its place in the document, for errors.</param>
    /// <param name="known">Every key it may have.</param>
    /// <exception cref="DocumentException">It is none, or has another key.</exception>
    public DocumentEntry(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        Path = path;
        _members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (element.ValueKind != JsonValueKind.Object) throw new DocumentException($"{path} must be an object");
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name)) throw new DocumentException($"{path} has no '{Shown(member.Name)}'; it may have {string.Join(", ", known!)}");
            if (!_members.TryAdd(member.Name, member.Value)) throw new DocumentException($"{path}.{member.Name} occurs twice");
        }
    }

    /// <summary>Its place in the document.</summary>
    public string Path { get; }

    /// <summary>
    /// Reads a document that is a list with a time of issue: <c>{"issuedAt": TIME, "LIST": [{...}, ...]}</c>.
    /// </summary>
    /// <param name="file">The document.</param>
    /// <param name="list">Name of the list.</param>
    /// <param name="most">Most entries.</param>
    /// <param name="read">Reads an entry at a place.</param>
    /// <exception cref="DocumentException">It is malformed.</exception>
    public static (Instant IssuedAt, IReadOnlyList<T> Entries) ReadList<T>(ReadOnlyMemory<byte> file, string list, int most, Func<JsonElement, string, T> read)
    {
        return Read(file, root =>
        {
            var document = new DocumentEntry(root, "the document", "issuedAt", list);
            var issuedAt = document.Time("issuedAt") ?? throw new DocumentException("the document needs 'issuedAt', the time at which it is signed, such as 2026-06-10T14:00:00Z");
            return (issuedAt, document.List(list, most, read));
        });
    }

    /// <summary>Reads a document.</summary>
    /// <param name="file">The document.</param>
    /// <param name="read">Reads its root.</param>
    /// <exception cref="DocumentException">It is malformed.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> file, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = 8 });
            return read(json.RootElement);
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

    /// <summary>True when the key is there and not null.</summary>
    public bool Has(string key) => _members.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A list that must be there, read entry by entry.</summary>
    public IReadOnlyList<T> List<T>(string key, int most, Func<JsonElement, string, T> read)
    {
        if (!_members.TryGetValue(key, out var array)) throw new DocumentException($"{Path} needs '{key}'");
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > most) throw new DocumentException($"'{key}' must be a list of at most {most}");
        var entries = new List<T>();
        foreach (var element in array.EnumerateArray()) entries.Add(read(element, string.Create(CultureInfo.InvariantCulture, $"{key}[{entries.Count}]")));
        return entries;
    }

    /// <summary>A plain number of at least 0 that must be there, with at most 18 decimals, as a string or a number; scaled by 1e18.</summary>
    public UInt128 E18(string key)
    {
        if (!Has(key)) throw new DocumentException($"{Path}: '{key}' is missing");
        var value = _members[key];
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number && Multiplier.TryParse(Encoding.UTF8.GetBytes(text), out var number)
            ? number.E18
            : throw Wrong(key, text, "a plain number with at most 18 decimals");
    }

    /// <summary>A text that must be there.</summary>
    public string Text(string key, int most) => Has(key) ? TextOrEmpty(key, most) : throw new DocumentException($"{Path}: '{key}' is missing");

    /// <summary>A text; empty when it is not there.</summary>
    public string TextOrEmpty(string key, int most)
    {
        if (!Has(key)) return "";
        var value = _members[key];
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, value.GetRawText(), "a string");
        return text.Length > 0 && text.Length <= most && !text.Any(char.IsControl) ? text : throw Wrong(key, text, $"1 to {most} characters, none of them a control character");
    }

    /// <summary>A time; null when it is not there.</summary>
    public Instant? Time(string key)
    {
        var text = TextOrEmpty(key, MaxNameLength);
        if (text.Length == 0) return null;
        return Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var at) ? at : throw Wrong(key, text, "a time like 2026-06-10T14:00:00Z");
    }

    /// <summary>A New York date that must be there.</summary>
    public LocalDate Date(string key)
    {
        var text = Text(key, MaxNameLength);
        return NodaTime.Text.LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date) && date.Year is >= 1900 and <= 2200 ? date : throw Wrong(key, text, "a date like 2026-06-10");
    }

    /// <summary>A positive price with at most 8 decimals, as a string or a number.</summary>
    public Price Price(string key)
    {
        var value = _members[key];
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return Market.Price.TryParse(Encoding.UTF8.GetBytes(text), out var price, out var error) ? price : throw Wrong(key, text, $"a positive price with at most 8 decimals ({error})");
    }

    /// <summary>A whole number of at least 1 that must be there.</summary>
    public long Count(string key, long most)
    {
        if (!Has(key)) throw new DocumentException($"{Path}: '{key}' is missing");
        var value = _members[key];
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 1 && count <= most
            ? count
            : throw Wrong(key, value.GetRawText(), string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {most}"));
    }

    /// <summary>True or false; false when it is not there.</summary>
    public bool Flag(string key)
    {
        if (!Has(key)) return false;
        var value = _members[key];
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value.GetRawText(), "true or false");
    }

    /// <summary>The member of an enumeration that must be there; its first is none.</summary>
    public T Member<T>(string key) where T : struct, Enum
    {
        var text = Text(key, MaxNameLength);
        return Enum.TryParse<T>(text, ignoreCase: false, out var member) && !member.Equals(default(T)) && member.ToString() == text
            ? member
            : throw Wrong(key, text, "one of " + string.Join(", ", Enum.GetNames<T>().Skip(1)));
    }

    /// <summary>An error in a key's value.</summary>
    public DocumentException Wrong(string key, string value, string right) => new($"{Path}.{key} = '{Shown(value)}': must be {right}");

    private static string Shown(string value) => value.Length > 80 ? value[..80] : value;
}
