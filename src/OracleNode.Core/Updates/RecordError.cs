namespace OracleNode.Updates;

/// <summary>Why bytes or values are not a canonical record.</summary>
public enum RecordError
{
    None = 0,
    /// <summary>Fewer or more bytes than the type says.</summary>
    Length,
    /// <summary>The type byte is neither share nor token record.</summary>
    Type,
    /// <summary>Price is not positive.</summary>
    Price,
    /// <summary>Confidence is negative or does not fit 48 bits.</summary>
    Confidence,
    /// <summary>Bid and ask are not both present or both absent, not 0 &lt; bid &lt;= ask, or too far from the price for 48 bits.</summary>
    BidAsk,
    /// <summary>EMA is not positive or too far from the price for 48 bits.</summary>
    Ema,
    /// <summary>Unknown session, or a closed reason that does not fit it.</summary>
    Session,
    /// <summary>Unknown halt reason.</summary>
    HaltReason,
    /// <summary>Unknown feed state, or state 0.</summary>
    State,
    /// <summary>A reserved hold-reason bit is set.</summary>
    HoldReasons,
    /// <summary>More upstreams than sources used.</summary>
    Counts,
    /// <summary>observedAt is not positive or does not fit 48 bits.</summary>
    ObservedAt,
    /// <summary>nextChangeAt does not fit 40 bits.</summary>
    NextChangeAt,
    /// <summary>maxAge is zero.</summary>
    MaxAge,
    /// <summary>Multiplier is zero.</summary>
    Multiplier,
    /// <summary>An activation time without a staged multiplier, or the reverse.</summary>
    Activation,
    /// <summary>Underlying price is not positive.</summary>
    Underlying,
}
