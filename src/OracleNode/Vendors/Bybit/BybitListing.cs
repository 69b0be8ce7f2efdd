using OracleNode.Market;

namespace OracleNode.Vendors.Bybit;

/// <summary>What Bybit's listing says of a source's pairs. Written by who asks for it, read by who parses the stream; nothing counts for longer than the age.</summary>
/// <param name="pairs">How many pairs there are.</param>
/// <param name="maxAge">How long an answer counts, monotonic time.</param>
/// <param name="time">Monotonic time.</param>
internal sealed class BybitListing(int pairs, TimeSpan maxAge, TimeProvider time)
{
    private Answer? _answer;

    /// <summary>How many pairs there are.</summary>
    public int Count => pairs;

    /// <summary>Takes a whole answer over; what it does not list is not traded.</summary>
    public void Set(IReadOnlyList<BybitInstrument> instruments) => Volatile.Write(ref _answer, new Answer([.. instruments], time.GetTimestamp()));

    /// <summary>What is known of a pair now; not trading and no multiplier where nothing is.</summary>
    public BybitInstrument this[int pair] =>
        Volatile.Read(ref _answer) is { } answer && time.GetElapsedTime(answer.Timestamp) <= maxAge ? answer.Instruments[pair] : default;

    private sealed record Answer(BybitInstrument[] Instruments, long Timestamp);
}

/// <summary>A pair of the listing.</summary>
/// <param name="IsTrading">Whether its status is <c>Trading</c>.</param>
/// <param name="Multiplier">Shares per token as Bybit states them; none where it does not.</param>
internal readonly record struct BybitInstrument(bool IsTrading, Multiplier Multiplier);
