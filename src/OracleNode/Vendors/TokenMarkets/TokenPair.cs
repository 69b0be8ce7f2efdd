using OracleNode.Market;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>One pair of a venue and what it tells: the market of tokens, or the price of a currency in dollars.</summary>
/// <param name="Symbol">As the venue writes it, e.g. <c>TSLAx/USD</c>.</param>
/// <param name="Tokens">The tokens it trades (one stock's token on several chains is one pair); empty for a currency.</param>
/// <param name="Currency">Tokens: what they are quoted in. Otherwise the currency whose price in USD it is.</param>
/// <param name="Unit">Tokens: what one unit of the price buys.</param>
internal sealed record TokenPair(string Symbol, IReadOnlyList<TokenId> Tokens, string Currency, FeedUnit Unit)
{
    /// <summary>Whether it tells what a currency is worth.</summary>
    public bool IsPeg => Tokens.Count == 0;
}
