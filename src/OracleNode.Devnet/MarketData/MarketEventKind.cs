namespace OracleNode.MarketData;

/// <summary>What happened in the market.</summary>
internal enum MarketEventKind : byte
{
    None = 0,
    /// <summary>The national best bid and offer changed.</summary>
    Quote = 1,
    /// <summary>A trade was printed.</summary>
    Trade = 2,
    /// <summary>The symbol was halted or trades again.</summary>
    Status = 3,
}
