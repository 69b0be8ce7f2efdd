using OracleNode.Market;

namespace OracleNode.Vendors.Alpaca;

/// <summary>
/// Alpaca passes the tapes' own letters on: sale conditions, quote conditions, trading statuses and halt reasons. All of
/// them are read with the tape, because the same letter means different things on each.
/// </summary>
internal static class AlpacaConditions
{
    private const ConditionFlags Unknown = ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode;

    /// <summary>What a trading status means for trading.</summary>
    public enum TradingStatus
    {
        /// <summary>Not a code of that tape.</summary>
        Unknown = 0,
        /// <summary>Says nothing about whether the security trades: indications, imbalances, restrictions, quoting resumed.</summary>
        Unchanged,
        Halted,
        Trading,
    }

    /// <summary>What a print's <c>c</c> says: an array of letters, or one string of them.</summary>
    public static ConditionFlags ReadSale(in JsonValue conditions, SipTape tape)
    {
        if (conditions.IsAbsent) return ConditionFlags.None;
        if (conditions.IsPlainString) return ReadSaleElement(conditions.Text, tape);
        if (!conditions.IsArray) return Unknown;

        var flags = ConditionFlags.None;
        var elements = new Elements(conditions.Text);
        while (elements.Next(out var element, out var understood)) flags |= understood ? ReadSaleElement(element, tape) : Unknown;
        return flags;
    }

    /// <summary>
    /// Whether a quote's <c>c</c> says that nobody can trade against it: non-firm (<c>N</c>), closed (<c>L</c>), and on
    /// Nasdaq's tape manual non-firm (<c>U</c>) and not open or resumed (<c>Z</c>).
    /// </summary>
    public static bool IsNotFirm(in JsonValue conditions, SipTape tape)
    {
        if (conditions.IsPlainString) return IsNotFirm(conditions.Text, tape);
        if (!conditions.IsArray) return false;
        var elements = new Elements(conditions.Text);
        while (elements.Next(out var element, out var understood))
        {
            if (understood && IsNotFirm(element, tape)) return true;
        }

        return false;
    }

    /// <summary>What a status code means on its tape.</summary>
    public static TradingStatus StatusOf(ReadOnlySpan<byte> code, ReadOnlySpan<byte> reason, SipTape tape)
    {
        if (code.Length != 1) return TradingStatus.Unknown;
        return tape switch
        {
            SipTape.Cta => code[0] switch
            {
                (byte)'2' => TradingStatus.Halted,
                (byte)'3' => TradingStatus.Trading,
                // A price band, unless it comes with the reason of a pause.
                (byte)'F' => reason.SequenceEqual("M"u8) ? TradingStatus.Halted : TradingStatus.Unchanged,
                (byte)'5' or (byte)'6' or (byte)'7' or (byte)'8' or (byte)'9' or (byte)'A' or (byte)'C' or (byte)'D' or (byte)'E' => TradingStatus.Unchanged,
                _ => TradingStatus.Unknown,
            },
            SipTape.Utp => code[0] switch
            {
                (byte)'H' or (byte)'P' => TradingStatus.Halted,
                (byte)'T' => TradingStatus.Trading,
                // Quoting resumes before trading does: still halted.
                (byte)'Q' => TradingStatus.Unchanged,
                _ => TradingStatus.Unknown,
            },
            _ => TradingStatus.Unknown,
        };
    }

    /// <summary>Why a security is halted. Never <see cref="HaltReason.None"/>: a halt whose reason is not known is a halt.</summary>
    public static HaltReason HaltReasonOf(ReadOnlySpan<byte> code, ReadOnlySpan<byte> reason, SipTape tape)
    {
        var halt = tape == SipTape.Cta ? CtaReason(reason) : UtpReason(reason);
        return halt == HaltReason.Other && tape == SipTape.Utp && code.SequenceEqual("P"u8) ? HaltReason.VolatilityPause : halt;
    }

    private static HaltReason CtaReason(ReadOnlySpan<byte> reason) => reason.Length != 1 ? HaltReason.Other : reason[0] switch
    {
        (byte)'D' or (byte)'P' => HaltReason.News,
        (byte)'M' => HaltReason.VolatilityPause,
        (byte)'I' or (byte)'X' => HaltReason.Venue,
        (byte)'1' => HaltReason.MarketWide1,
        (byte)'2' => HaltReason.MarketWide2,
        (byte)'3' => HaltReason.MarketWide3,
        _ => HaltReason.Other,
    };

    private static HaltReason UtpReason(ReadOnlySpan<byte> reason)
    {
        if (reason.SequenceEqual("LUDP"u8) || reason.SequenceEqual("LUDS"u8) || reason.SequenceEqual("M"u8)
            || reason.SequenceEqual("T5"u8) || reason.SequenceEqual("T7"u8)) return HaltReason.VolatilityPause;
        if (reason.SequenceEqual("T1"u8) || reason.SequenceEqual("T2"u8) || reason.SequenceEqual("T3"u8) || reason.SequenceEqual("T12"u8)) return HaltReason.News;
        if (reason.SequenceEqual("T6"u8) || reason.SequenceEqual("H4"u8) || reason.SequenceEqual("H9"u8)
            || reason.SequenceEqual("H10"u8) || reason.SequenceEqual("H11"u8)) return HaltReason.Regulatory;
        if (reason.SequenceEqual("O1"u8) || reason.SequenceEqual("M2"u8)) return HaltReason.Venue;
        if (reason.SequenceEqual("MWC1"u8)) return HaltReason.MarketWide1;
        if (reason.SequenceEqual("MWC2"u8)) return HaltReason.MarketWide2;
        // Carried over from the day before: only the third level closes a day.
        if (reason.SequenceEqual("MWC3"u8) || reason.SequenceEqual("MWC0"u8)) return HaltReason.MarketWide3;
        return HaltReason.Other;
    }

    private static ConditionFlags ReadSaleElement(ReadOnlySpan<byte> letters, SipTape tape)
    {
        var flags = ConditionFlags.None;
        foreach (var letter in letters) flags |= SipSaleConditions.FlagsOf(letter, tape);
        return flags;
    }

    private static bool IsNotFirm(ReadOnlySpan<byte> letters, SipTape tape) =>
        letters.IndexOfAny((byte)'N', (byte)'L') >= 0 || (tape == SipTape.Utp && letters.IndexOfAny((byte)'U', (byte)'Z') >= 0);

    /// <summary>The elements of a JSON array of strings, whose text is known to be valid JSON.</summary>
    private ref struct Elements
    {
        private ReadOnlySpan<byte> _rest;

        public Elements(ReadOnlySpan<byte> array) => _rest = array[1..^1];

        /// <param name="element">The text between the quotes.</param>
        /// <param name="understood">False for anything but a string without escapes; then the list ends here.</param>
        public bool Next(out ReadOnlySpan<byte> element, out bool understood)
        {
            element = default;
            understood = true;
            var start = _rest.IndexOfAnyExcept(" \t\r\n,"u8);
            if (start < 0) return false;

            var text = _rest[(start + 1)..];
            var end = text.IndexOf((byte)'"');
            understood = _rest[start] == '"' && end >= 0 && text[..end].IndexOf((byte)'\\') < 0;
            element = understood ? text[..end] : default;
            _rest = understood ? text[(end + 1)..] : default;
            return true;
        }
    }
}
