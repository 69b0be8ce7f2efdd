using OracleNode.MarketData;

namespace OracleNode.VendorServers;

/// <summary>A book made around a best bid and ask: evenly spaced levels, each with a quantity that belongs to its price. The same quote gives the same book.</summary>
internal sealed record LadderBook(IReadOnlyList<(decimal Price, decimal Quantity)> Bids, IReadOnlyList<(decimal Price, decimal Quantity)> Asks)
{
    /// <summary>The book of a quote.</summary>
    /// <param name="quote">The best of both sides.</param>
    /// <param name="faults">Lies that the venue tells.</param>
    /// <param name="levels">How many on each side.</param>
    public static LadderBook Of(in MarketEvent quote, VendorFaults faults, int levels) =>
        new(Side(faults.Told(quote.Bid), levels, -1), Side(faults.Told(quote.Ask), levels, 1));

    /// <summary>What must be said so that a reader who keeps as many levels gets from one side to another: gone levels as 0, but none that only fell out of sight.</summary>
    public static IReadOnlyList<(decimal Price, decimal Quantity)> Changes(
        IReadOnlyList<(decimal Price, decimal Quantity)> before, IReadOnlyList<(decimal Price, decimal Quantity)> after, bool isBid)
    {
        var worst = after.Count == 0 ? (decimal?)null : after[^1].Price;
        var changes = new List<(decimal, decimal)>();
        foreach (var (price, _) in before)
        {
            var isInSight = worst is null || (isBid ? price >= worst : price <= worst);
            if (isInSight && after.All(l => l.Price != price)) changes.Add((price, 0));
        }

        changes.AddRange(after.Where(l => !before.Contains(l)));
        return changes;
    }

    private static List<(decimal Price, decimal Quantity)> Side(decimal? best, int levels, int direction)
    {
        var side = new List<(decimal, decimal)>();
        if (best is not { } from) return side;
        var tick = from < 10 ? 0.0001m : 0.01m;
        for (var i = 0; i < levels; i++)
        {
            var price = decimal.Round(from + (direction * i * tick), 8);
            if (price <= 0) break;
            side.Add((price, 0.5m + ((long)(price / tick) * 7919 % 1000 / 100m)));
        }

        return side;
    }
}
