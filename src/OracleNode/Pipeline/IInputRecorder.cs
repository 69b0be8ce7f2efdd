using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>Who writes the ordered log down, as it is folded.</summary>
internal interface IInputRecorder
{
    /// <summary>An input, before it is applied.</summary>
    void Record(in MarketInput input);

    /// <summary>A tick, before it is made.</summary>
    void RecordTick(Instant now, bool everything);

    /// <summary>A feed goes on from a record that a chain held.</summary>
    void RecordRestore(Instant now, Feed feed, in FeedRecord record, ulong sequence);
}
