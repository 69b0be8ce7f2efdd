namespace OracleNode.Pipeline;

/// <summary>What a person is told of before, or when, it keeps a feed from being published.</summary>
internal enum AlarmKind : byte
{
    None = 0,
    /// <summary>A source was wrong too often and has lost its vote on a feed.</summary>
    Quarantine,
    /// <summary>The loss of one more upstream holds the feed, or it is lost already.</summary>
    Redundancy,
    /// <summary>The price is on or beyond the feed's absolute bounds, or has been outside its price band for a minute.</summary>
    Bounds,
    /// <summary>Instruments that belong together move apart.</summary>
    Related,
    /// <summary>Unrelated instruments stand at one price at a source.</summary>
    EqualPrices,
    /// <summary>The first price under this configuration is far from the last one.</summary>
    Activation,
    /// <summary>A jump that nothing but evidence, or an operator, confirms.</summary>
    Evidence,
    /// <summary>What stands behind a token, or the currency it trades in, is in doubt; or its issuer has stopped it.</summary>
    Token,
    /// <summary>A token is not covered in full, or nobody can tell whether it is.</summary>
    Reserve,
    /// <summary>A wrapper's rate cannot be read, or is beyond its rules.</summary>
    Wrapper,
    /// <summary>A corporate action that needs a person: a lone witness, a pause that lasts, a price that chains will refuse, small steps that add up.</summary>
    CorporateAction,
    /// <summary>A chain's guardian or owner stopped feeds there: readers revert.</summary>
    ChainPause,
}
