namespace OracleNode.Market;

/// <summary>Everything that can be said to the rules; a closed set.</summary>
public enum MarketInputKind : byte
{
    None = 0,
    /// <summary>One thing one source said about one instrument.</summary>
    Observation = 1,
    /// <summary>A token's multiplier was read, or can no longer be read.</summary>
    Multiplier = 2,
    /// <summary>Another calendar takes force.</summary>
    Calendar = 3,
    /// <summary>An operator's command.</summary>
    Operator = 4,
    /// <summary>The node's clock was compared with another one.</summary>
    Clock = 5,
    /// <summary>A source's connection came up or went down.</summary>
    SourceStatus = 6,
    /// <summary>What backs a token was read.</summary>
    Reserve = 7,
    /// <summary>The price of a currency that stands for the quote currency was read.</summary>
    Peg = 8,
    /// <summary>Somebody says that a corporate action is coming, has come, or is off.</summary>
    CorporateAction = 9,
    /// <summary>What an issuer's contract says of a token besides the multiplier.</summary>
    TokenStatus = 10,
    /// <summary>One venue's word on a token's own market.</summary>
    TokenMarket = 11,
    /// <summary>What one share of a wrapper is worth in the token that it holds.</summary>
    WrapperRate = 12,
}
