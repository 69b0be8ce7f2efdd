using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// The newest word of every source on one token's own markets. A word that cannot be believed takes the source's vote away until a better one comes; an older
/// word than is known changes nothing.
/// </summary>
internal sealed class TokenMarketTable(TokenId token, IReadOnlyList<Source> sources)
{
    private static readonly Duration FutureTolerance = Duration.FromSeconds(2);

    private readonly TokenMarketQuote?[] _quotes = new TokenMarketQuote?[sources.Count];
    private readonly InputReason[] _refusals = new InputReason[sources.Count];

    /// <summary>Number of sources.</summary>
    public int Count => _quotes.Length;

    /// <summary>The newest word of a source; null when it has said nothing.</summary>
    public TokenMarketQuote? this[int slot] => _quotes[slot];

    /// <summary>What spoke against it when it arrived; <see cref="InputReason.Used"/> for nothing.</summary>
    public InputReason RefusalOf(int slot) => _refusals[slot];

    /// <summary>Takes a word in.</summary>
    /// <param name="slot">The source.</param>
    /// <param name="quote">What it said.</param>
    /// <param name="receivedAt">When it was received.</param>
    public void Take(int slot, TokenMarketQuote quote, Instant receivedAt)
    {
        if (quote.Token != token) return;
        var refusal = RefusalOf(quote, receivedAt);
        if (refusal == InputReason.Used && _quotes[slot] is { } known && _refusals[slot] == InputReason.Used && quote.EventTime < known.EventTime) return;
        (_quotes[slot], _refusals[slot]) = (quote, refusal);
    }

    private static InputReason RefusalOf(TokenMarketQuote quote, Instant receivedAt)
    {
        if (quote.EventTime > receivedAt + FutureTolerance) return InputReason.Future;
        if (quote.Unit is not (FeedUnit.RawToken or FeedUnit.UiToken) || quote.BidDepthE8 < 0 || quote.AskDepthE8 < 0) return InputReason.Malformed;
        if (!quote.IsTrading) return InputReason.NotTrading;
        if (quote.Bid.IsNone || quote.Ask.IsNone) return InputReason.Withdrawn;
        return quote.Bid > quote.Ask ? InputReason.Crossed : InputReason.Used;
    }
}
