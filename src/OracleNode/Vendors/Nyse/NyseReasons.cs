using OracleNode.Market;

namespace OracleNode.Vendors.Nyse;

/// <summary>NYSE's reasons, which are English words, reduced to the reasons on chain.</summary>
internal static class NyseReasons
{
    /// <summary>Why it is halted; what is not known is <see cref="HaltReason.Other"/>.</summary>
    public static HaltReason Of(string words)
    {
        if (Has("market wide") || Has("market-wide") || Has("MWCB") || Has("circuit breaker"))
            return Has("3") ? HaltReason.MarketWide3 : Has("2") ? HaltReason.MarketWide2 : HaltReason.MarketWide1;
        if (Has("LULD") || Has("volatility") || Has("limit up")) return HaltReason.VolatilityPause;
        if (Has("news") || Has("additional information")) return HaltReason.News;
        if (Has("regulat") || Has("SEC ") || Has("compliance") || Has("filing")) return HaltReason.Regulatory;

        // The exchange's own trouble: the other venues trade on.
        return Has("operational") || Has("imbalance") || Has("equipment") || Has("sub-penny") ? HaltReason.Venue : HaltReason.Other;

        bool Has(string word) => words.Contains(word, StringComparison.OrdinalIgnoreCase);
    }
}
