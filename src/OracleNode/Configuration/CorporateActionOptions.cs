namespace OracleNode.Configuration;

/// <summary>When corporate actions pause a share; units and bounds are those of <see cref="Guards.CorporateActionSettings"/>, what is left out stays as it is there.</summary>
public sealed class CorporateActionOptions
{
    /// <summary>An action that changes the price by more pauses the feed. 1 to 10,000.</summary>
    public int? PauseStepBps { get; set; }

    /// <summary>For how long after its trade date began an action that became known late may explain a jump.</summary>
    public TimeSpan? Lateness { get; set; }

    /// <summary>A first price within this many days of a listing needs the listing market's auction print. 0 to 30.</summary>
    public int? ListingDays { get; set; }
}
