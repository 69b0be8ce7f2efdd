using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>One corporate action as its witnesses tell it.</summary>
/// <param name="Kind">What happens; <see cref="CorporateActionKind.Split"/> where only tokens' multipliers tell of it.</param>
/// <param name="Ratio">Shares after for shares before; none when no witness says one.</param>
/// <param name="Cash">Cash per share of before; none when there is none.</param>
/// <param name="EffectiveOn">The trade date from which the security trades changed.</param>
/// <param name="OpensAt">When that trade date begins.</param>
/// <param name="Classes">The kinds of witnesses that say so.</param>
public sealed record CorporateAction(
    CorporateActionKind Kind, ShareRatio Ratio, Price Cash, LocalDate EffectiveOn, Instant OpensAt, EvidenceClasses Classes)
{
    /// <summary>Two different kinds of witness say so.</summary>
    public bool IsProven => (Classes & (Classes - 1)) != 0;

    /// <summary>An operator may stop a feed, and so may two kinds of witness together; no vendor and no issuer alone.</summary>
    public bool MayPause => IsProven || (Classes & EvidenceClasses.Operator) != 0;

    /// <summary>It changes what a share is, or what it is worth; a listing, its end and a new ticker do not.</summary>
    public bool ChangesThePrice => Kind is not (CorporateActionKind.Listing or CorporateActionKind.Delisting or CorporateActionKind.TickerChange);
}

/// <summary>Kinds of witnesses, together.</summary>
[Flags]
public enum EvidenceClasses : byte
{
    None = 0,
    IssuerChain = 1 << (EvidenceClass.IssuerChain - 1),
    Vendor = 1 << (EvidenceClass.Vendor - 1),
    Operator = 1 << (EvidenceClass.Operator - 1),
}
