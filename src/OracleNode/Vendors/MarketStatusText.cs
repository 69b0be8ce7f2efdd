using System.Text;
using System.Text.Json;
using NodaTime;

namespace OracleNode.Vendors;

/// <summary>Fields of a market status answer, whatever a vendor puts into them.</summary>
internal static class MarketStatusText
{
    private const int MaxTextLength = 64;

    /// <summary>A short string; null when it is none.</summary>
    public static string? Of(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String || value.GetRawText().Length > MaxTextLength) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair as an escape.
            return null;
        }
    }

    /// <summary>True when it is there and true.</summary>
    public static bool Is(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>An RFC 3339 time.</summary>
    public static bool TryTime(JsonElement root, string name, out Instant at)
    {
        at = default;
        return Of(root, name) is { } text && Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out at);
    }
}
