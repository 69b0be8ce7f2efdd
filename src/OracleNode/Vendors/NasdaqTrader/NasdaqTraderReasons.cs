using OracleNode.Market;

namespace OracleNode.Vendors.NasdaqTrader;

/// <summary>Nasdaq Trader's trade halt codes (nasdaqtrader.com/trader.aspx?id=TradeHaltCodes), reduced to the reasons on chain.</summary>
internal static class NasdaqTraderReasons
{
    /// <summary>The row takes the halt back.</summary>
    public const string Deleted = "D";

    /// <summary>Why it is halted. Codes of a resumption name the halt that they end, since it stands until the resumption's time has come.</summary>
    public static HaltReason Of(string code) => code switch
    {
        "T1" or "T2" or "T3" or "T12" or "C3" => HaltReason.News,
        "LUDP" or "LUDS" or "M" or "T5" or "T7" => HaltReason.VolatilityPause,
        "H4" or "H9" or "H10" or "H11" or "T6" or "R4" or "R9" or "C4" or "C9" or "C11" => HaltReason.Regulatory,
        "MWC1" or "MWCQ" => HaltReason.MarketWide1,
        "MWC2" => HaltReason.MarketWide2,

        // Carried over from the day before: only the third level closes a day.
        "MWC3" or "MWC0" => HaltReason.MarketWide3,

        // Halts that are the listing market's own trouble: the other venues trade on.
        "O1" or "M2" => HaltReason.Venue,

        // T8 (fund), M1 (corporate action), IPO1, IPOQ, IPOE, R1, R2, and what is new: a halt whose reason is not known is a halt.
        _ => HaltReason.Other,
    };
}
