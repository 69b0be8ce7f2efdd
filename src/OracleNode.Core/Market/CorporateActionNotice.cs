using NodaTime;

namespace OracleNode.Market;

/// <summary>What a corporate action is.</summary>
public enum CorporateActionKind : byte
{
    None = 0,
    /// <summary>Split or reverse split: the ratio says which.</summary>
    Split = 1,
    CashDividend = 2,
    StockDividend = 3,
    SpinOff = 4,
    Merger = 5,
    /// <summary>The instrument goes on under another ticker.</summary>
    TickerChange = 6,
    Listing = 7,
    Delisting = 8,
    /// <summary>Redemption, rights, and what nobody has a name for.</summary>
    Other = 9,
}

/// <summary>What kind of witness it is. Two different kinds are needed before a corporate action explains a price.</summary>
public enum EvidenceClass : byte
{
    None = 0,
    /// <summary>The state of a token's contract or mint.</summary>
    IssuerChain = 1,
    /// <summary>A vendor's list of corporate actions.</summary>
    Vendor = 2,
    /// <summary>A document that an operator signed.</summary>
    Operator = 3,
}

/// <summary>Somebody says that a corporate action is coming, has come, or is off.</summary>
/// <param name="Instrument">The listed security.</param>
/// <param name="Kind">What happens.</param>
/// <param name="NewShares">Shares after it for <paramref name="OldShares"/> before it: 10 and 1 for a ten for one split. 0 when there is no ratio.</param>
/// <param name="OldShares">See <paramref name="NewShares"/>; 0 when there is no ratio.</param>
/// <param name="Cash">Cash per share of before, in the quote currency; none when there is none.</param>
/// <param name="EffectiveOn">The trade date (New York) from which the security trades changed.</param>
/// <param name="Class">What kind of witness says so.</param>
/// <param name="By">Which one: the source's, the token's or the signer's name.</param>
/// <param name="Reference">The witness's own name for it: the same witness and reference replace what was said before.</param>
/// <param name="IsWithdrawn">True when the witness takes it back.</param>
/// <param name="Detail">For people; the new ticker in a change of ticker.</param>
public sealed record CorporateActionNotice(
    InstrumentId Instrument,
    CorporateActionKind Kind,
    long NewShares,
    long OldShares,
    Price Cash,
    LocalDate EffectiveOn,
    EvidenceClass Class,
    string By,
    string Reference,
    bool IsWithdrawn,
    string Detail);
