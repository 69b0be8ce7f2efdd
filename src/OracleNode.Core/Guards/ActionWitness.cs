using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

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

    /// <summary>What a payer may keep back for taxes: a token's step is of what is left. 30 % is withheld from who is abroad, and a tenth is for the price in between.</summary>
    private const int LeastPaidBps = 6_000;

    /// <summary>What is paid is put into the multiplier at another price than that of when it was said.</summary>
    private const int MostPaidBps = 11_000;

    /// <summary>Witnesses round an amount.</summary>
    private const int CashToleranceBps = 100;

    /// <summary>The share's price when the witness spoke; none when there was none, and then no step is found to be of a payment.</summary>
    public Price Beside { get; init; }

    /// <summary>A token's step, which does not say why.</summary>
    public bool IsStep => Kind == CorporateActionKind.None;

    /// <summary>The same witness says the same again; at what price of the share does not matter.</summary>
    public bool Repeats(ActionWitness other) => this == (other with { Beside = Beside });

    /// <summary>Do both speak of the same action. The same whichever is asked.</summary>
    public bool Agrees(ActionWitness other)
    {
        var apart = int.Abs(Period.DaysBetween(On, other.On));
        if (IsStep && other.Kind == CorporateActionKind.CashDividend) return apart <= DividendDaysApart && IsOf(this, other);
        if (other.IsStep && Kind == CorporateActionKind.CashDividend) return apart <= DividendDaysApart && IsOf(other, this);
        if (apart > DaysApart) return false;
        if (IsOfShares && other.IsOfShares) return Ratio.Agrees(other.Ratio);

        // Two who have no name for what happens do not thereby mean the same.
        if (Kind != other.Kind || Kind == CorporateActionKind.Other) return false;
        return (Ratio.IsNone || other.Ratio.IsNone || Ratio.Agrees(other.Ratio)) && IsSameCash(Cash, other.Cash);
    }

    private bool IsOfShares => !Ratio.IsNone && Kind is CorporateActionKind.None or CorporateActionKind.Split or CorporateActionKind.StockDividend;

    /// <summary>Is the step what a payment makes of the multiplier: no more than all of it, no less than what is left after taxes.</summary>
    private static bool IsOf(ActionWitness step, ActionWitness payment)
    {
        var price = step.Beside.IsNone ? payment.Beside : step.Beside;
        if (price.IsNone || payment.Cash.IsNone || step.Ratio.New <= step.Ratio.Old) return false;

        // A multiplier's terms may be of 62 bits, a price and a payment of 63: brought to what a product of three still holds.
        var (old, rise) = ((UInt128)step.Ratio.Old, (UInt128)(step.Ratio.New - step.Ratio.Old));
        while (old >= 1UL << 48 || rise >= 1UL << 48) (old, rise) = (old >> 1, rise >> 1);
        var (paid, made) = ((UInt128)payment.Cash.E8 * old, rise * (ulong)price.E8 * Bps.Scale);
        return made >= paid * LeastPaidBps && made <= paid * MostPaidBps;
    }

    /// <summary>What only one of them says is not contradicted.</summary>
    private static bool IsSameCash(Price one, Price other) =>
        one.IsNone || other.IsNone || !Bps.Exceeds(long.Abs(one.E8 - other.E8), long.Min(one.E8, other.E8), CashToleranceBps);
}
