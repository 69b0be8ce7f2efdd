namespace OracleNode.Replay;

/// <summary>The lines of a stream as bytes, without their ends; a line is valid until the next one is read.</summary>
internal sealed class LineSource(Stream stream)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _isOver;

    /// <summary>Number of the line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <exception cref="EventFileException">A line is longer than any event is.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _buffer.AsMemory(_start, length);
                _start += length + 1;
                Number++;
                return true;
            }

            if (_isOver) break;
            Fill();
        }

        line = _buffer.AsMemory(_start, _end - _start);
        _start = _end;
        if (line.IsEmpty) return false;
        Number++;
        return true;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end > EventFormat.MaxLineBytes) throw new EventFileException(Number + 1, $"is longer than {EventFormat.MaxLineBytes} bytes");
        if (_end == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isOver = read == 0;
    }
}
