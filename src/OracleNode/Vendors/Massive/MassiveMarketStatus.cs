using System.Text.Json;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Massive;

/// <summary>
/// Massive's <c>/v1/marketstatus/now</c>: <c>open</c>, <c>closed</c> or <c>extended-hours</c> with <c>earlyHours</c> and <c>afterHours</c>. It knows no overnight session, so its
/// <c>closed</c> leaves that possible.
/// </summary>
internal static class MassiveMarketStatus
{
    /// <summary>Reads an answer; false when it is not one.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, out SessionClaims claims, out Instant at)
    {
        (claims, at) = (SessionClaims.None, default);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || MarketStatusText.Of(root, "market") is not { } market || !MarketStatusText.TryTime(root, "serverTime", out at)) return false;
            claims = market switch
            {
                "open" => SessionClaims.Regular,
                "closed" => SessionClaims.Closed | SessionClaims.Overnight,
                "extended-hours" => (MarketStatusText.Is(root, "earlyHours"), MarketStatusText.Is(root, "afterHours")) switch
                {
                    (true, false) => SessionClaims.PreMarket,
                    (false, true) => SessionClaims.PostMarket,
                    _ => SessionClaims.ExtendedHours,
                },
                _ => SessionClaims.None,
            };
            return claims != SessionClaims.None;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
