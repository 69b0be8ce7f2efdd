using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

public class MultiplierHistoryTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 7, 8, 14, 0);

    private readonly MultiplierHistory _history = new();

    private static Multiplier Bps(int aboveOne) => new(Multiplier.One.E18 + ((UInt128)aboveOne * 100_000_000_000_000));

    [Fact]
    public void Steps_OfTheWindow_AddUpWithoutTheirSign()
    {
        _history.Note(Multiplier.One, Start);
        _history.Note(Multiplier.One, Start + Duration.FromDays(1));
        _history.Note(Bps(40), Start + Duration.FromDays(2));
        _history.Note(Bps(20), Start + Duration.FromDays(30));
        Assert.Equal(3, _history.Count);
        Assert.Equal((Start + Duration.FromDays(30), Bps(20)), _history[0]);
        Assert.Equal(60, _history.SmallStepsBps(Duration.FromDays(60), 100, Start + Duration.FromDays(31)));
        Assert.Equal(20, _history.SmallStepsBps(Duration.FromDays(10), 100, Start + Duration.FromDays(31)));
        Assert.Equal(0, _history.SmallStepsBps(Duration.FromDays(10), 100, Start + Duration.FromDays(90)));
    }

    [Fact]
    public void Split_IsNoSmallStep()
    {
        _history.Note(Multiplier.One, Start);
        _history.Note(new Multiplier(Multiplier.One.E18 * 10), Start);
        _history.Note(new Multiplier(UInt128.MaxValue), Start);
        _history.Note(default, Start);
        Assert.Equal((3, 0), (_history.Count, _history.SmallStepsBps(Duration.FromDays(60), 100, Start)));
    }

    [Fact]
    public void History_WithoutEnd_IsBounded()
    {
        for (var i = 0; i < 1_000; i++) _history.Note(Bps(i), Start);
        Assert.Equal((MultiplierHistory.Capacity, Bps(999), Bps(936)), (_history.Count, _history[0].Multiplier, _history[63].Multiplier));
        Assert.Throws<ArgumentOutOfRangeException>(() => _history[64]);
    }
}
