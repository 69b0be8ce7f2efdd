using Microsoft.Extensions.Time.Testing;

namespace OracleNode.Vendors.Session;

public class SilenceClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Check_WhileNothingIsExpected_IsNoSilence()
    {
        var clock = new SilenceClock(_time);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(TimeSpan.Zero, clock.Check(expectsData: false));
        _time.Advance(TimeSpan.FromDays(1));
        // The opening starts from nothing.
        Assert.Equal(TimeSpan.Zero, clock.Check(expectsData: true));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), clock.Check(expectsData: true));
    }

    [Fact]
    public void Check_AfterData_StartsAgain()
    {
        var clock = new SilenceClock(_time);
        clock.Check(expectsData: true);
        _time.Advance(TimeSpan.FromSeconds(5));
        clock.Heard();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), clock.Check(expectsData: true));
    }
}
