using OracleNode.Market;

namespace OracleNode.Vendors.Massive;

/// <summary>
/// Massive's integer condition ids (those of its reference endpoint for stocks), reduced to what may set a last price.
/// </summary>
internal static class MassiveConditions
{
    private const int MaxId = 71;
    private const ConditionFlags Never = ConditionFlags.NotLastEligible;
    private const ConditionFlags Late = ConditionFlags.NotLastEligible | ConditionFlags.OutOfSequence;
    private const ConditionFlags Unknown = ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode;

    private static readonly ConditionFlags[] ById = Table();

    /// <summary>What one id says; an id that is not known is not eligible.</summary>
    public static ConditionFlags FlagsOf(int id) => id is >= 0 and <= MaxId ? ById[id] : Unknown;

    /// <summary>What a trade's <c>c</c> says: absent for a regular trade, else an array of ids.</summary>
    public static ConditionFlags Read(in JsonValue conditions)
    {
        if (conditions.IsAbsent) return ConditionFlags.None;
        if (conditions.IsNumber) return ReadIds(conditions.Text);
        return conditions.IsArray ? ReadIds(conditions.Text[1..^1]) : Unknown;
    }

    // The text is valid JSON already; whatever is not a list of small plain integers has an unknown code in it.
    private static ConditionFlags ReadIds(ReadOnlySpan<byte> list)
    {
        var flags = ConditionFlags.None;
        var id = -1;
        foreach (var b in list)
        {
            switch (b)
            {
                case >= (byte)'0' and <= (byte)'9':
                    id = Math.Min((Math.Max(id, 0) * 10) + b - '0', MaxId + 1);
                    break;
                case (byte)',':
                    flags |= FlagsOf(id);
                    id = -1;
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    break;
                default:
                    return flags | Unknown;
            }
        }

        return id < 0 ? flags : flags | FlagsOf(id);
    }

    /// <summary>
    /// The tape's letter for a tape number, and the participant's for the number of a listing market (1 NYSE American, 10 NYSE, 11 NYSE Arca, 12 Nasdaq); empty for
    /// any other.
    /// </summary>
    public static ReadOnlySpan<byte> TapeLetter(ReadOnlySpan<byte> tape) => tape.Length != 1 ? default : tape[0] switch
    {
        (byte)'1' => "A"u8,
        (byte)'2' => "B"u8,
        (byte)'3' => "C"u8,
        _ => default,
    };

    /// <inheritdoc cref="TapeLetter"/>
    public static ReadOnlySpan<byte> ParticipantLetter(ReadOnlySpan<byte> exchange)
    {
        if (exchange.SequenceEqual("10"u8)) return "N"u8;
        if (exchange.SequenceEqual("11"u8)) return "P"u8;
        if (exchange.SequenceEqual("12"u8)) return "Q"u8;
        return exchange.SequenceEqual("1"u8) ? "A"u8 : default;
    }

    private static ConditionFlags[] Table()
    {
        var table = new ConditionFlags[MaxId + 1];
        table.AsSpan().Fill(Unknown);

        // Regular, acquisition, automatic, bunched, cross, distribution, sweep, rules 155 and
        // 127, stopped, split, stock option, yellow flag, trade-through exempt: they set a last price.
        ReadOnlySpan<int> eligible = [0, 1, 3, 4, 9, 11, 14, 23, 24, 27, 34, 35, 36, 41];
        foreach (var id in eligible) table[id] = ConditionFlags.None;

        // States of the security rather than of the print: short-sale restriction and financial status.
        foreach (var id in Enumerable.Range(57, 4).Concat(Enumerable.Range(62, 10))) table[id] = ConditionFlags.None;

        // Prints of the auctions: they set a last price, except the official open and close, which are said again for hours.
        table[17] = table[25] = ConditionFlags.OpeningPrint;
        table[18] = table[28] = ConditionFlags.ReopeningPrint;
        table[8] = table[19] = table[38] = ConditionFlags.ClosingPrint;
        table[15] = Never | ConditionFlags.ClosingPrint;
        table[16] = Never | ConditionFlags.OpeningPrint;

        // Cash, next day, price variation, seller, contingent.
        ReadOnlySpan<int> never = [7, 20, 21, 29, 52, 53];
        foreach (var id in never) table[id] = Never;

        // Sold last: reported late, and by definition the last of its market.
        table[30] = ConditionFlags.OnlyIfFirst;

        // Bunched sold, prior reference, sold out of sequence: reported late.
        ReadOnlySpan<int> late = [5, 22, 32, 33];
        foreach (var id in late) table[id] = Late;

        table[2] = Never | ConditionFlags.AveragePrice;
        table[10] = Never | ConditionFlags.DerivativelyPriced;
        table[12] = ConditionFlags.ExtendedHours;
        table[13] = Late | ConditionFlags.ExtendedHours;
        table[37] = Never | ConditionFlags.OddLot;
        return table;
    }
}
