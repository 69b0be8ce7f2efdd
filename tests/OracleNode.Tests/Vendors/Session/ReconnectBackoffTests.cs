namespace OracleNode.Vendors.Session;

public class ReconnectBackoffTests
{
    private readonly ReconnectOptions _options = new();

    [Fact]
    public void Next_Retry_DrawsFromARangeThatDoublesToItsCap()
    {
        var longest = new ReconnectBackoff(_options, () => 1);
        var delays = Enumerable.Range(0, 40).Select(_ => longest.Next(FaultRecovery.Retry)).ToArray();
        Assert.Equal(TimeSpan.FromMilliseconds(500), delays[0]);
        Assert.Equal(TimeSpan.FromSeconds(1), delays[1]);
        Assert.All(delays, d => Assert.InRange(d, _options.MinDelay, _options.MaxDelay));
        Assert.Equal(_options.MaxDelay, delays[^1]);

        var shortest = new ReconnectBackoff(_options, () => 0);
        Assert.All(Enumerable.Range(0, 40), _ => Assert.Equal(_options.MinDelay, shortest.Next(FaultRecovery.Retry)));
    }

    [Fact]
    public void Next_Operator_IsLongAtOnceAndKeepsItsLength()
    {
        var backoff = new ReconnectBackoff(_options, () => 0.5);
        Assert.Equal(_options.OperatorDelay, backoff.Next(FaultRecovery.Operator));
        Assert.Equal(_options.OperatorDelay, backoff.Next(FaultRecovery.Operator));
    }

    [Fact]
    public void Next_Yield_GrowsToTheOperatorsDelay()
    {
        var backoff = new ReconnectBackoff(_options, () => 0.5);
        var delays = Enumerable.Range(0, 10).Select(_ => backoff.Next(FaultRecovery.Yield)).ToArray();
        Assert.Equal(TimeSpan.FromSeconds(10), delays[0]);
        Assert.Equal(TimeSpan.FromSeconds(20), delays[1]);
        Assert.Equal(_options.OperatorDelay, delays[^1]);
    }

    [Fact]
    public void ReportStable_LongEnough_StartsFromTheLeastAgain()
    {
        var backoff = new ReconnectBackoff(_options, () => 1);
        for (var i = 0; i < 5; i++) backoff.Next(FaultRecovery.Retry);
        backoff.ReportStable(_options.StableAfter - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromSeconds(16), backoff.Next(FaultRecovery.Retry));
        backoff.ReportStable(_options.StableAfter);
        Assert.Equal(TimeSpan.FromMilliseconds(500), backoff.Next(FaultRecovery.Retry));
    }
}
