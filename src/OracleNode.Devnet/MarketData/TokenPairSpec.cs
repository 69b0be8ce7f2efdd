namespace OracleNode.MarketData;

/// <summary>A pair that a market of tokens lists.</summary>
/// <param name="Symbol">As the venue writes it.</param>
/// <param name="Underlying">Ticker of the share that the token stands for; null for a currency near one dollar.</param>
/// <param name="Shares">Shares that one traded unit stands for there.</param>
/// <param name="Currency">Tokens: what they are quoted in, USD, USDC or USDT. Otherwise the currency that is priced in dollars.</param>
internal sealed record TokenPairSpec(string Symbol, string? Underlying, decimal Shares = 1, string Currency = "USD")
{
    /// <summary>A currency's price in dollars.</summary>
    public static TokenPairSpec OfCurrency(string symbol, string currency) => new(symbol, null, 1, currency);
}
