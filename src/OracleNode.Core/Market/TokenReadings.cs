using NodaTime;

namespace OracleNode.Market;

/// <summary>What an issuer's contract says of a token besides the multiplier.</summary>
/// <param name="Token">The token.</param>
/// <param name="IsPaused">True while the issuer has paused the token or its price.</param>
/// <param name="CodeHash">Hash of the code that answers, behind every proxy and beacon; null where the chain's own program answers (Token-2022).</param>
/// <param name="ReadAt">When it was read (market time).</param>
public sealed record TokenStatus(TokenId Token, bool IsPaused, string? CodeHash, Instant ReadAt)
{
    /// <summary>True for what was accepted before the start, told ahead of the first reading: <see cref="CodeHash"/> alone counts, as what the token's code must still be.</summary>
    public bool IsRemembered { get; init; }
}

/// <summary>One venue's word on a token's own market.</summary>
/// <param name="Source">Who said it.</param>
/// <param name="Upstream">The market; sources of one market are one vote.</param>
/// <param name="Token">The token.</param>
/// <param name="Currency">What it is quoted in: <c>USD</c>, <c>USDC</c>, <c>USDT</c>. They are different.</param>
/// <param name="Unit">What one unit of the price buys there: <see cref="FeedUnit.RawToken"/>, or <see cref="FeedUnit.UiToken"/> (one share as displayed).</param>
/// <param name="Bid">Best bid; none when there is none.</param>
/// <param name="Ask">Best ask; none when there is none.</param>
/// <param name="Last">Last trade; none when it is not known.</param>
/// <param name="BidDepthE8">Units bid for near the best bid, scaled by 1e8.</param>
/// <param name="AskDepthE8">Units offered near the best ask, scaled by 1e8.</param>
/// <param name="IsTrading">False while the venue says that the pair is not traded as usual (cancel only, limit only, delisted, maintenance).</param>
/// <param name="EventTime">When, by the venue's clock.</param>
public sealed record TokenMarketQuote(
    SourceId Source,
    UpstreamId Upstream,
    TokenId Token,
    string Currency,
    FeedUnit Unit,
    Price Bid,
    Price Ask,
    Price Last,
    long BidDepthE8,
    long AskDepthE8,
    bool IsTrading,
    Instant EventTime)
{
    /// <summary>Shares per raw token as the venue itself states them; none where it does not. A quote whose own differs from the chain's of the moment has no vote.</summary>
    public Multiplier StatedMultiplier { get; init; }
}

/// <summary>What one share of a wrapper is worth in the token that it holds, read from its chain.</summary>
/// <param name="Wrapper">Canonical asset of the wrapper (CAIP-19).</param>
/// <param name="RateE18">
/// Raw tokens per wrapper share, scaled by 1e18; 0 when it can no longer be read. Raw: what the wrapper answers in displayed tokens was divided by the
/// token's multiplier of the same block, so that a split or a dividend of the token is no step of the rate.
/// </param>
/// <param name="CodeHash">Hash of the code that answers, behind every proxy.</param>
/// <param name="ReadAt">When it was read (market time).</param>
public sealed record WrapperRateReading(string Wrapper, UInt128 RateE18, string CodeHash, Instant ReadAt);
