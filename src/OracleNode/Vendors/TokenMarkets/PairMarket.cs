using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>What one venue said of one pair on the connection that stands: the book, the last trade, and whether it trades.</summary>
internal sealed class PairMarket(TokenPair pair, SourceId source, UpstreamId upstream, int levels, int depthBps)
{
    /// <summary>Two sides farther apart than this have no middle that anybody would trade at. Books of USDC and USDT in dollars are a few bps wide.</summary>
    public const int MaxPegSpreadBps = 200;

    private Instant _lastAt;
    private bool _isPegKnown;

    /// <summary>What it is.</summary>
    public TokenPair Pair => pair;

    /// <summary>What is bid.</summary>
    public BookSide Bids { get; } = new(isBid: true, levels);

    /// <summary>What is offered.</summary>
    public BookSide Asks { get; } = new(isBid: false, levels);

    /// <summary>Whether the book is whole: a snapshot came, and nothing since put it in doubt.</summary>
    public bool HasBook { get; private set; }

    /// <summary>When the book was so, by the venue's clock.</summary>
    public Instant BookAt { get; private set; }

    /// <summary>Price of the last trade; none when it is not known.</summary>
    public Price Last { get; private set; }

    /// <summary>Whether the venue says that the pair trades as usual; what is not known does not.</summary>
    public bool IsTrading { get; set; }

    /// <summary>Raw tokens' shares as the venue states them; none when it does not.</summary>
    public Multiplier StatedMultiplier { get; set; }

    /// <summary>Whether the best bid is not below the best ask, which is no market.</summary>
    public bool IsCrossed => Bids.Count > 0 && Asks.Count > 0 && Bids.Best >= Asks.Best;

    /// <summary>A snapshot of the book begins.</summary>
    public void BeginBook()
    {
        Bids.Clear();
        Asks.Clear();
        HasBook = true;
    }

    /// <summary>A message about the book ends.</summary>
    public void EndBook(Instant at)
    {
        Bids.Truncate();
        Asks.Truncate();
        StillStands(at);
    }

    /// <summary>The venue says that the book is as it was. Its time never goes back.</summary>
    public void StillStands(Instant at) => BookAt = HasBook && at > BookAt ? at : BookAt;

    /// <summary>The book cannot be believed any more.</summary>
    public void LoseBook()
    {
        Bids.Clear();
        Asks.Clear();
        HasBook = false;
    }

    /// <summary>Nothing that belonged to a connection before is known any more.</summary>
    public void Forget()
    {
        LoseBook();
        (Last, _lastAt, BookAt, IsTrading, _isPegKnown) = (default, default, default, false, false);
    }

    /// <summary>A trade; one that is older than the last changes nothing.</summary>
    public void Traded(Price price, Instant at)
    {
        if (at >= _lastAt) (Last, _lastAt) = (price, at);
    }

    /// <summary>
    /// Hands on how it stands. Nothing before the book is known: its time is the quote's time. A crossed book has no sides. A currency's price is the middle of
    /// two sides at most <see cref="MaxPegSpreadBps"/> apart, while it trades; what is none any more is taken back, but for a book that is crossed, as a message may leave it
    /// until the next.
    /// </summary>
    /// <returns>How many things were handed on.</returns>
    public int Publish(ITokenMarketSink sink)
    {
        if (!HasBook) return 0;
        var (bid, ask) = IsCrossed ? (0, 0) : (Bids.Best, Asks.Best);
        if (pair.IsPeg)
        {
            var price = IsTrading && bid != 0 && ask != 0 && IsNarrow(bid, ask) ? Price.FromE8((long)(((UInt128)bid + (UInt128)ask) / 2)) : default;
            if (price.IsNone && (IsCrossed || !_isPegKnown)) return 0;
            _isPegKnown = !price.IsNone;
            sink.Publish(new PegReading(source, upstream, pair.Currency, price, BookAt));
            return 1;
        }

        foreach (var token in pair.Tokens)
        {
            sink.Publish(new TokenMarketQuote(
                source, upstream, token, pair.Currency, pair.Unit, PriceOf(bid), PriceOf(ask), Last,
                bid == 0 ? 0 : Bids.DepthWithin(depthBps), ask == 0 ? 0 : Asks.DepthWithin(depthBps), IsTrading, BookAt)
            {
                StatedMultiplier = StatedMultiplier,
            });
        }

        return pair.Tokens.Count;
    }

    // Of the bid: of the middle it would be a little less.
    private static bool IsNarrow(long bid, long ask) => (UInt128)(ask - bid) * SessionPricing.MaxBps <= (UInt128)bid * MaxPegSpreadBps;

    private static Price PriceOf(long e8) => e8 == 0 ? default : Price.FromE8(e8);
}
