using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;
using NodaTime.Text;

namespace OracleNode.Vendors;

public class TimestampTests
{
    [Theory]
    [InlineData(1_709_650_800, EpochUnit.Seconds)]
    [InlineData(1_709_650_800_123, EpochUnit.Milliseconds)]
    [InlineData(1_709_650_800_123_456, EpochUnit.Microseconds)]
    [InlineData(1_709_650_800_123_456_789, EpochUnit.Nanoseconds)]
    [InlineData(999_999_999, EpochUnit.None)]
    [InlineData(0, EpochUnit.None)]
    [InlineData(-1_709_650_800, EpochUnit.None)]
    [InlineData(20_000_000_000, EpochUnit.None)]
    [InlineData(long.MinValue, EpochUnit.None)]
    public void UnitOf_Magnitude_TellsIt(long timestamp, EpochUnit unit) => Assert.Equal(unit, EpochTime.UnitOf(timestamp));

    [Property]
    public Property TryRead_AnyLong_IsExactOrRefused() => Prop.ForAll(ArbMap.Default.ArbFor<long>(), (long timestamp) =>
    {
        foreach (var declared in new[] { EpochUnit.Seconds, EpochUnit.Milliseconds, EpochUnit.Microseconds, EpochUnit.Nanoseconds })
        {
            var read = EpochTime.TryRead(timestamp, declared, out _);
            Assert.Equal(EpochTime.UnitOf(timestamp) == declared, read);
        }
    });

    [Fact]
    public void TryRead_Nanoseconds_AreKept()
    {
        Assert.True(EpochTime.TryRead(1_709_650_800_123_456_789, EpochUnit.Nanoseconds, out var instant));
        Assert.Equal(Instant.FromUnixTimeSeconds(1_709_650_800).PlusNanoseconds(123_456_789), instant);
    }

    [Property]
    public Property Rfc3339_EveryInstant_IsReadAsNodaTimeWritesIt()
    {
        var instants =
            from seconds in Gen.Choose(0, int.MaxValue)
            from times in Gen.Choose(0, 2)
            from nanoseconds in Gen.Choose(0, 999_999_999)
            select Instant.FromUtc(2000, 1, 1, 0, 0).Plus(Duration.FromSeconds((long)seconds * times)).PlusNanoseconds(nanoseconds);
        return Prop.ForAll(instants.ToArbitrary(), instant =>
        {
            var text = InstantPattern.ExtendedIso.Format(instant);
            Assert.True(Rfc3339.TryParse(Encoding.ASCII.GetBytes(text), out var read), text);
            Assert.Equal(instant, read);
        });
    }

    [Theory]
    [InlineData("2021-02-22T10:51:44.5-05:00")]
    [InlineData("2021-02-22T15:51:44.500000000Z")]
    [InlineData("2021-02-22T21:21:44.50+05:30")]
    public void Rfc3339_Offset_IsApplied(string text)
    {
        Assert.True(Rfc3339.TryParse(Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(Instant.FromUtc(2021, 2, 22, 15, 51, 44).PlusNanoseconds(500_000_000), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2021-02-22T15:51:44")]
    [InlineData("2021-02-22 15:51:44Z")]
    [InlineData("2021-02-22T15:51:60Z")]
    [InlineData("2021-02-22T24:00:00Z")]
    [InlineData("2021-02-30T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z")]
    [InlineData("2200-01-01T00:00:00Z")]
    [InlineData("2021-02-22T15:51:44.Z")]
    [InlineData("2021-02-22T15:51:44.1234567891Z")]
    [InlineData("2021-02-22T15:51:44ZZ")]
    [InlineData("2021-02-22T15:51:44+5:30")]
    [InlineData("2021-02-22T15:51:44+25:00")]
    [InlineData("2021-0é-22T15:51:44Z")]
    [InlineData("2021-02-22T15:51:44.5")]
    public void Rfc3339_AnythingElse_IsRefused(string text) => Assert.False(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Property]
    public void Rfc3339_AnyBytes_IsNoTimestamp(byte[] bytes) => Assert.False(Rfc3339.TryParse(bytes, out _));
}
