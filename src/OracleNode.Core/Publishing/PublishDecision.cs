namespace OracleNode.Publishing;

/// <summary>Whether a feed goes into a chain's next batch, and why. <c>default</c> publishes nothing.</summary>
public readonly record struct PublishDecision(PublishReason Reason)
{
    /// <summary>True when it goes.</summary>
    public bool Publish => Reason is >= PublishReason.First and <= PublishReason.RideAlong;
}
