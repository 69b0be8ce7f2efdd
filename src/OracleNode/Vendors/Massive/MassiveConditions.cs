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

    private static ConditionFlags[] Table()
    {
        var table = new ConditionFlags[MaxId + 1];
        table.AsSpan().Fill(Unknown);

        // Regular, acquisition, automatic, bunched, closing, cross, distribution, sweep, opening and reopening prints, rules 155 and
        // 127, stopped, split, stock option, yellow flag, corrected close, trade-through exempt: they set a last price.
        ReadOnlySpan<int> eligible = [0, 1, 3, 4, 8, 9, 11, 14, 17, 18, 19, 23, 24, 25, 27, 28, 34, 35, 36, 38, 41];
        foreach (var id in eligible) table[id] = ConditionFlags.None;

        // States of the security rather than of the print: short-sale restriction and financial status.
        foreach (var id in Enumerable.Range(57, 4).Concat(Enumerable.Range(62, 10))) table[id] = ConditionFlags.None;

        // Cash, official close and open (the close is sent again for hours), next day, price variation, seller, contingent.
        ReadOnlySpan<int> never = [7, 15, 16, 20, 21, 29, 52, 53];
        foreach (var id in never) table[id] = Never;

        // Bunched sold, prior reference, sold last, sold out of sequence: reported late.
        ReadOnlySpan<int> late = [5, 22, 30, 32, 33];
        foreach (var id in late) table[id] = Late;

        table[2] = Never | ConditionFlags.AveragePrice;
        table[10] = Never | ConditionFlags.DerivativelyPriced;
        table[12] = ConditionFlags.ExtendedHours;
        table[13] = Late | ConditionFlags.ExtendedHours;
        table[37] = Never | ConditionFlags.OddLot;
        return table;
    }
}
