using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.CorporateActions;

/// <summary>One row of a vendor's list, as <see cref="CorporateActionNotice"/> has it, but of a symbol.</summary>
internal sealed record VendorAction(
    string Symbol, CorporateActionKind Kind, ShareRatio Ratio, Price Cash, LocalDate EffectiveOn, string Reference, bool IsWithdrawn, string Detail);

/// <summary>One page of a vendor's list.</summary>
/// <param name="Actions">What it says.</param>
/// <param name="Problems">Rows that were not understood, and why; the others stand.</param>
/// <param name="Next">Where it goes on; null on the last page.</param>
internal sealed record ActionPage(IReadOnlyList<VendorAction> Actions, IReadOnlyList<string> Problems, Uri? Next);
