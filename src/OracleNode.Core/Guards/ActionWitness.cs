using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What one witness says of one corporate action.</summary>
/// <param name="Class">What kind of witness it is.</param>
/// <param name="By">Which one.</param>
/// <param name="Reference">Its own name for the action.</param>
/// <param name="Kind">What happens; none where a token's multiplier makes a step and does not say why.</param>
/// <param name="Ratio">Shares after for shares before; none when there is no ratio.</param>
/// <param name="Cash">Cash per share of before; none when there is none.</param>
/// <param name="On">The trade date.</param>
internal sealed record ActionWitness(EvidenceClass Class, string By, string Reference, CorporateActionKind Kind, ShareRatio Ratio, Price Cash, LocalDate On)
{
    /// <summary>A token's step may come on the evening before, after a weekend, or some days after the share's; nobody has two splits of one ratio within a week.</summary>
    internal const int DaysApart = 5;

    /// <summary>Dividends are put into a token's multiplier some days after the share trades without them.</summary>
    private const int DividendDaysApart = 10;

    /// <summary>A token's step for more than this is no dividend.</summary>
    private const int LargestDividendBps = 2_500;

    /// <summary>A token's step, which does not say why.</summary>
    public bool IsStep => Kind == CorporateActionKind.None;

    /// <summary>Do both speak of the same action.</summary>
    public bool Agrees(ActionWitness other)
    {
        var apart = int.Abs(Period.DaysBetween(On, other.On));
        if (IsStep && other.Kind == CorporateActionKind.CashDividend) return apart <= DividendDaysApart && IsDividendStep;
        if (other.IsStep && Kind == CorporateActionKind.CashDividend) return apart <= DividendDaysApart && other.IsDividendStep;
        if (apart > DaysApart) return false;
        if (IsOfShares && other.IsOfShares) return Ratio.Agrees(other.Ratio);
        return Kind == other.Kind && Cash == other.Cash;
    }

    private bool IsOfShares => !Ratio.IsNone && Kind is CorporateActionKind.None or CorporateActionKind.Split or CorporateActionKind.StockDividend;

    private bool IsDividendStep => Ratio.New > Ratio.Old && !Ratio.IsBeyond(LargestDividendBps);
}
