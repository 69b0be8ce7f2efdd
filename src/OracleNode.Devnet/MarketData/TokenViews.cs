using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>
/// What a market of tokens tells of the same day: each token trades a little above its share, in the pair's currency, each currency near one dollar. These markets never close: when
/// the shares' day is over they go on, and wander. Pure: the same timeline, pairs and options give the same view.
/// </summary>
internal static class TokenViews
{
    private const decimal Cent = 0.01m;
    private const decimal CurrencyTick = 0.00001m;

    /// <summary>How far a token wanders from its share's last price once nothing trades there, in bps.</summary>
    private const int NightSwingBps = 120;
    private const int NightRippleBps = 8;
    private static readonly Duration NightSwing = Duration.FromMinutes(40);
    private static readonly Duration NightRipple = Duration.FromSeconds(30);

    /// <summary>Until the shares' next day could begin.</summary>
    private static readonly Duration Night = Duration.FromHours(8);

    /// <summary>Least time between two quotes of one pair.</summary>
    private static readonly Duration QuoteSpacing = Duration.FromMilliseconds(200);

    /// <summary>Least time between two prints of one pair, and between the quotes of a night.</summary>
    private static readonly Duration TradeSpacing = Duration.FromSeconds(1);

    private static readonly Duration Latency = Duration.FromMilliseconds(20);

    /// <summary>The view of one venue.</summary>
    /// <param name="timeline">The shares' day.</param>
    /// <param name="pairs">What it lists.</param>
    /// <param name="premiumBps">How far above its share a token trades.</param>
    /// <param name="seed">Of the currencies, and of the tokens' nights; one for all venues of a run.</param>
    public static IEnumerable<VendorEvent> Of(MarketTimeline timeline, IReadOnlyList<TokenPairSpec> pairs, int premiumBps, ulong seed)
    {
        var random = SeededRandom.For(seed, "currencies of " + string.Join(' ', pairs.Select(p => p.Symbol)));
        var tokens = pairs.Where(p => p.Underlying is not null).ToLookup(p => p.Underlying!, StringComparer.Ordinal);
        var currencies = pairs.Where(p => p.Underlying is null).ToList();
        var next = new Dictionary<(string, MarketEventKind), Instant>();
        var last = new SortedDictionary<string, MarketEvent>(StringComparer.Ordinal);
        var nextCurrencies = Instant.MinValue;
        foreach (var happened in timeline.Events())
        {
            if (happened.Time >= nextCurrencies)
            {
                nextCurrencies = happened.Time + Duration.FromSeconds(1);
                foreach (var currency in currencies) yield return Deliver(Currency(currency, happened.Time, seed, random));
            }

            if (happened.Kind is not (MarketEventKind.Quote or MarketEventKind.Trade)) continue;
            if (happened is { Kind: MarketEventKind.Quote, Bid.IsNone: false, Ask.IsNone: false }) last[happened.Symbol.Name] = happened;
            foreach (var pair in tokens[happened.Symbol.Name])
            {
                if (next.TryGetValue((pair.Symbol, happened.Kind), out var due) && happened.Time < due) continue;
                next[(pair.Symbol, happened.Kind)] = happened.Time + (happened.Kind == MarketEventKind.Quote ? QuoteSpacing : TradeSpacing);
                yield return Deliver(Token(pair, happened, FactorOf(pair, premiumBps, seed, happened.Time)));
            }
        }

        if (!timeline.IsGenerated) yield break;
        for (var at = timeline.End + TradeSpacing; at <= timeline.End + Night; at += TradeSpacing)
        {
            foreach (var currency in currencies) yield return Deliver(Currency(currency, at, seed, random));
            foreach (var (underlying, quote) in last)
            {
                var wandered = Wandered(seed, underlying, timeline.End, at);
                foreach (var pair in tokens[underlying]) yield return Deliver(Token(pair, quote with { Time = at }, FactorOf(pair, premiumBps, seed, at) * wandered));
            }
        }
    }

    private static VendorEvent Deliver(MarketEvent happened) => new(happened.Time + Latency, happened);

    /// <summary>From a share's dollars to the pair's currency and unit.</summary>
    private static decimal FactorOf(TokenPairSpec pair, int premiumBps, ulong seed, Instant at) =>
        pair.Shares * (1 + (premiumBps / 10_000m)) * Price.One / CurrencyPath.At(seed, pair.Currency, at).E8;

    /// <summary>How far every token of a share has moved since the end of the shares' day; 1 at the end.</summary>
    private static decimal Wandered(ulong seed, string underlying, Instant from, Instant at)
    {
        var bps = (decimal)(Standing(at) - Standing(from)) / SmoothPath.Range;
        return 1 + (bps / 10_000m);

        long Standing(Instant when) =>
            (SmoothPath.At(seed, underlying, NightSwing, when) * NightSwingBps) + (SmoothPath.At(seed, underlying + "-ripple", NightRipple, when) * NightRippleBps);
    }

    private static MarketEvent Token(TokenPairSpec pair, in MarketEvent share, decimal factor)
    {
        var symbol = SymbolOf(pair);
        if (share.Kind == MarketEventKind.Trade) return new MarketEvent { Time = share.Time, Kind = share.Kind, Symbol = symbol, Last = At(share.Last, factor, Cent, 0), Size = share.Size };

        // The venue's own makers stand two cents outside of the national best.
        return new MarketEvent { Time = share.Time, Kind = share.Kind, Symbol = symbol, Bid = At(share.Bid, factor, Cent, -2), Ask = At(share.Ask, factor, Cent, 2), BidSize = share.BidSize, AskSize = share.AskSize };
    }

    private static MarketEvent Currency(TokenPairSpec pair, Instant at, ulong seed, SeededRandom random)
    {
        // A venue is a tick or two off, and its spread two to six wide.
        var middle = ((decimal)CurrencyPath.At(seed, pair.Currency, at).E8 / Price.One) + (CurrencyTick * random.Between(-2, 2));
        var half = CurrencyTick * random.Between(1, 3);
        return new MarketEvent { Time = at, Kind = MarketEventKind.Quote, Symbol = SymbolOf(pair), Bid = ToTick(middle - half), Ask = ToTick(middle + half), BidSize = 1, AskSize = 1 };
    }

    private static Price ToTick(decimal price) => PriceOf(decimal.Floor(price / CurrencyTick) * CurrencyTick);

    private static MarketSymbol SymbolOf(TokenPairSpec pair) => new(pair.Symbol, Tape.A);

    private static Price At(Price share, decimal factor, decimal tick, int ticks) =>
        share.IsNone ? default : PriceOf((decimal.Floor(share.E8 * factor / Price.One / tick) + ticks) * tick);

    private static Price PriceOf(decimal price) => Price.TryFromE8((long)(price * Price.One), out var exact) ? exact : default;
}
