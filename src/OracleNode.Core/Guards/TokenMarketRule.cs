using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>From a quote on a token's own market to a ratio to the token's price: in the same unit, in the same currency, or not at all.</summary>
internal static class TokenMarketRule
{
    /// <summary>A venue that rounds what it states is off by less than one part in this; no dividend is so small.</summary>
    private const uint StatedTo = 1_000_000;

    /// <summary>Judges a quote and makes its vote.</summary>
    /// <param name="quote">The quote, as it was found good on arrival.</param>
    /// <param name="basis">Price of one raw token.</param>
    /// <param name="rate">What one unit of the quote's currency is worth in the basis' currency, and since when; none when it is not known.</param>
    /// <param name="multiplier">Displayed tokens per raw one, as the chain has it now; none when it is not known.</param>
    /// <param name="settings">The rules.</param>
    /// <param name="now">Market time.</param>
    /// <param name="vote">The vote, when it is <see cref="InputReason.Used"/>.</param>
    public static InputReason Judge(
        TokenMarketQuote quote, Price basis, (Price Price, Instant At) rate, Multiplier multiplier, PremiumSettings settings, Instant now, out DerivedVote vote)
    {
        vote = default;
        if (now - quote.EventTime > settings.QuoteFreshness) return InputReason.Stale;
        var mid = Median.Midpoint(quote.Bid.E8, quote.Ask.E8);
        if (Bps.Exceeds(quote.Ask.E8 - quote.Bid.E8, mid, settings.MaxSpreadBps)) return InputReason.SpreadTooWide;
        if (rate.Price.IsNone) return InputReason.NoCrossRate;
        if (quote.Unit == FeedUnit.UiToken && multiplier.IsNone) return InputReason.NoMultiplier;
        if (IsOther(quote.StatedMultiplier, multiplier)) return InputReason.OtherMultiplier;

        // In units of 1e-16 of the basis' currency: 126 bits at most.
        var (bid, ask) = ((Int128)quote.Bid.E8 * rate.Price.E8, (Int128)quote.Ask.E8 * rate.Price.E8);
        if (!IsDeep(quote.BidDepthE8, bid, settings.MinDepth) || !IsDeep(quote.AskDepthE8, ask, settings.MinDepth)) return InputReason.TooThin;
        if (!TryInRaw(bid / Price.One, quote.Unit, multiplier, out var rawBid) || !TryInRaw(ask / Price.One, quote.Unit, multiplier, out var rawAsk)) return InputReason.Malformed;

        var low = (Int128)rawBid * Price.One / basis.E8;
        var high = (((Int128)rawAsk * Price.One) + basis.E8 - 1) / basis.E8;
        if (low <= 0 || high > long.MaxValue) return InputReason.Malformed;
        vote = new DerivedVote
        {
            Value = Median.Midpoint((long)low, (long)high),
            Low = (long)low,
            High = (long)high,
            At = Instant.Min(quote.EventTime, rate.At),
        };
        return InputReason.Used;
    }

    /// <summary>Both are known, and differ by more than rounding: one of them has made a step that the other has not.</summary>
    private static bool IsOther(Multiplier stated, Multiplier onChain)
    {
        if (stated.IsNone || onChain.IsNone) return false;
        var apart = stated.E18 > onChain.E18 ? stated.E18 - onChain.E18 : onChain.E18 - stated.E18;
        return apart > onChain.E18 / StatedTo;
    }

    /// <summary>Displayed tokens are worth their share of a raw one; a raw one displays as many as the multiplier says.</summary>
    private static bool TryInRaw(Int128 e8, FeedUnit unit, Multiplier multiplier, out long raw)
    {
        raw = 0;
        if (e8 > long.MaxValue || !Price.TryFromE8((long)e8, out var price)) return false;
        if (unit == FeedUnit.UiToken && !multiplier.TryMultiplyRoundHalfEven(price, out price)) return false;
        raw = price.E8;
        return true;
    }

    /// <summary>Units of 1e-8 at a price of 1e-16, against a sum of 1e-8: the price cut to what the product leaves room for.</summary>
    private static bool IsDeep(long unitsE8, Int128 priceE16, Price least) =>
        least.IsNone || (Int128)unitsE8 * Int128.Min(priceE16 / Price.One, long.MaxValue) / Price.One >= least.E8;
}
