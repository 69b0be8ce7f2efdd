using System.Buffers.Binary;
using System.IO.Compression;

namespace OracleNode.MarketData;

/// <summary>
/// The content of a gzip file of one member, as a stream that knows whether all of it came: the decompressor takes a file that breaks
/// off for one that ends.
/// </summary>
internal sealed class GZipText : Stream
{
    private readonly GZipStream _content;
    private readonly uint _announced;
    private uint _read;

    public GZipText(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            // The last four bytes are the length of the content, modulo 2^32.
            Span<byte> trailer = stackalloc byte[sizeof(uint)];
            if (file.Length >= trailer.Length)
            {
                file.Seek(-trailer.Length, SeekOrigin.End);
                file.ReadExactly(trailer);
                file.Seek(0, SeekOrigin.Begin);
            }

            _announced = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
            _content = new GZipStream(file, CompressionMode.Decompress);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>True when as much was read as the file announces.</summary>
    public bool IsComplete => _read == _announced;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = _content.Read(buffer);
        _read = unchecked(_read + (uint)count);
        return count;
    }

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _content.Dispose();
        base.Dispose(disposing);
    }
}
