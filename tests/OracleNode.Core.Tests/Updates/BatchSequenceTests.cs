using FsCheck.Xunit;
using NodaTime;

namespace OracleNode.Updates;

public class BatchSequenceTests
{
    private static readonly Instant Now = Instant.FromUnixTimeMilliseconds(1_781_098_200_000);

    [Fact]
    public void First_OfANode_IsTimeTimes16PlusSlot()
    {
        Assert.True(BatchSequence.TryNext(Now, 3, 0, out var next));
        Assert.Equal(1_781_098_200_000UL * 16 + 3, next);
    }

    [Fact]
    public void Second_InTheSameMillisecond_IsTheNextOfItsSlot()
    {
        Assert.True(BatchSequence.TryNext(Now, 3, 1_781_098_200_000UL * 16 + 3, out var next));
        Assert.Equal(1_781_098_200_001UL * 16 + 3, next);
    }

    [Fact]
    public void AfterAnotherNodesLaterSlot_Next_IsAboveIt()
    {
        Assert.True(BatchSequence.TryNext(Now, 3, 1_781_098_200_000UL * 16 + 9, out var next));
        Assert.Equal(1_781_098_200_001UL * 16 + 3, next);
    }

    [Fact]
    public void LastFarInTheFuture_Next_IsRefused() =>
        Assert.False(BatchSequence.TryNext(Now, 0, 1_781_098_202_000UL * 16, out _));

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 16)]
    [InlineData(1ul << 63)]
    public void LastThatNobodyCanFollow_Next_IsRefusedWithoutOverflow(ulong last) => Assert.False(BatchSequence.TryNext(Now, 15, last, out _));

    [Theory]
    [InlineData(-60_000, false)]
    [InlineData(0, false)]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    public void Sequence_AttestedThatLongAfterNow_IsAheadBeyondTheLead(long millis, bool ahead)
    {
        var attested = (ulong)(1_781_098_200_000 + millis) * 16;
        Assert.Equal(ahead, BatchSequence.IsAhead(attested + 15, Now));
        Assert.Equal(!ahead, BatchSequence.TryNext(Now, 15, attested, out _));
    }

    [Fact]
    public void AnySequence_BeforeTheEpoch_IsAhead() => Assert.True(BatchSequence.IsAhead(1 << 20, Instant.FromUnixTimeSeconds(-5)));

    [Property]
    public void Next_OfAnyLast_IsAboveItAndInTheNodesSlot(ushort ahead, byte slot)
    {
        var last = (ulong)Now.ToUnixTimeMilliseconds() * 16 - 30_000 + ahead;
        BatchSequence.TryNext(Now, slot % 16, last, out var next);
        Assert.True(next > last);
        Assert.Equal((ulong)(slot % 16), next % 16);
    }
}
