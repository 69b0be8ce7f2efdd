using OracleNode.Guards;

namespace OracleNode.Pipeline;

/// <summary>A fold's report that nobody reads, but for what a test takes of it; a fault of the fold fails the test.</summary>
internal class SilentReport : IFoldReport
{
    public void FeedStopped(string feed, string problem, Exception? cause) => Assert.Fail(problem);

    public void FeedNotPublished(string feed, string problem) => Assert.Fail(problem);

    public void GuardStopped(string problem, Exception? cause) => Assert.Fail(problem);

    public void ChainNotCredible(string chain, string problem) => Assert.Fail(problem);

    public void PlanFault(string chain, Exception cause) => Assert.Fail(cause.Message);

    public void Changed(int feed, in FeedTransition transition)
    {
    }

    public virtual void Alarm(string? feed, AlarmKind kind, string message)
    {
    }

    public void MarketDistrusted(string problem)
    {
    }

    public void MarketTrusted(string problem)
    {
    }

    public void Restored(int restored, int feeds)
    {
    }
}
