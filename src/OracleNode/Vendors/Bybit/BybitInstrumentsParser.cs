using System.Text.Json;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Bybit;

/// <summary>Bybit's answer to <c>/v5/market/instruments-info</c>: status and multiplier of each pair.</summary>
internal static class BybitInstrumentsParser
{
    /// <summary>Reads an answer. Never throws.</summary>
    /// <param name="json">The page.</param>
    /// <param name="index">The pairs by their symbols.</param>
    /// <param name="instruments">By pair; what is not listed, or listed in a way that is not understood, is not trading.</param>
    /// <returns>False when it is no such answer, or a refusal.</returns>
    public static bool TryParse(ReadOnlySpan<byte> json, SymbolTable index, out BybitInstrument[] instruments)
    {
        instruments = new BybitInstrument[index.Count];
        try
        {
            var code = default(JsonValue);
            var result = default(JsonValue);
            var root = JsonWalk.Object(json);
            var single = true;
            while (root.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("retCode"u8)) single &= JsonWalk.Take(ref code, in value);
                else if (name.SequenceEqual("result"u8)) single &= JsonWalk.Take(ref result, in value);
            }

            if (!single || !code.IsNumber || !code.Text.SequenceEqual("0"u8) || !result.IsObject) return false;
            var list = default(JsonValue);
            var parts = JsonWalk.Object(result.Text);
            while (parts.NextField(out var name, out var value))
                if (name.SequenceEqual("list"u8) && !JsonWalk.Take(ref list, in value))
                    return false;
            if (!list.IsArray) return false;
            var items = JsonWalk.Array(list.Text);
            while (items.NextItem(out var item))
                if (item.IsObject)
                    Read(item.Text, index, instruments);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Read(ReadOnlySpan<byte> text, SymbolTable index, BybitInstrument[] instruments)
    {
        var symbol = default(JsonValue);
        var status = default(JsonValue);
        var stated = default(JsonValue);
        var fields = JsonWalk.Object(text);
        var single = true;
        while (fields.NextField(out var name, out var value))
        {
            if (name.SequenceEqual("symbol"u8)) single &= JsonWalk.Take(ref symbol, in value);
            else if (name.SequenceEqual("status"u8)) single &= JsonWalk.Take(ref status, in value);
            else if (name.SequenceEqual("xstockMultiplier"u8)) single &= JsonWalk.Take(ref stated, in value);
        }

        if (!symbol.IsPlainString || !index.TryFind(symbol.Text, out var place)) return;
        var multiplier = default(Multiplier);
        var isStated = stated.IsPlainString && Multiplier.TryParse(stated.Text, out multiplier) && !multiplier.IsNone;
        instruments[place.Index] = new BybitInstrument(
            single && status.IsPlainString && status.Text.SequenceEqual("Trading"u8) && (isStated || stated.IsAbsent), isStated ? multiplier : default);
    }
}
