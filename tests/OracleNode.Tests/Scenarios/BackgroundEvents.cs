using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace OracleNode.Scenarios;

/// <summary>
/// A regular stream of quotes or prints, as <c>background.json</c> describes it (the page for people is <c>README.md</c> beside this). No chance in it: the same
/// description gives the same lines.
/// </summary>
internal sealed record BackgroundEvents
{
    /// <summary>Unless said otherwise a source has an event this long after it happened, the second named 15 ms later than the first, and so on.</summary>
    private const int FirstLatencyMillis = 20;
    private const int NextLatencyMillis = 15;

    public string? Note { get; init; }
    public required IReadOnlyList<string> Sources { get; init; }
    public required IReadOnlyList<string> Symbols { get; init; }
    public required string From { get; init; }

    /// <summary>The end, itself not included.</summary>
    public required string To { get; init; }

    /// <summary>Seconds between two events of one source.</summary>
    public required decimal Every { get; init; }

    /// <summary>One price for the whole time.</summary>
    public decimal? Price { get; init; }

    /// <summary>Times and prices; between two the price moves evenly, before the first and after the last it stands.</summary>
    public IReadOnlyList<PathPoint> Path { get; init; } = [];

    /// <summary>From bid to ask; 1 bps when left out, and at least two price increments.</summary>
    public decimal SpreadBps { get; init; } = 1;

    /// <summary>Added to the price: how far this source is off.</summary>
    public decimal OffsetBps { get; init; }

    /// <summary>Multiplies the price: a vendor that got the unit wrong.</summary>
    public decimal Scale { get; init; } = 1;

    /// <summary>Up and down by so many bps from one event to the next, so that no value repeats.</summary>
    public decimal WiggleBps { get; init; }

    /// <summary>quote, trade or withdrawal (a quote without sides).</summary>
    public string Kind { get; init; } = "quote";

    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>How far the source's own clock is ahead.</summary>
    public decimal SkewMillis { get; init; }

    /// <summary>The source stamps everything with this moment.</summary>
    public string? Stamp { get; init; }

    /// <summary>From the event to the node, in milliseconds; left out: 20, 35, 50 and so on.</summary>
    public int? LatencyMillis { get; init; }

    /// <summary>The events, each with the time at which the node has it; not in order.</summary>
    public IEnumerable<(Instant Time, string Line)> Lines()
    {
        if (Price is null == (Path.Count == 0)) throw new JsonException($"A background has either a price or a path: {this}");
        var (from, to, every) = (Scenario.Time(From), Scenario.Time(To), Seconds(Every));
        for (var s = 0; s < Sources.Count; s++)
        {
            var latency = Duration.FromMilliseconds(LatencyMillis ?? FirstLatencyMillis + (s * NextLatencyMillis));
            var number = 0;
            for (var at = from; at < to; at += every, number++)
                foreach (var symbol in Symbols)
                    yield return (at + latency, Line(Sources[s], symbol, at, at + latency, number));
        }
    }

    private string Line(string source, string symbol, Instant at, Instant t, int number)
    {
        var stamp = Stamp is null ? at + Seconds(SkewMillis / 1000) : Scenario.Time(Stamp);
        var head = $"\"t\":\"{InstantPattern.ExtendedIso.Format(t)}\",\"at\":\"{InstantPattern.ExtendedIso.Format(stamp)}\",\"source\":\"{source}\",\"symbol\":\"{symbol}\"";
        if (Conditions.Count > 0) head += $",\"conditions\":[\"{string.Join("\",\"", Conditions)}\"]";
        var mid = MidAt(at) * Scale * (1 + ((OffsetBps + (number % 2 == 0 ? 0 : WiggleBps)) / 10_000));
        var increment = mid >= 1 ? 0.01m : mid >= 0.01m ? 0.0001m : 0.00000001m;
        var half = decimal.Max(mid * SpreadBps / 20_000, increment);
        return Kind switch
        {
            "quote" => $"{{{head},\"kind\":\"quote\",\"bid\":\"{Round(mid - half, increment)}\",\"ask\":\"{Round(mid + half, increment)}\",\"bidSize\":100,\"askSize\":100}}",
            "trade" => $"{{{head},\"kind\":\"trade\",\"price\":\"{Round(mid, increment)}\",\"size\":100}}",
            "withdrawal" => $"{{{head},\"kind\":\"quote\"}}",
            _ => throw new JsonException($"Kind = '{Kind}': must be quote, trade or withdrawal."),
        };
    }

    private decimal MidAt(Instant at)
    {
        if (Price is { } price) return price;
        var next = 0;
        while (next < Path.Count && Scenario.Time(Path[next].At) < at) next++;
        if (next == 0) return Path[0].Price;
        if (next == Path.Count) return Path[^1].Price;
        var (a, b) = (Scenario.Time(Path[next - 1].At), Scenario.Time(Path[next].At));
        var share = (decimal)(at - a).BclCompatibleTicks / (b - a).BclCompatibleTicks;
        return Path[next - 1].Price + ((Path[next].Price - Path[next - 1].Price) * share);
    }

    private static string Round(decimal price, decimal increment) =>
        (decimal.Round(price / increment) * increment).ToString("0.########", CultureInfo.InvariantCulture);

    private static Duration Seconds(decimal seconds) => Duration.FromTicks((long)(seconds * NodaConstants.TicksPerSecond));
}

/// <summary>A price at a time.</summary>
internal sealed record PathPoint
{
    public required string At { get; init; }
    public required decimal Price { get; init; }
}
