using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>
/// What a market of tokens tells of the same day: each token trades a little above its share, each currency near one dollar. Pure: the same timeline, pairs and
/// options give the same view.
/// </summary>
internal static class TokenViews
{
    private const decimal Cent = 0.01m;
    private const decimal CurrencyTick = 0.0001m;

    /// <summary>Least time between two quotes of one pair.</summary>
    private static readonly Duration QuoteSpacing = Duration.FromMilliseconds(200);

    /// <summary>Least time between two prints of one pair.</summary>
    private static readonly Duration TradeSpacing = Duration.FromSeconds(1);

    private static readonly Duration Latency = Duration.FromMilliseconds(20);

    /// <summary>The view of one venue.</summary>
    /// <param name="timeline">The shares' day.</param>
    /// <param name="pairs">What it lists.</param>
    /// <param name="premiumBps">How far above its share a token trades.</param>
    /// <param name="seed">Of the currencies' noise.</param>
    public static IEnumerable<VendorEvent> Of(MarketTimeline timeline, IReadOnlyList<TokenPairSpec> pairs, int premiumBps, ulong seed)
    {
        var random = SeededRandom.For(seed, "currencies");
        var tokens = pairs.Where(p => p.Underlying is not null).ToLookup(p => p.Underlying!, StringComparer.Ordinal);
        var currencies = pairs.Where(p => p.Underlying is null).ToList();
        var next = new Dictionary<(string, MarketEventKind), Instant>();
        var nextCurrencies = Instant.MinValue;
        foreach (var happened in timeline.Events())
        {
            if (happened.Time >= nextCurrencies)
            {
                nextCurrencies = happened.Time + Duration.FromSeconds(1);
                foreach (var currency in currencies) yield return Deliver(Currency(currency, happened.Time, random));
            }

            if (happened.Kind is not (MarketEventKind.Quote or MarketEventKind.Trade)) continue;
            foreach (var pair in tokens[happened.Symbol.Name])
            {
                if (next.TryGetValue((pair.Symbol, happened.Kind), out var due) && happened.Time < due) continue;
                next[(pair.Symbol, happened.Kind)] = happened.Time + (happened.Kind == MarketEventKind.Quote ? QuoteSpacing : TradeSpacing);
                yield return Deliver(Token(pair, happened, premiumBps));
            }
        }
    }

    private static VendorEvent Deliver(MarketEvent happened) => new(happened.Time + Latency, happened);

    private static MarketEvent Token(TokenPairSpec pair, in MarketEvent share, int premiumBps)
    {
        var factor = pair.Shares * (1 + (premiumBps / 10_000m));
        var symbol = SymbolOf(pair);
        if (share.Kind == MarketEventKind.Trade) return new MarketEvent { Time = share.Time, Kind = share.Kind, Symbol = symbol, Last = At(share.Last, factor, Cent, 0), Size = share.Size };

        // The venue's own makers stand two cents outside of the national best.
        return new MarketEvent { Time = share.Time, Kind = share.Kind, Symbol = symbol, Bid = At(share.Bid, factor, Cent, -2), Ask = At(share.Ask, factor, Cent, 2), BidSize = share.BidSize, AskSize = share.AskSize };
    }

    private static MarketEvent Currency(TokenPairSpec pair, Instant at, SeededRandom random)
    {
        var bid = 1m - (CurrencyTick * random.Between(1, 3));
        return new MarketEvent { Time = at, Kind = MarketEventKind.Quote, Symbol = SymbolOf(pair), Bid = PriceOf(bid), Ask = PriceOf(bid + CurrencyTick), BidSize = 1, AskSize = 1 };
    }

    private static MarketSymbol SymbolOf(TokenPairSpec pair) => new(pair.Symbol, Tape.A);

    private static Price At(Price share, decimal factor, decimal tick, int ticks) =>
        share.IsNone ? default : PriceOf((decimal.Floor(share.E8 * factor / Price.One / tick) + ticks) * tick);

    private static Price PriceOf(decimal price) => Price.TryFromE8((long)(price * Price.One), out var exact) ? exact : default;
}
