using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>Who keeps what was signed and why. Never blocks and never throws: what cannot be kept is counted.</summary>
internal interface IBatchArchive
{
    /// <summary>Keeps a batch.</summary>
    /// <param name="batch">What was signed.</param>
    /// <param name="evidence">Canonical evidence of each record, in their order.</param>
    /// <param name="calendar">The calendar that was in force.</param>
    void Keep(SignedBatch batch, IReadOnlyList<byte[]> evidence, TradingCalendar calendar);
}
