using System.Buffers.Binary;
using NodaTime;

namespace OracleNode.Timekeeping;

/// <summary>What became of an answer.</summary>
public enum SntpVerdict
{
    None = 0,
    Good,
    /// <summary>Too short, or not an answer to what was asked: anybody may send a datagram.</summary>
    NotAnAnswer,
    /// <summary>The server says that it is not synchronised itself.</summary>
    Unsynchronised,
    /// <summary>Its times contradict each other, or its root is too far.</summary>
    Implausible,
    /// <summary>The round trip is longer than what is believed.</summary>
    TooSlow,
    /// <summary>The server asks to be asked less often (kiss of death RATE).</summary>
    AskLess,
    /// <summary>The server asks not to be asked (any other kiss of death).</summary>
    DoNotAsk,
}

/// <summary>An answer that counts.</summary>
/// <param name="Offset">The node's clock minus the server's.</param>
/// <param name="RoundTrip">Time on the way, there and back.</param>
internal readonly record struct SntpSample(Duration Offset, Duration RoundTrip);

/// <summary>SNTP version 4 (RFC 4330), the client's side. Pure.</summary>
internal static class SntpPacket
{
    /// <summary>Bytes of a packet without extensions.</summary>
    public const int Length = 48;

    private const int Version = 4;
    private const int ClientMode = 3;
    private const int ServerMode = 4;
    private const int Alarm = 3;
    private const int MaxStratum = 15;
    private const int OriginateAt = 24;
    private const int ReceiveAt = 32;
    private const int TransmitAt = 40;

    /// <summary>Seconds from 1900, where an NTP era of 2^32 seconds begins, to 1970.</summary>
    private const long UnixOfEra0 = -2_208_988_800;

    private const long EraSeconds = 1L << 32;

    /// <summary>A server whose own root may be farther off than this tells nothing about half a second.</summary>
    private static readonly Duration MaxRootDistance = Duration.FromMilliseconds(1_500);

    /// <summary>Writes a request. Its transmit time is a secret of this request: only who saw it can echo it, and it tells nobody this node's time.</summary>
    public static void WriteRequest(Span<byte> packet, ulong cookie)
    {
        packet[..Length].Clear();
        packet[0] = (Version << 3) | ClientMode;
        BinaryPrimitives.WriteUInt64BigEndian(packet[TransmitAt..], cookie);
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="packet">What came.</param>
    /// <param name="cookie">What the request carried.</param>
    /// <param name="sentAt">When it was sent, by the node's clock.</param>
    /// <param name="elapsed">How long the answer took, by a clock that nobody sets.</param>
    /// <param name="maxRoundTrip">The longest that is believed.</param>
    /// <param name="sample">What it says, when good.</param>
    public static SntpVerdict Read(ReadOnlySpan<byte> packet, ulong cookie, Instant sentAt, Duration elapsed, Duration maxRoundTrip, out SntpSample sample)
    {
        sample = default;
        if (packet.Length < Length || BinaryPrimitives.ReadUInt64BigEndian(packet[OriginateAt..]) != cookie) return SntpVerdict.NotAnAnswer;
        var (leap, version, mode, stratum) = (packet[0] >> 6, packet[0] >> 3 & 7, packet[0] & 7, packet[1]);
        if (mode != ServerMode || version is < 3 or > Version) return SntpVerdict.NotAnAnswer;
        if (stratum == 0) return packet[12..16].SequenceEqual("RATE"u8) ? SntpVerdict.AskLess : SntpVerdict.DoNotAsk;
        if (leap == Alarm || stratum > MaxStratum) return SntpVerdict.Unsynchronised;
        if (!TryTime(packet[ReceiveAt..], sentAt, out var received) || !TryTime(packet[TransmitAt..], sentAt, out var transmitted)) return SntpVerdict.Unsynchronised;
        if (transmitted < received || (Short(packet[4..]) / 2) + Short(packet[8..]) > MaxRootDistance) return SntpVerdict.Implausible;

        // Server's processing time is not time on the way; what is less than nothing is a lie, up to the grain of its clock.
        var roundTrip = elapsed - (transmitted - received);
        if (roundTrip < -Duration.FromMilliseconds(1)) return SntpVerdict.Implausible;
        if (roundTrip > maxRoundTrip) return SntpVerdict.TooSlow;
        var serverAhead = ((received - sentAt) + (transmitted - (sentAt + elapsed))) / 2;
        sample = new SntpSample(-serverAhead, Duration.Max(Duration.Zero, roundTrip));
        return SntpVerdict.Good;
    }

    /// <summary>Reads a time of the era that brings it nearest to <paramref name="near"/>; false for none.</summary>
    public static bool TryTime(ReadOnlySpan<byte> field, Instant near, out Instant time)
    {
        time = default;
        var raw = BinaryPrimitives.ReadUInt64BigEndian(field);
        if (raw == 0) return false;
        var seconds = UnixOfEra0 + (long)(raw >> 32);
        seconds += EraSeconds * (long)Math.Round((near.ToUnixTimeSeconds() - seconds) / (double)EraSeconds);
        time = Instant.FromUnixTimeSeconds(seconds) + Duration.FromNanoseconds((long)((raw & 0xFFFF_FFFF) * 1_000_000_000 >> 32));
        return true;
    }

    /// <summary>Writes a time, for those who answer.</summary>
    public static void WriteTime(Span<byte> field, Instant time)
    {
        var seconds = time.ToUnixTimeSeconds();
        var nanoseconds = (ulong)(time - Instant.FromUnixTimeSeconds(seconds)).ToInt64Nanoseconds();
        BinaryPrimitives.WriteUInt64BigEndian(field, (ulong)(seconds - UnixOfEra0) << 32 | ((nanoseconds << 32) + 500_000_000) / 1_000_000_000);
    }

    /// <summary>A root delay or dispersion: seconds in 16.16 bits.</summary>
    private static Duration Short(ReadOnlySpan<byte> field) => Duration.FromNanoseconds((long)((ulong)BinaryPrimitives.ReadUInt32BigEndian(field) * 1_000_000_000 >> 16));
}
