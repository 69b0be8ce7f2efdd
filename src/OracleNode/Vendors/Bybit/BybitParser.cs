using System.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Bybit;

/// <summary>
/// Bybit's JSON frames, one object each: answers to operations (<c>op</c>) and topics (<c>orderbook.50</c>, <c>orderbook.1</c>, <c>publicTrade</c>, <c>tickers</c>).
/// Keeps the books of the connection that stands and hands every change on. No socket, no clock.
/// </summary>
internal sealed class BybitParser
{
    /// <summary>Levels of the book that is asked for.</summary>
    public const int BookDepth = 50;

    private const long RestartedUpdate = 1;

    /// <summary>How long a book that could not be believed waits before another snapshot is asked for.</summary>
    private static readonly Duration SnapshotPause = Duration.FromSeconds(5);

    private readonly ITokenMarketSink _sink;
    private readonly Duration _maxClockLead;
    private readonly BybitListing _listing;
    private readonly Pair[] _pairs;
    private readonly SymbolTable _index;
    private List<ReadOnlyMemory<byte>>? _replies;

    public BybitParser(IReadOnlyList<TokenPair> pairs, SourceId source, UpstreamId upstream, int depthBps, Duration maxClockLead, BybitListing listing, ITokenMarketSink sink)
    {
        _sink = sink;
        _maxClockLead = maxClockLead;
        _listing = listing;
        _pairs = [.. pairs.Select((p, i) => new Pair(i, new PairMarket(p, source, upstream, BookDepth, depthBps)))];
        _index = TokenPairs.Index(pairs);
    }

    /// <summary>What was counted.</summary>
    public ParserCounters Counters { get; } = new();

    /// <summary>A new connection: nothing of the one before holds.</summary>
    public void Forget()
    {
        foreach (var pair in _pairs) pair.Forget();
    }

