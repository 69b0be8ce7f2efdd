namespace OracleNode.MarketData;

/// <summary>A pair that a market of tokens lists.</summary>
/// <param name="Symbol">As the venue writes it.</param>
/// <param name="Underlying">Ticker of the share that the token stands for; null for a currency near one dollar.</param>
/// <param name="Shares">Shares that one traded unit stands for there.</param>
internal sealed record TokenPairSpec(string Symbol, string? Underlying, decimal Shares = 1);
