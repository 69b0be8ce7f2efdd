using OracleNode.MarketData;

namespace OracleNode.VendorServers.Massive;

/// <summary>Massive's numbers for exchanges and conditions (its /v3/reference/exchanges and /v3/reference/conditions).</summary>
internal static class MassiveCodes
{
    public const int LimitHalt = 17;
    public const int LimitResume = 18;

    /// <summary>Nasdaq's facility in Carteret.</summary>
    public const int TradeReportingFacility = 202;

    private static readonly (PrintConditions Condition, int Id)[] Ids =
    [
        (PrintConditions.AveragePrice, 2),
        (PrintConditions.Cash, 7),
        (PrintConditions.ClosingPrint, 8),
        (PrintConditions.Cross, 9),
        (PrintConditions.DerivativelyPriced, 10),
        (PrintConditions.ExtendedHours, 12),
        (PrintConditions.IntermarketSweep, 14),
        (PrintConditions.OfficialClose, 15),
        (PrintConditions.OfficialOpen, 16),
        (PrintConditions.NextDay, 20),
        (PrintConditions.PriceVariation, 21),
        (PrintConditions.PriorReferencePrice, 22),
        (PrintConditions.OpeningPrint, 25),
        (PrintConditions.Seller, 29),
        (PrintConditions.SoldLast, 30),
        (PrintConditions.OutOfSequence, 32),
        (PrintConditions.StockOption, 35),
        (PrintConditions.OddLot, 37),
        (PrintConditions.Other, 53),
    ];

    /// <summary>The id of a market from its SIP letter; 0 for a letter that has none.</summary>
    public static int Exchange(char venue) => venue switch
    {
        'A' => 1,
        'B' => 2,
        'C' => 3,
        'D' => 4,
        'I' => 6,
        'J' => 7,
        'K' => 8,
        'M' => 9,
        'N' => 10,
        'P' => 11,
        'Q' => 12,
        'L' => 14,
        'V' => 15,
        'W' => 16,
        'X' => 17,
        'Y' => 18,
        'Z' => 19,
        'H' => 20,
        'U' => 21,
        _ => 0,
    };

    /// <summary>The ids of a print's conditions. Late in extended hours is one condition of its own.</summary>
    public static IEnumerable<int> Conditions(PrintConditions conditions)
    {
        const PrintConditions lateInExtendedHours = PrintConditions.OutOfSequence | PrintConditions.ExtendedHours;
        if ((conditions & lateInExtendedHours) == lateInExtendedHours)
        {
            conditions &= ~lateInExtendedHours;
            yield return 13;
        }

        foreach (var (condition, id) in Ids)
        {
            if ((conditions & condition) != 0) yield return id;
        }
    }
}
