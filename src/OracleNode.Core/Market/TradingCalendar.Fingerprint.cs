using System.Buffers.Binary;
using System.Text;

namespace OracleNode.Market;

public sealed partial class TradingCalendar
{
    private const int SpanLength = sizeof(long) + 2;

    private static ReadOnlySpan<byte> FingerprintTag => "OracleNode calendar v1"u8;

    /// <summary>
    /// 32 bytes that tell this calendar from any other, whatever its file looks like: keccak256 of the tag <c>OracleNode calendar v1</c>, the
    /// version's UTF-8 length (4 bytes) and text, and of every span its start (Unix seconds, 8 bytes), session and closed reason (a byte each),
    /// ended by the first instant not covered (8 bytes). Integers are big-endian.
    /// </summary>
    public ReadOnlyMemory<byte> Fingerprint { get; }

    private byte[] TakeFingerprint()
    {
        var version = Encoding.UTF8.GetBytes(Version);
        var text = new byte[FingerprintTag.Length + sizeof(int) + version.Length + (_spans.Length * SpanLength) + sizeof(long)];
        FingerprintTag.CopyTo(text);
        var rest = text.AsSpan(FingerprintTag.Length);
        BinaryPrimitives.WriteInt32BigEndian(rest, version.Length);
        version.CopyTo(rest[sizeof(int)..]);
        rest = rest[(sizeof(int) + version.Length)..];
        for (var i = 0; i < _spans.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, _startTicks[i] / NodaTime.NodaConstants.TicksPerSecond);
            rest[sizeof(long)] = (byte)_spans[i].Session;
            rest[sizeof(long) + 1] = (byte)_spans[i].ClosedReason;
            rest = rest[SpanLength..];
        }

        BinaryPrimitives.WriteInt64BigEndian(rest, _endTicks / NodaTime.NodaConstants.TicksPerSecond);
        var hash = new byte[Keccak256.Length];
        Keccak256.Hash(text, hash);
        return hash;
    }
}
