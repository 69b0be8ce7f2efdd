using NodaTime;

namespace OracleNode.Publishing;

public class OwedWatchTests
{
    private static readonly Instant Start = Instant.FromUnixTimeSeconds(1_772_640_000);

    private OwedWatch _watch;

    [Fact]
    public void Advance_OwedOn_Counts()
    {
        Assert.Equal(Duration.Zero, Advance(true, 1, 0));
        Assert.Equal(Duration.FromSeconds(5), Advance(true, 1, 5));
    }

    [Fact]
    public void Advance_SomethingLanded_BeginsAnew()
    {
        Advance(true, 1, 0);
        Assert.Equal(Duration.Zero, Advance(true, 2, 50));
        Assert.Equal(Duration.FromSeconds(10), Advance(true, 2, 60));
    }

    [Fact]
    public void Advance_NothingOwed_ForgetsWhatWas()
    {
        Advance(true, 1, 0);
        Assert.Equal(Duration.Zero, Advance(false, 1, 10));
        Assert.Equal(Duration.Zero, Advance(true, 1, 20));
    }

    [Fact]
    public void Advance_ClockWentBack_BeginsAnew()
    {
        Advance(true, 1, 100);
        Assert.Equal(Duration.Zero, Advance(true, 1, 0));
        Assert.Equal(Duration.FromSeconds(1), Advance(true, 1, 1));
    }

    private Duration Advance(bool isOwed, ulong sequence, int second) => _watch.Advance(isOwed, sequence, Start + Duration.FromSeconds(second));
}
