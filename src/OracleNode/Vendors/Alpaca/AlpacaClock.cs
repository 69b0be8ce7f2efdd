using System.Text.Json;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Alpaca;

/// <summary>Alpaca's <c>/v2/clock</c>: whether the regular session runs, and nothing else.</summary>
internal static class AlpacaClock
{
    /// <summary>Reads an answer; false when it is not one.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, out SessionClaims claims, out Instant at)
    {
        (claims, at) = (SessionClaims.None, default);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !MarketStatusText.TryTime(root, "timestamp", out at)) return false;
            if (!root.TryGetProperty("is_open", out var open) || open.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return false;
            claims = open.GetBoolean() ? SessionClaims.Regular : SessionClaims.NotRegular;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
