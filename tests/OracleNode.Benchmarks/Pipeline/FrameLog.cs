namespace OracleNode.Pipeline;

/// <summary>When a frame came, and how many observations of its source there were with it.</summary>
/// <param name="DueAt">When the vendor would have sent it.</param>
/// <param name="StartedAt">When its bytes were handed to the parser.</param>
/// <param name="Cumulative">Observations of the source up to and with this frame.</param>
internal readonly record struct FrameMark(long DueAt, long StartedAt, long Cumulative);

/// <summary>The frames of one feeder that no pass has taken yet: one writer, one reader, fixed memory.</summary>
internal sealed class FrameLog
{
    private readonly FrameMark[] _marks = new FrameMark[1 << 15];
    private long _written;
    private long _read;

    /// <summary>False while there is no room.</summary>
    public bool TryWrite(in FrameMark mark)
    {
        if (_written - Volatile.Read(ref _read) == _marks.Length) return false;
        _marks[_written % _marks.Length] = mark;
        Volatile.Write(ref _written, _written + 1);
        return true;
    }

    /// <summary>The oldest frame, when all its observations are among the first <paramref name="taken"/>.</summary>
    public bool TryRead(long taken, out FrameMark mark)
    {
        mark = default;
        if (_read == Volatile.Read(ref _written)) return false;
        mark = _marks[_read % _marks.Length];
        if (mark.Cumulative > taken) return false;
        Volatile.Write(ref _read, _read + 1);
        return true;
    }
}
