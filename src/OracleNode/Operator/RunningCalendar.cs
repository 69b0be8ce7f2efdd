using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Operator;

/// <summary>
/// The calendar in force, in its parts. Signed editions take the place of a part by <see cref="CalendarSuccession"/>; the whole goes to the pipeline as an entry of the log.
/// </summary>
internal sealed class RunningCalendar
{
    private readonly Lock _gate = new();
    private CalendarPart _listed;
    private CalendarPart? _overnight;
    private volatile CalendarActivation _current;

    /// <param name="listed">The file of the listing market, or both markets'.</param>
    /// <param name="overnight">The overnight venue's; null when there is none.</param>
    /// <exception cref="CalendarException">One is none.</exception>
    public RunningCalendar(byte[] listed, byte[]? overnight)
    {
        _listed = new CalendarPart(listed);
        _overnight = overnight is null ? null : new CalendarPart(overnight);
        _current = Compose(_listed, _overnight);
    }

    /// <summary>The calendar in force. Any thread.</summary>
    public CalendarActivation Current => _current;

    /// <summary>Takes a new edition over.</summary>
    /// <param name="file">A calendar of one market.</param>
    /// <param name="now">Market time.</param>
    /// <param name="offer">Hands the new whole to the pipeline; false when it has no room, and then nothing changes and nothing is returned.</param>
    /// <param name="market">The market it is of; empty when it is none.</param>
    /// <param name="replaced">The file whose place it took; null when nothing changed.</param>
    /// <param name="refusal">Why not; null when it was taken, or is what runs already.</param>
    /// <returns>The new whole; null when nothing changed.</returns>
    public CalendarActivation? Replace(ReadOnlyMemory<byte> file, NodaTime.Instant now, Func<CalendarActivation, bool> offer, out string market, out byte[]? replaced, out string? refusal)
    {
        (market, replaced, refusal) = ("", null, null);
        try
        {
            var candidate = new CalendarPart(file.ToArray());
            market = candidate.Calendar.Market;
            lock (_gate)
            {
                var isOvernight = candidate.Calendar.IsOvernightVenue;
                var running = isOvernight ? _overnight : _listed;
                if (running is not null && running.File.AsSpan().SequenceEqual(candidate.File)) return null;
                refusal = running is null ? "there is no overnight session in this configuration (OvernightCalendarFile)" : CalendarSuccession.Refusal(running.Calendar, candidate.Calendar, now);
                if (refusal is not null) return null;
                var (listed, overnight) = isOvernight ? (_listed, candidate) : (candidate, _overnight);
                var whole = Compose(listed, overnight);
                if (!offer(whole))
                {
                    refusal = RareInputQueue.IsFull;
                    return null;
                }

                (_listed, _overnight, _current) = (listed, overnight, whole);
                replaced = running!.File;
                return whole;
            }
        }
        catch (CalendarException e)
        {
            refusal = e.Message;
            return null;
        }
    }

    private static CalendarActivation Compose(CalendarPart listed, CalendarPart? overnight)
    {
        if (overnight is null) return new CalendarActivation(listed.Calendar, listed.File);
        byte[] both = [.. "{\"listed\":"u8, .. listed.File, .. ",\"overnight\":"u8, .. overnight.File, .. "}"u8];
        return new CalendarActivation(TradingCalendar.Parse(both), both);
    }

    private sealed record CalendarPart(byte[] File)
    {
        public TradingCalendar Calendar { get; } = TradingCalendar.Parse(File);
    }
}
