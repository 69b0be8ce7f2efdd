using System.Collections.Frozen;
using System.Text.Json;
using NodaTime;
using OracleNode.Operator;

namespace OracleNode.Reserves;

/// <summary>
/// What a custodian attests: <c>{"custodian","measuredAt","validUntil","holdings":[{"issue","shares"}, ...],"note"}</c>. The format for people is in
/// <c>README.md</c> beside this.
/// </summary>
/// <param name="Custodian">Who attests.</param>
/// <param name="MeasuredAt">When it held so much.</param>
/// <param name="ValidUntil">From when it tells nothing any more; null when it does not say.</param>
/// <param name="SharesE18">By issue: shares in custody, scaled by 1e18.</param>
internal sealed record CustodianStatement(string Custodian, Instant MeasuredAt, Instant? ValidUntil, FrozenDictionary<string, UInt128> SharesE18)
{
    /// <summary>Most issues in a statement.</summary>
    public const int MaxHoldings = 4096;

    /// <summary>Reads a statement strictly.</summary>
    /// <exception cref="DocumentException">It is none; the message says where and what would be right.</exception>
    public static CustodianStatement Read(ReadOnlyMemory<byte> file) => DocumentEntry.Read(file, Read);

    private static CustodianStatement Read(JsonElement root)
    {
        var document = new DocumentEntry(root, "the document", "custodian", "measuredAt", "validUntil", "holdings", "note");
        document.TextOrEmpty("note", DocumentEntry.MaxTextLength);
        var measuredAt = document.Time("measuredAt") ?? throw new DocumentException("the document needs 'measuredAt', the time at which so much was held, such as 2026-06-10T00:00:00Z");
        var validUntil = document.Time("validUntil");
        if (validUntil <= measuredAt) throw new DocumentException($"validUntil = '{validUntil}': must be after measuredAt '{measuredAt}'");
        var holdings = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        document.List("holdings", MaxHoldings, (element, path) =>
        {
            var holding = new DocumentEntry(element, path, "issue", "shares");
            var issue = holding.Text("issue", DocumentEntry.MaxNameLength);
            return holdings.TryAdd(issue, holding.E18("shares")) ? issue : throw new DocumentException($"{path}.issue = '{issue}': occurs twice");
        });
        if (holdings.Count == 0) throw new DocumentException("'holdings' names no issue");
        return new CustodianStatement(document.Text("custodian", DocumentEntry.MaxNameLength), measuredAt, validUntil, holdings.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
