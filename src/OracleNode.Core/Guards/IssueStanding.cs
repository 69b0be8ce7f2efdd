using NodaTime;

namespace OracleNode.Guards;

/// <summary>Do the chains agree on an issue's multiplier. Changed by the next tick: read it before.</summary>
public sealed class IssueStanding
{
    /// <summary>How long a difference of at most 1 % may last before it holds.</summary>
    public static readonly Duration MayDifferFor = Duration.FromMinutes(15);

    /// <summary>How long an announced step may be on one chain and not on another before a person is told.</summary>
    public static readonly Duration StepMayTake = Duration.FromSeconds(60);

    internal IssueStanding(string issue, int[] tokens)
    {
        Issue = issue;
        Tokens = tokens;
    }

    /// <summary>The product.</summary>
    public string Issue { get; }

    /// <summary>Places of its tokens, two at least.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>Since when they differ; null while they agree, or were never compared.</summary>
    public Instant? DifferSince { get; internal set; }

    /// <summary>
    /// True while they differ by exactly a step that one of them had announced: the chains reach its second at different blocks, and are read at different times.
    /// </summary>
    public bool IsBetweenSteps { get; internal set; }

    /// <summary>True when the difference is large, or has lasted: every feed of the issue holds.</summary>
    public bool Holds { get; internal set; }
}
