using System.Globalization;
using NodaTime;
using OracleNode.Operator;

namespace OracleNode.Reserves;

/// <summary>The newest statement of one custodian. Written by whoever watches its document, read by anyone.</summary>
/// <param name="custodian">Its configured name, which its statements must carry.</param>
/// <param name="editions">What was taken over before, also before a restart: an older statement never replaces a newer one.</param>
internal sealed class CustodianBook(string custodian, DocumentEditions editions)
{
    private CustodianStatement? _latest;

    public string Custodian { get; } = custodian;

    /// <summary>Name of its document for people and metrics.</summary>
    public string Document => $"reserves-{Custodian}";

    /// <summary>The newest statement; null while there is none.</summary>
    public CustodianStatement? Latest => Volatile.Read(ref _latest);

    /// <summary>Takes over a document that is genuine.</summary>
    /// <exception cref="DocumentException">It is malformed, another's, of the future, or no newer than what is known.</exception>
    public DocumentTaken Take(ReadOnlyMemory<byte> file, Instant now)
    {
        var statement = CustodianStatement.Read(file);
        if (statement.Custodian != Custodian) throw new DocumentException($"custodian = '{statement.Custodian}': must be '{Custodian}', as configured");
        editions.Require(Document, statement.MeasuredAt, file.Span, now, "measuredAt");
        var isKnown = _latest?.MeasuredAt == statement.MeasuredAt;
        Volatile.Write(ref _latest, statement);
        var what = string.Create(CultureInfo.InvariantCulture, $"{Custodian}'s statement of {statement.MeasuredAt} on {statement.SharesE18.Count} issue(s)");
        return new DocumentTaken(isKnown ? null : what, editions.Keep(Document, statement.MeasuredAt, file.Span));
    }
}
