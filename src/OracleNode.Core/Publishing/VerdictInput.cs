using NodaTime;
using OracleNode.Updates;

namespace OracleNode.Publishing;

/// <summary>All that the verdict about one feed on one chain is made from.</summary>
public readonly record struct VerdictInput
{
    /// <summary>Last prices and sequences were read from a chain; nothing is known before.</summary>
    public required bool IsRestored { get; init; }

    /// <summary>The record that would be signed now; null when there is none.</summary>
    public required FeedRecord? Candidate { get; init; }

    /// <summary>False before the chain was read for the first time.</summary>
    public required bool WasRead { get; init; }

    /// <summary>What the chain was last read to hold; null when it holds nothing.</summary>
    public required LandedRecord? Landed { get; init; }

    /// <summary>The chain's guardian or owner stopped the feed, or all of them, there. Readers revert until the owner resumes.</summary>
    public required bool IsPausedOnChain { get; init; }

    /// <summary>The chain holds what no honest node can have signed, or what cannot be true now.</summary>
    public required bool Differs { get; init; }

    /// <summary>Does the chain owe the candidate as news, and not only a newer attestation? See <see cref="PublishDecision.IsNews"/>.</summary>
    public required bool OwesNews { get; init; }

    /// <summary>For how long it has, counted from the last record that landed.</summary>
    public required Duration OwedFor { get; init; }

    /// <summary>False while batches cannot be signed.</summary>
    public required bool CanSign { get; init; }

    /// <summary>What landing may take, see <see cref="PublishSettings.LandingMargin"/>.</summary>
    public required Duration LandingMargin { get; init; }
}
