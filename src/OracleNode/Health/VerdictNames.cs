using OracleNode.Publishing;

namespace OracleNode.Health;

/// <summary>Verdicts as people and monitors read them.</summary>
internal static class VerdictNames
{
    /// <summary>The word for it, as in the documentation.</summary>
    public static string NameOf(FeedVerdict verdict) => verdict switch
    {
        FeedVerdict.Ok => "ok",
        FeedVerdict.ClosedOk => "closed-ok",
        FeedVerdict.Halted => "halted",
        FeedVerdict.Paused => "paused",
        FeedVerdict.Stale => "stale",
        FeedVerdict.Dead => "dead",
        FeedVerdict.Diverged => "diverged",
        _ => "unknown",
    };
}
