using OracleNode.Market;
using OracleNode.MarketData;

namespace OracleNode.VendorServers;

/// <summary>
/// The letters of the two tapes for sale conditions, statuses and reasons (CTS for A and B, UTP for C). The same letter means
/// different things on them.
/// </summary>
internal static class TapeCodes
{
    /// <summary>A print's sale condition letters: settlement first (blank on CTS, @ on UTP), then what else holds.</summary>
    public static IEnumerable<char> SaleConditions(PrintConditions conditions, Tape tape)
    {
        const PrintConditions settlement = PrintConditions.Cash | PrintConditions.NextDay | PrintConditions.Seller;
        const PrintConditions lateInExtendedHours = PrintConditions.OutOfSequence | PrintConditions.ExtendedHours;
        var utp = tape == Tape.C;

        if ((conditions & settlement) == 0) yield return utp ? '@' : ' ';
        if ((conditions & PrintConditions.Cash) != 0) yield return 'C';
        if ((conditions & PrintConditions.NextDay) != 0) yield return 'N';
        if ((conditions & PrintConditions.Seller) != 0) yield return 'R';

        if ((conditions & PrintConditions.IntermarketSweep) != 0) yield return 'F';
        if ((conditions & PrintConditions.OpeningPrint) != 0) yield return 'O';
        if ((conditions & PrintConditions.ClosingPrint) != 0) yield return '6';
        if ((conditions & PrintConditions.DerivativelyPriced) != 0) yield return '4';

        if ((conditions & lateInExtendedHours) == lateInExtendedHours) yield return 'U';
        else if ((conditions & PrintConditions.ExtendedHours) != 0) yield return 'T';
        else if ((conditions & PrintConditions.OutOfSequence) != 0) yield return 'Z';
        if ((conditions & PrintConditions.SoldLast) != 0) yield return 'L';

        if ((conditions & PrintConditions.OddLot) != 0) yield return 'I';
        if ((conditions & PrintConditions.AveragePrice) != 0) yield return utp ? 'W' : 'B';
        if ((conditions & PrintConditions.PriorReferencePrice) != 0) yield return 'P';
        if ((conditions & PrintConditions.PriceVariation) != 0) yield return 'H';
        if ((conditions & PrintConditions.Cross) != 0) yield return 'X';
        if ((conditions & PrintConditions.OfficialOpen) != 0) yield return 'Q';
        if ((conditions & PrintConditions.OfficialClose) != 0) yield return 'M';
        // Neither has a letter on both tapes; V, contingent, may not set a last price either.
        if ((conditions & (PrintConditions.StockOption | PrintConditions.Other)) != 0) yield return 'V';
    }

    /// <summary>Status code and reason code, each with its words.</summary>
    public static (string Code, string Message, string Reason, string ReasonMessage) Status(HaltReason halt, Tape tape) =>
        tape == Tape.C ? UtpStatus(halt) : CtsStatus(halt);

    private static (string Code, string Message, string Reason, string ReasonMessage) UtpStatus(HaltReason halt) => halt switch
    {
        HaltReason.None => ("T", "Trading Resumption", "T3", "News and Resumption Times"),
        HaltReason.VolatilityPause => ("P", "Volatility Trading Pause", "LUDP", "Volatility Trading Pause"),
        HaltReason.MarketWide1 => ("H", "Trading Halt", "MWC1", "Market Wide Circuit Breaker Halt - Level 1"),
        HaltReason.MarketWide2 => ("H", "Trading Halt", "MWC2", "Market Wide Circuit Breaker Halt - Level 2"),
        HaltReason.MarketWide3 => ("H", "Trading Halt", "MWC3", "Market Wide Circuit Breaker Halt - Level 3"),
        HaltReason.News => ("H", "Trading Halt", "T1", "Halt News Pending"),
        HaltReason.Regulatory => ("H", "Trading Halt", "H11", "Halt Regulatory Concern"),
        HaltReason.Venue => ("H", "Trading Halt", "O1", "Operations Halt"),
        _ => ("H", "Trading Halt", "T12", "Trading Halted; For information requested by NASDAQ"),
    };

    private static (string Code, string Message, string Reason, string ReasonMessage) CtsStatus(HaltReason halt) => halt switch
    {
        HaltReason.None => ("3", "Resume", " ", "Not Applicable"),
        HaltReason.VolatilityPause => ("2", "Trading Halt", "M", "Limit Up-Limit Down (LULD) Trading Pause"),
        HaltReason.MarketWide1 => ("2", "Trading Halt", "1", "Market-Wide Circuit Breaker Level 1 - Breached"),
        HaltReason.MarketWide2 => ("2", "Trading Halt", "2", "Market-Wide Circuit Breaker Level 2 - Breached"),
        HaltReason.MarketWide3 => ("2", "Trading Halt", "3", "Market-Wide Circuit Breaker Level 3 - Breached"),
        HaltReason.News => ("2", "Trading Halt", "P", "News Pending"),
        // The tape knows no further reasons that fit: what else stops a market there is operational.
        _ => ("2", "Trading Halt", "X", "Operational"),
    };
}
