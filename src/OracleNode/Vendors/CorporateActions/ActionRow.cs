using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;

namespace OracleNode.Vendors.CorporateActions;

/// <summary>A row of a vendor's list is not as the vendor documents it; the message says in what.</summary>
internal sealed class ActionRowException(string message) : Exception(message);

/// <summary>One object of a vendor's list, whatever it puts into it. Numbers are taken as their text, in JSON numbers and in strings alike.</summary>
internal readonly struct ActionRow(JsonElement element)
{
    /// <summary>Deeper nesting is no list of corporate actions.</summary>
    public static readonly JsonDocumentOptions Json = new() { MaxDepth = 8 };

    private const int MaxTextLength = 128;

    /// <summary>A text that must be there.</summary>
    /// <exception cref="ActionRowException">It is not.</exception>
    public string Text(string key) => TextOrNull(key) ?? throw new ActionRowException($"'{key}' is missing or no short text");

    /// <summary>A text; null when it is not there, not a string, empty, too long or not printable.</summary>
    public string? TextOrNull(string key)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            var text = value.GetString()!;
            return text.Length is > 0 and <= MaxTextLength && !text.Any(char.IsControl) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair as an escape.
            return null;
        }
    }

    /// <summary>The text of a number that must be there.</summary>
    /// <exception cref="ActionRowException">It is not.</exception>
    public string Number(string key)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.GetRawText() is { Length: <= MaxTextLength } raw) return raw;
        return Text(key);
    }

    /// <summary>True when the key is there and not null.</summary>
    public bool Has(string key) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>An ISO date that must be there, under the first of the keys that is.</summary>
    /// <exception cref="ActionRowException">It is not.</exception>
    public LocalDate Date(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!Has(key)) continue;
            return LocalDatePattern.Iso.Parse(Text(key)).TryGetValue(default, out var date) && date.Year is >= 1900 and <= 2200 ? date : throw new ActionRowException($"'{key}' is no date");
        }

        throw new ActionRowException($"'{keys[0]}' is missing");
    }

    /// <summary>An RFC 3339 time that must be there.</summary>
    /// <exception cref="ActionRowException">It is not.</exception>
    public Instant Time(string key) => Rfc3339.TryParse(Encoding.UTF8.GetBytes(Text(key)), out var at) && at.InUtc().Year is >= 1900 and <= 2200 ? at : throw new ActionRowException($"'{key}' is no time");

    /// <summary>A positive amount that must be there, exact to 8 decimals.</summary>
    /// <exception cref="ActionRowException">It is not.</exception>
    public Price Cash(string key)
    {
        var text = Number(key);
        return Price.TryParse(Encoding.UTF8.GetBytes(text), out var price, out var error) ? price : throw new ActionRowException($"'{key}' is '{text}': {error}");
    }

    /// <summary>A ratio that must be there, exact.</summary>
    /// <exception cref="ActionRowException">It is not.</exception>
    public ShareRatio Ratio(string newKey, string oldKey)
    {
        var (after, before) = (Number(newKey), Number(oldKey));
        return RateText.TryRatio(after, before, out var ratio) ? ratio : throw new ActionRowException($"'{newKey}' and '{oldKey}' are '{after}' and '{before}': no ratio");
    }

    /// <summary>Shares that come on top of each one, which must be there, exact.</summary>
    /// <exception cref="ActionRowException">They are not.</exception>
    public ShareRatio OnTop(string key)
    {
        var rate = Number(key);
        return RateText.TryOnTop(rate, out var ratio) ? ratio : throw new ActionRowException($"'{key}' is '{rate}': no ratio");
    }

    /// <summary>Reads every object of a list; one that is not understood is a problem and no more.</summary>
    public static void ReadAll(JsonElement list, string name, Func<ActionRow, VendorAction?> read, List<VendorAction> actions, List<string> problems)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            problems.Add($"{name} is no list");
            return;
        }

        foreach (var row in list.EnumerateArray())
        {
            try
            {
                if (read(new ActionRow(row)) is { } action) actions.Add(action);
            }
            catch (ActionRowException e)
            {
                problems.Add($"{name}: {e.Message}");
            }
        }
    }
}
