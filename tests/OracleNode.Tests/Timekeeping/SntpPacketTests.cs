using NodaTime;

namespace OracleNode.Timekeeping;

public class SntpPacketTests
{
    private const ulong Cookie = 0x0123_4567_89ab_cdef;

    private static readonly Instant Sent = Instant.FromUtc(2026, 6, 10, 15, 0);
    private static readonly Duration RoundTrip = Duration.FromMilliseconds(40);
    private static readonly Duration Max = Duration.FromSeconds(1);

    [Theory]
    [InlineData(0)]
    [InlineData(3_000)]
    [InlineData(-700)]
    public void Answer_Read_TellsTheNodesOffset(int serverAheadMillis)
    {
        Assert.Equal(SntpVerdict.Good, Read(Answer(serverAheadMillis), out var sample));
        Assert.InRange((sample.Offset + Duration.FromMilliseconds(serverAheadMillis)).TotalMilliseconds, -0.01, 0.01);
        Assert.InRange(sample.RoundTrip.TotalMilliseconds, 39.9, 40.1);
    }

    [Theory]
    [InlineData(0, 0xE4, SntpVerdict.Unsynchronised)]
    [InlineData(0, 0x23, SntpVerdict.NotAnAnswer)]
    [InlineData(0, 0x25, SntpVerdict.NotAnAnswer)]
    [InlineData(0, 0x14, SntpVerdict.NotAnAnswer)]
    [InlineData(1, 16, SntpVerdict.Unsynchronised)]
    [InlineData(1, 15, SntpVerdict.Good)]
    [InlineData(1, 0, SntpVerdict.DoNotAsk)]
    [InlineData(31, 0, SntpVerdict.NotAnAnswer)]
    [InlineData(9, 9, SntpVerdict.Implausible)]
    public void AnswerWithOneByteOfAnother_Read_IsJudged(int at, byte value, SntpVerdict expected)
    {
        var answer = Answer(0);
        answer[at] = value;
        Assert.Equal(expected, Read(answer, out _));
    }

    [Fact]
    public void KissOfDeathRate_Read_AsksForLess()
    {
        var answer = Answer(0);
        answer[1] = 0;
        "RATE"u8.CopyTo(answer.AsSpan(12));
        Assert.Equal(SntpVerdict.AskLess, Read(answer, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(47)]
    public void ShortAnswer_Read_IsNone(int length) => Assert.Equal(SntpVerdict.NotAnAnswer, Read(Answer(0)[..length], out _));

    [Fact]
    public void SlowAnswer_Read_IsNotBelieved() =>
        Assert.Equal(SntpVerdict.TooSlow, SntpPacket.Read(Answer(0), Cookie, Sent, Duration.FromSeconds(2), Max, out _));

    [Fact]
    public void ServerThatThoughtLongerThanTheRoundTrip_Read_IsImplausible()
    {
        var answer = Answer(0);
        SntpPacket.WriteTime(answer.AsSpan(40), Sent + Duration.FromMilliseconds(500));
        Assert.Equal(SntpVerdict.Implausible, Read(answer, out _));
    }

    [Theory]
    [InlineData(2026)]
    [InlineData(2036)]
    [InlineData(2037)]
    [InlineData(2100)]
    public void Time_WrittenAndReadBack_IsOfTheRightEra(int year)
    {
        var time = Instant.FromUtc(year, 3, 1, 12, 0) + Duration.FromMilliseconds(250);
        var field = new byte[8];
        SntpPacket.WriteTime(field, time);
        Assert.True(SntpPacket.TryTime(field, time + Duration.FromDays(1_000), out var read));
        Assert.InRange((read - time).TotalMilliseconds, -0.001, 0.001);
    }

    [Fact]
    public void AnyBytes_Read_NeverThrow()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Answer(0);
            for (var edits = random.Next(8); edits >= 0; edits--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Read(bytes.AsSpan(0, random.Next(60) > 50 ? random.Next(48) : 48).ToArray(), out _);
        }
    }

    [Fact]
    public void Request_Written_TellsNothingButItsCookie()
    {
        var request = new byte[SntpPacket.Length];
        SntpPacket.WriteRequest(request, Cookie);
        Assert.Equal(0x23, request[0]);
        Assert.All(request[1..40], b => Assert.Equal(0, b));
    }

    [Fact]
    public void Median_OfAMajority_LeavesALiarOut()
    {
        var median = SntpQuorum.Median(3, [Sample(10), Sample(3_600_000), Sample(20)]);
        Assert.Equal(Duration.FromMilliseconds(20), median!.Offset);
    }

    [Theory]
    [InlineData(3, new[] { 10 })]
    [InlineData(4, new[] { 10, 12 })]
    [InlineData(2, new[] { 0, 5_000 })]
    [InlineData(1, new int[0])]
    public void Median_WithoutAMajorityThatAgrees_IsNone(int asked, int[] offsets) => Assert.Null(SntpQuorum.Median(asked, [.. offsets.Select(Sample)]));

    private static SntpSample Sample(int offsetMillis) => new(Duration.FromMilliseconds(offsetMillis), RoundTrip);

    private static SntpVerdict Read(byte[] answer, out SntpSample sample) => SntpPacket.Read(answer, Cookie, Sent, RoundTrip, Max, out sample);

    /// <summary>Of a server that answers in the middle of the round trip, at once.</summary>
    private static byte[] Answer(int serverAheadMillis)
    {
        var answer = new byte[SntpPacket.Length];
        answer[0] = 0x24;
        answer[1] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(24), Cookie);
        var at = Sent + (RoundTrip / 2) + Duration.FromMilliseconds(serverAheadMillis);
        SntpPacket.WriteTime(answer.AsSpan(32), at);
        SntpPacket.WriteTime(answer.AsSpan(40), at);
        return answer;
    }
}
