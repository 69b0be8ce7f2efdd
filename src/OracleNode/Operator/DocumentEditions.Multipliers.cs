using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Reserves;

namespace OracleNode.Operator;

/// <summary>Beside the editions: the multipliers by which custodians' statements are read, which must outlive a restart just as they do.</summary>
internal sealed partial class DocumentEditions
{
    private readonly Dictionary<string, SeenMultiplier> _multipliers = new(StringComparer.Ordinal);

    /// <summary>What was kept of a token; null when there is nothing.</summary>
    /// <param name="asset">The token, CAIP-19.</param>
    public SeenMultiplier? MultiplierOf(string asset)
    {
        lock (_gate) return _multipliers.GetValueOrDefault(asset);
    }

    /// <summary>Keeps a token's multiplier and its steps.</summary>
    /// <returns>Why it could not be written down; null when all is well.</returns>
    public string? KeepMultiplier(string asset, SeenMultiplier seen)
    {
        lock (_gate)
        {
            _multipliers[asset] = seen;
            return WriteDown_NeedsLock("a statement of before its last step would be read as one of after it");
        }
    }

    private void ReadMultipliers(JsonElement root)
    {
        // Not there in what was written before they were kept.
        if (!root.TryGetProperty("multipliers", out var multipliers)) return;
        foreach (var token in multipliers.EnumerateObject())
        {
            List<SeenStep> steps = [.. token.Value.GetProperty("steps").EnumerateArray().Select(s => new SeenStep(
                InstantPattern.ExtendedIso.Parse(s.GetProperty("at").GetString() ?? "").GetValueOrThrow(), MultiplierIn(s, "from", token.Name), MultiplierIn(s, "to", token.Name)))];
            _multipliers.Add(token.Name, new SeenMultiplier(MultiplierIn(token.Value, "current", token.Name), steps));
        }
    }

    private JsonObject WrittenMultipliers()
    {
        var written = new JsonObject();
        foreach (var (asset, seen) in _multipliers.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            written.Add(asset, new JsonObject
            {
                ["current"] = seen.Current.ToString(),
                ["steps"] = new JsonArray([.. seen.Steps.Select(s => new JsonObject { ["at"] = InstantPattern.ExtendedIso.Format(s.At), ["from"] = s.From.ToString(), ["to"] = s.To.ToString() })]),
            });
        }

        return written;
    }

    private static Multiplier MultiplierIn(JsonElement element, string key, string token) =>
        Multiplier.TryParse(Encoding.UTF8.GetBytes(element.GetProperty(key).GetString() ?? ""), out var multiplier) && !multiplier.IsNone
            ? multiplier
            : throw new FormatException($"the multiplier '{key}' of {token} is none.");
}
