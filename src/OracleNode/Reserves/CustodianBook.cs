using System.Globalization;
using NodaTime;
using OracleNode.Operator;

namespace OracleNode.Reserves;

/// <summary>The newest statement of one custodian. Written by who watches its document, read by anyone.</summary>
/// <param name="custodian">Its configured name, which its statements must carry.</param>
internal sealed class CustodianBook(string custodian)
{
    /// <summary>A custodian's clock may be that far ahead.</summary>
    public static readonly Duration MaxLead = Duration.FromMinutes(5);

    private CustodianStatement? _latest;

    public string Custodian { get; } = custodian;

    /// <summary>The newest statement; null while there is none.</summary>
    public CustodianStatement? Latest => Volatile.Read(ref _latest);

    /// <summary>Takes over a document that is genuine.</summary>
    /// <returns>What it is, in a word; null when it is the one that is known.</returns>
    /// <exception cref="DocumentException">It is malformed, another's, of the future, or no newer than what is known.</exception>
    public string? Take(ReadOnlyMemory<byte> file, Instant now)
    {
        var statement = CustodianStatement.Read(file);
        if (statement.Custodian != Custodian) throw new DocumentException($"custodian = '{statement.Custodian}': must be '{Custodian}', as configured");
        if (statement.MeasuredAt > now + MaxLead) throw new DocumentException($"measuredAt = '{statement.MeasuredAt}': lies in the future");
        if (_latest is { } known)
        {
            if (statement.MeasuredAt < known.MeasuredAt) throw new DocumentException($"measuredAt = '{statement.MeasuredAt}': is older than the statement in force, of {known.MeasuredAt}");
            var isSame = statement.ValidUntil == known.ValidUntil && statement.SharesE18.Count == known.SharesE18.Count
                && statement.SharesE18.All(s => known.SharesE18.TryGetValue(s.Key, out var shares) && shares == s.Value);
            if (statement.MeasuredAt == known.MeasuredAt)
                return isSame ? null : throw new DocumentException($"measuredAt = '{statement.MeasuredAt}': was attested before with other content; what changed has a later time");
        }

        Volatile.Write(ref _latest, statement);
        return string.Create(CultureInfo.InvariantCulture, $"{Custodian}'s statement of {statement.MeasuredAt} on {statement.SharesE18.Count} issue(s)");
    }
}