    /// <inheritdoc cref="IVendorAdapter.Parse"/>
    public FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime)
    {
        _replies = null;
        try
        {
            var fields = default(Envelope);
            if (!fields.ReadAll(frame))
            {
                Counters.Add(Counter.RejectedFields);
                return default;
            }

            if (!fields.Operation.IsAbsent) return Control(in fields);
            if (!fields.Topic.IsPlainString)
            {
                Counters.Add(Counter.UnknownTypes);
                return default;
            }

            var quotes = Topic(in fields, receiveTime);
            Counters.Add(Counter.Observations, quotes);
            return new FrameResult(FrameSignals.Alive, null) { Quotes = quotes, Replies = _replies };
        }
        catch (JsonException)
        {
            Counters.Add(Counter.MalformedFrames);
            return new FrameResult(FrameSignals.Malformed, null);
        }
    }

    private FrameResult Control(in Envelope fields)
    {
        Counters.Add(Counter.ControlEvents);
        if (!fields.Operation.IsPlainString || !fields.Operation.Text.SequenceEqual("subscribe"u8)) return new FrameResult(FrameSignals.Alive, null);
        if (fields.Success.IsTrue) return new FrameResult(FrameSignals.Alive | FrameSignals.Subscribed, null);
        var message = fields.Message.IsString ? fields.Message.Text : "no message given"u8;
        return new FrameResult(FrameSignals.Alive, VendorFault.FromVendor(VendorFaultKind.SubscriptionRefused, "subscribe"u8, message));
    }

    private int Topic(in Envelope fields, Instant receiveTime)
    {
        var topic = fields.Topic.Text;
        var dot = topic.LastIndexOf((byte)'.');
        var channel = dot < 0 ? topic : topic[..dot];
        var isBook = channel.SequenceEqual("orderbook.50"u8);
        var isBest = channel.SequenceEqual("orderbook.1"u8);
        var isTrade = channel.SequenceEqual("publicTrade"u8);
        if (!isBook && !isBest && !isTrade && !channel.SequenceEqual("tickers"u8))
        {
            Counters.Add(Counter.UnknownTypes);
            return 0;
        }

        if (!_index.TryFind(topic[(dot + 1)..], out var place))
        {
            Counters.Add(Counter.UnknownSymbols);
            return 0;
        }

        var pair = _pairs[place.Index];
        if (isTrade) return Trades(pair, in fields.Data, receiveTime);
        if (!TryTime(in fields.Time, receiveTime, out var at))
        {
            Counters.Add(Counter.RejectedTimestamps);
            // A change that is passed over leaves a book that nobody has.
            return isBook ? GiveUp(pair, receiveTime) : 0;
        }

        return isBook ? Book(pair, in fields, at, receiveTime) : isBest ? Best(pair, in fields.Data, at) : Ticker(pair, in fields.Data);
    }

    private int Book(Pair pair, in Envelope fields, Instant at, Instant receiveTime)
    {
        var book = default(BookFields);
        if (!fields.Data.IsObject || !book.ReadAll(fields.Data.Text) || !book.Update.TrySize(out var update) || !book.Update.IsSeen || !fields.Type.IsPlainString)
        {
            Counters.Add(Counter.RejectedFields);
            return GiveUp(pair, receiveTime);
        }

        var market = pair.Market;
        // The first update after a restart of the service is a whole book, whatever it is called.
        if (fields.Type.Text.SequenceEqual("snapshot"u8) || update == RestartedUpdate) market.BeginBook();
        else if (!market.HasBook)
        {
            Counters.Add(Counter.BooksInDoubt);
            AskForSnapshot(pair, receiveTime);
            return 0;
        }
        else if (update <= pair.LastUpdate)
        {
            Counters.Add(Counter.IgnoredEvents);
            return 0;
        }

        pair.LastUpdate = update;
        if (!Levels(market.Bids, in book.Bids) || !Levels(market.Asks, in book.Asks)) return GiveUp(pair, receiveTime);
        market.EndBook(at);
        if (!market.IsCrossed) return Publish(pair);

        // There is no checksum: a book that crosses shows that something was missed.
        Counters.Add(Counter.BooksInDoubt);
        return GiveUp(pair, receiveTime);
    }

    /// <summary>The best of both sides, sent again when nothing changes: the book still stands, if it is ours.</summary>
    private int Best(Pair pair, in JsonValue data, Instant at)
    {
        var book = default(BookFields);
        if (!data.IsObject || !book.ReadAll(data.Text))
        {
            Counters.Add(Counter.RejectedFields);
            return 0;
        }

        pair.BestBid.Clear();
        pair.BestAsk.Clear();
        if (!Levels(pair.BestBid, in book.Bids) || !Levels(pair.BestAsk, in book.Asks)) return 0;
        var market = pair.Market;
        if (!market.HasBook || pair.BestBid.Best != market.Bids.Best || pair.BestAsk.Best != market.Asks.Best)
        {
            // The two topics are not in step with each other all the time.
            Counters.Add(Counter.IgnoredEvents);
            return 0;
        }

        market.StillStands(at);
        return Publish(pair);
    }

    private int Trades(Pair pair, in JsonValue data, Instant receiveTime)
    {
        if (!data.IsArray)
        {
            Counters.Add(Counter.RejectedFields);
            return 0;
        }

        var any = false;
        var items = JsonWalk.Array(data.Text);
        while (items.NextItem(out var item))
        {
            var trade = default(TradeFields);
            if (!item.IsObject || !trade.ReadAll(item.Text)) Counters.Add(Counter.RejectedFields);
            // A block trade was agreed away from the book.
            else if (trade.IsBlock.IsTrue) Counters.Add(Counter.IgnoredEvents);
            else if (!TryPrice(in trade.Price, out var price)) Counters.Add(Counter.RejectedPrices);
            else if (!TryTime(in trade.Time, receiveTime, out var at)) Counters.Add(Counter.RejectedTimestamps);
            else
            {
                pair.Market.Traded(price, at);
                any = true;
            }
        }

        return any ? Publish(pair) : 0;
    }

    /// <summary>A ticker says the last price before any trade has come.</summary>
    private int Ticker(Pair pair, in JsonValue data)
    {
        var last = default(JsonValue);
        if (!data.IsObject || !ReadLast(data.Text, ref last))
        {
            Counters.Add(Counter.RejectedFields);
            return 0;
        }

        if (!pair.Market.Last.IsNone || last.IsAbsent)
        {
            Counters.Add(Counter.IgnoredEvents);
            return 0;
        }

        if (!TryPrice(in last, out var price))
        {
            Counters.Add(Counter.RejectedPrices);
            return 0;
        }

        pair.Market.Traded(price, default);
        return Publish(pair);
    }

    private static bool ReadLast(ReadOnlySpan<byte> text, ref JsonValue last)
    {
        var fields = JsonWalk.Object(text);
        var single = true;
        while (fields.NextField(out var name, out var value))
            if (name.SequenceEqual("lastPrice"u8))
                single &= JsonWalk.Take(ref last, in value);
        return single;
    }

    private int Publish(Pair pair)
    {
        var listed = _listing[pair.Place];
        pair.Market.IsTrading = listed.IsTrading;
        pair.Market.StatedMultiplier = listed.Multiplier;
        return pair.Market.Publish(_sink);
    }

    private int GiveUp(Pair pair, Instant receiveTime)
    {
        pair.Market.LoseBook();
        AskForSnapshot(pair, receiveTime);
        return 0;
    }

    private void AskForSnapshot(Pair pair, Instant receiveTime)
    {
        if (receiveTime < pair.NextSnapshotAt) return;
        pair.NextSnapshotAt = receiveTime + SnapshotPause;
        _replies ??= [];
        foreach (var operation in new[] { "unsubscribe", "subscribe" })
            _replies.Add(Encoding.ASCII.GetBytes($$"""{"op":"{{operation}}","args":["orderbook.{{BookDepth}}.{{pair.Market.Pair.Symbol}}"]}"""));
    }

    private bool Levels(BookSide side, in JsonValue levels)
    {
        if (levels.IsAbsent) return true;
        if (!levels.IsArray)
        {
            Counters.Add(Counter.RejectedFields);
            return false;
        }

        var items = JsonWalk.Array(levels.Text);
        while (items.NextItem(out var item))
        {
            var price = default(JsonValue);
            var quantity = default(JsonValue);
            if (!item.IsArray || !ReadLevel(item.Text, ref price, ref quantity) || !quantity.IsPlainString || !QuantityText.TryParseE8(quantity.Text, out var units))
            {
                Counters.Add(Counter.RejectedFields);
                return false;
            }

            if (!TryPrice(in price, out var at))
            {
                Counters.Add(Counter.RejectedPrices);
                return false;
            }

            side.Set(at.E8, units);
        }

        return true;
    }

    private static bool ReadLevel(ReadOnlySpan<byte> text, ref JsonValue price, ref JsonValue quantity)
    {
        var pair = JsonWalk.Array(text);
        return pair.NextItem(out price) && pair.NextItem(out quantity) && !pair.NextItem(out _);
    }

    private static bool TryPrice(in JsonValue text, out Price price)
    {
        price = default;
        return text.IsPlainString && Price.TryParse(text.Text, out price, out _);
    }

    private bool TryTime(in JsonValue time, Instant receiveTime, out Instant at) => time.TryEpoch(EpochUnit.Milliseconds, out at) && at - receiveTime <= _maxClockLead;

    /// <summary>One pair as Bybit tells it on the connection that stands.</summary>
    private sealed class Pair(int place, PairMarket market)
    {
        public int Place { get; } = place;

        public PairMarket Market { get; } = market;

        public BookSide BestBid { get; } = new(isBid: true, 1);

        public BookSide BestAsk { get; } = new(isBid: false, 1);

        public long LastUpdate { get; set; }

        public Instant NextSnapshotAt { get; set; }

        public void Forget()
        {
            Market.Forget();
            (LastUpdate, NextSnapshotAt) = (0, default);
        }
    }

    private ref struct Envelope
    {
        public JsonValue Operation;
        public JsonValue Success;
        public JsonValue Message;
        public JsonValue Topic;
        public JsonValue Type;
        public JsonValue Time;
        public JsonValue Data;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("op"u8)) single &= JsonWalk.Take(ref Operation, in value);
                else if (name.SequenceEqual("success"u8)) single &= JsonWalk.Take(ref Success, in value);
                else if (name.SequenceEqual("ret_msg"u8)) single &= JsonWalk.Take(ref Message, in value);
                else if (name.SequenceEqual("topic"u8)) single &= JsonWalk.Take(ref Topic, in value);
                else if (name.SequenceEqual("type"u8)) single &= JsonWalk.Take(ref Type, in value);
                else if (name.SequenceEqual("ts"u8)) single &= JsonWalk.Take(ref Time, in value);
                else if (name.SequenceEqual("data"u8)) single &= JsonWalk.Take(ref Data, in value);
            }

            return single;
        }
    }

    private ref struct BookFields
    {
        public JsonValue Bids;
        public JsonValue Asks;
        public JsonValue Update;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("b"u8)) single &= JsonWalk.Take(ref Bids, in value);
                else if (name.SequenceEqual("a"u8)) single &= JsonWalk.Take(ref Asks, in value);
                else if (name.SequenceEqual("u"u8)) single &= JsonWalk.Take(ref Update, in value);
            }

            return single;
        }
    }

    private ref struct TradeFields
    {
        public JsonValue Price;
        public JsonValue Time;
        public JsonValue IsBlock;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("p"u8)) single &= JsonWalk.Take(ref Price, in value);
                else if (name.SequenceEqual("T"u8)) single &= JsonWalk.Take(ref Time, in value);
                else if (name.SequenceEqual("BT"u8)) single &= JsonWalk.Take(ref IsBlock, in value);
            }

            return single;
        }
    }
}
