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

    [Property]
    public void Next_OfAnyLast_IsAboveItAndInTheNodesSlot(ushort ahead, byte slot)
    {
        var last = (ulong)Now.ToUnixTimeMilliseconds() * 16 - 30_000 + ahead;
        BatchSequence.TryNext(Now, slot % 16, last, out var next);
        Assert.True(next > last);
        Assert.Equal((ulong)(slot % 16), next % 16);
    }
}
