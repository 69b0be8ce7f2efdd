namespace OracleNode.Pricing;

/// <summary>The smallest step in which a US equity may be quoted (SEC Rule 612 of Regulation NMS).</summary>
internal static class PriceIncrement
{
    private const long Dollar = Market.Price.One;

    /// <summary>One cent from one dollar on, a hundredth of a cent below; in 1e-8 units.</summary>
    public static long Of(long priceE8) => priceE8 >= Dollar ? Dollar / 100 : Dollar / 10_000;
}
