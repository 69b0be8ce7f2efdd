namespace OracleNode.Publishing;

/// <summary>Whether a feed goes into a chain's next batch, and why. <c>default</c> publishes nothing.</summary>
public readonly record struct PublishDecision(PublishReason Reason)
{
    /// <summary>True when it goes.</summary>
    public bool Publish => Reason is >= PublishReason.First and <= PublishReason.Attestation;

    /// <summary>
    /// True when it goes because it says something else than the chain does; false when the chain says all of it and only the attestation is to be
    /// renewed, or nothing goes.
    /// </summary>
    public bool IsNews => Reason is >= PublishReason.First and <= PublishReason.Deviation;
}
