namespace OracleNode.Vendors.Session;

/// <summary>
/// How long to wait before the next attempt. Full jitter: each delay is drawn evenly from the least to a bound that doubles,
/// so that many nodes do not come back at the same instant. What an operator must mend waits long at once.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="random">Draws from [0, 1).</param>
internal sealed class ReconnectBackoff(ReconnectOptions options, Func<double> random)
{
    // Of the longer waits a fifth is jitter; the operator who mended it should not wait twice as long as told.
    private const double LongWaitJitter = 0.2;
    private const int MaxDoublings = 20;

    private int _retries;
    private int _yields;

    /// <summary>Starts from the least again, after a connection that stood long enough.</summary>
    public void ReportStable(TimeSpan stoodFor)
    {
        if (stoodFor < options.StableAfter) return;
        _retries = 0;
        _yields = 0;
    }

    /// <summary>The delay before the next attempt.</summary>
    public TimeSpan Next(FaultRecovery recovery) => recovery switch
    {
        FaultRecovery.Operator => Spread(options.OperatorDelay),
        FaultRecovery.Yield => Spread(Min(Doubled(options.YieldDelay, _yields++), Max(options.OperatorDelay, options.YieldDelay))),
        _ => options.MinDelay + ((Min(Doubled(options.MinDelay, 1 + _retries++), options.MaxDelay) - options.MinDelay) * random()),
    };

    private TimeSpan Spread(TimeSpan delay) => delay * (1 - LongWaitJitter + (2 * LongWaitJitter * random()));

    private static TimeSpan Doubled(TimeSpan delay, int times) => delay * (1 << Math.Min(times, MaxDoublings));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
