using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors.Halts;

/// <summary>One row of a list of halts.</summary>
/// <param name="Symbol">Normalised, see <see cref="HaltSymbol"/>.</param>
/// <param name="HaltedAt">When the halt began; with the symbol it identifies the halt.</param>
/// <param name="Reason">Why; a reason that is not known is <see cref="HaltReason.Other"/>, never none.</param>
/// <param name="ResumesAt">When trading resumes or resumed; null while nobody has said. Until then it is halted, whatever else the row says.</param>
/// <param name="IsDeleted">The row takes the halt back.</param>
internal readonly record struct HaltNotice(string Symbol, Instant HaltedAt, HaltReason Reason, Instant? ResumesAt, bool IsDeleted = false);
