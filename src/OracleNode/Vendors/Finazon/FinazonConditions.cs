using OracleNode.Market;
using OracleNode.Vendors.Finazon.Wire;

namespace OracleNode.Vendors.Finazon;

/// <summary>Finazon's <c>sales_conditions</c>: the tapes' letters in one string. How it separates them is not documented.</summary>
internal static class FinazonConditions
{
    /// <summary>
    /// What the string says: every letter counts, separators do not. Empty means a regular print, as on the tape. Anything
    /// that is neither letter, digit nor separator is an unknown code, so the print does not vote.
    /// </summary>
    public static ConditionFlags Read(string? conditions, SipTape tape)
    {
        var flags = ConditionFlags.None;
        foreach (var c in conditions ?? string.Empty)
        {
            if (c is ',' or ';' or '|' or ' ') continue;
            flags |= c < 0x80 ? SipSaleConditions.FlagsOf((byte)c, tape) : ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode;
        }

        return flags;
    }

    /// <summary>The conditions, with an auction's marks only where tape and market centre are letters that name the listing market.</summary>
    public static ConditionFlags KeepAuctions(ConditionFlags conditions, SipTradesItem trade)
    {
        if (trade.Topic is not { Length: 1 } || trade.MarketCenter is not { Length: 1 } || trade.Topic[0] > 0x7F || trade.MarketCenter[0] > 0x7F)
            return ListingMarket.Keep(conditions, default, default);
        ReadOnlySpan<byte> tape = [(byte)trade.Topic[0]];
        ReadOnlySpan<byte> participant = [(byte)trade.MarketCenter[0]];
        return ListingMarket.Keep(conditions, tape, participant);
    }

    /// <summary>The tape that <c>topic</c> names, when it is a tape letter or a tape's name.</summary>
    public static SipTape TapeOf(string? topic) => topic switch
    {
        "A" or "B" or "CTA" or "CTA_A" or "CTA_B" or "CTS" => SipTape.Cta,
        "C" or "UTP" or "UTDF" => SipTape.Utp,
        _ => SipTape.Unknown,
    };
}
