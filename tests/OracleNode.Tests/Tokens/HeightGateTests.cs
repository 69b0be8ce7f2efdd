using Microsoft.Extensions.Time.Testing;

namespace OracleNode.Tokens;

public sealed class HeightGateTests
{
    private static readonly TimeSpan Reliance = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void LetsIn_SameOrHigherBlock_GoesOn()
    {
        var gate = new HeightGate(_time, Reliance);
        Assert.True(gate.LetsIn(7, out _));
        Assert.True(gate.LetsIn(7, out _));
        Assert.True(gate.LetsIn(8, out var forgotten));
        Assert.Null(forgotten);
        Assert.Equal(8UL, gate.Height);
    }

    [Fact]
    public void LetsIn_LowerBlock_IsPassedOverWhileReadingsAreReliedOn()
    {
        var gate = new HeightGate(_time, Reliance);
        Assert.True(gate.LetsIn(400_000_000, out _));
        _time.Advance(Reliance);
        Assert.False(gate.LetsIn(20_000_000, out _));
        Assert.Equal(400_000_000UL, gate.Height);
    }

    [Fact]
    public void LetsIn_OnlyLowerBlocksForLongerThanReadingsAreReliedOn_ForgetsTheHeightAndSaysWhich()
    {
        var gate = new HeightGate(_time, Reliance);
        Assert.True(gate.LetsIn(400_000_000, out _));
        _time.Advance(Reliance + TimeSpan.FromTicks(1));
        Assert.True(gate.LetsIn(20_000_000, out var forgotten));
        Assert.Equal(400_000_000UL, forgotten);
        Assert.False(gate.LetsIn(19_999_999, out _));
        Assert.True(gate.LetsIn(20_000_001, out forgotten));
        Assert.Null(forgotten);
    }
}
