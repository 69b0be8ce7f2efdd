namespace OracleNode.Pipeline;

/// <summary>Who is told of what a person should know. Each thing is said once, when it begins.</summary>
internal interface IFoldReport
{
    /// <summary>A feed's rules failed; it is out of service.</summary>
    void FeedStopped(string feed, string problem, Exception? cause);

    /// <summary>A feed's decision cannot be published as it is.</summary>
    void FeedNotPublished(string feed, string problem);

    /// <summary>A rule over several feeds failed and is asked no more.</summary>
    void GuardStopped(string problem, Exception? cause);

    /// <summary>What a chain says cannot be true.</summary>
    void ChainNotCredible(string chain, string problem);

    /// <summary>What a chain needs could not be decided.</summary>
    void PlanFault(string chain, Exception cause);

    /// <summary>The feeds go on from what the chains hold.</summary>
    void Restored(int restored, int feeds);
}
