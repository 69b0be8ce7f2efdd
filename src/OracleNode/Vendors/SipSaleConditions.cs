using OracleNode.Market;

namespace OracleNode.Vendors;

/// <summary>Which consolidated tape a print was reported on. The same letter means different things on each.</summary>
public enum SipTape
{
    Unknown = 0,
    /// <summary>Tapes A and B: NYSE-listed, and regional and NYSE Arca or American listed.</summary>
    Cta = 1,
    /// <summary>Tape C: Nasdaq-listed.</summary>
    Utp = 2,
}

/// <summary>
/// Sale condition letters of the consolidated tapes (CTS and UTDF), reduced to what may set a last price and what is of an auction. Of the codes that the
/// tapes admit only as the first print or until a certain time, sold last (L) counts as a source's first print; the others (P, Z, 4, G) never do, since
/// their price is of another time than their stamp, or of no market.
/// </summary>
public static class SipSaleConditions
{
    private const ConditionFlags Never = ConditionFlags.NotLastEligible;
    private const ConditionFlags Late = ConditionFlags.NotLastEligible | ConditionFlags.OutOfSequence;
    private const ConditionFlags Unknown = ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode;

    /// <summary>The tape that a tape letter names.</summary>
    public static SipTape TapeOf(ReadOnlySpan<byte> letter) => letter.Length != 1 ? SipTape.Unknown : letter[0] switch
    {
        (byte)'A' or (byte)'B' => SipTape.Cta,
        (byte)'C' => SipTape.Utp,
        _ => SipTape.Unknown,
    };

    /// <summary>
    /// What one code says. Every code of a print must allow, so callers combine with or. On an unknown tape a code counts
    /// only when no tape forbids it.
    /// </summary>
    public static ConditionFlags FlagsOf(byte code, SipTape tape) => code switch
    {
        // Regular, automatic or intermarket sweep, rule 155 or 127, cross.
        (byte)' ' or (byte)'@' or (byte)'F' or (byte)'K' or (byte)'X' => ConditionFlags.None,
        (byte)'O' => ConditionFlags.OpeningPrint,
        (byte)'5' => ConditionFlags.ReopeningPrint,
        // Closing print, corrected consolidated close.
        (byte)'6' or (byte)'9' => ConditionFlags.ClosingPrint,
        // Official close and open: the auction's price, said again for hours.
        (byte)'M' => Never | ConditionFlags.ClosingPrint,
        (byte)'Q' => Never | ConditionFlags.OpeningPrint,
        (byte)'E' => tape == SipTape.Utp ? Unknown : ConditionFlags.None,
        // Acquisition, distribution, split, yellow flag, stopped stock: Nasdaq's tape only.
        (byte)'A' or (byte)'D' or (byte)'S' or (byte)'Y' or (byte)'1' => tape == SipTape.Cta ? Unknown : ConditionFlags.None,
        // Bunched on Nasdaq's tape, average price on the others.
        (byte)'B' => tape == SipTape.Utp ? ConditionFlags.None : Never | ConditionFlags.AveragePrice,
        (byte)'W' => Never | ConditionFlags.AveragePrice,
        (byte)'T' => ConditionFlags.ExtendedHours,
        (byte)'U' => Late | ConditionFlags.ExtendedHours,
        (byte)'I' => Never | ConditionFlags.OddLot,
        (byte)'4' => Never | ConditionFlags.DerivativelyPriced,
        // Reported late, and by definition the last of its market.
        (byte)'L' => ConditionFlags.OnlyIfFirst,
        // Prior reference, sold out of sequence, bunched sold.
        (byte)'P' or (byte)'Z' or (byte)'G' => Late,
        // Cash, price variation, next day, seller, contingent, qualified contingent.
        (byte)'C' or (byte)'H' or (byte)'N' or (byte)'R' or (byte)'V' or (byte)'7' => Never,
        _ => Unknown,
    };
}
