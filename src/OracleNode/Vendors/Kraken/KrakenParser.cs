using System.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Kraken;

/// <summary>
/// Kraken's JSON frames, one object each: acknowledgements (<c>method</c>) and channels (<c>status</c>, <c>heartbeat</c>, <c>instrument</c>, <c>book</c>,
/// <c>trade</c>, <c>ticker</c>). Keeps the books of the connection that stands and hands every change on. No socket, no clock.
/// </summary>
internal sealed class KrakenParser
{
    /// <summary>Levels of the book that are asked for: those that the checksum covers.</summary>
    public const int BookDepth = 10;

    /// <summary>How long a book that could not be believed waits before another snapshot is asked for.</summary>
    private static readonly Duration SnapshotPause = Duration.FromSeconds(5);

    private readonly ITokenMarketSink _sink;
    private readonly Duration _maxClockLead;
    private readonly KrakenPair[] _pairs;
    private readonly SymbolTable _index;
    private List<ReadOnlyMemory<byte>>? _replies;
    private bool _isOnline;

    public KrakenParser(IReadOnlyList<TokenPair> pairs, SourceId source, UpstreamId upstream, int depthBps, Duration maxClockLead, ITokenMarketSink sink)
    {
        _sink = sink;
        _maxClockLead = maxClockLead;
        _pairs = [.. pairs.Select(p => new KrakenPair(new PairMarket(p, source, upstream, BookDepth, depthBps)))];
        _index = TokenPairs.Index(pairs);
    }

    /// <summary>What was counted.</summary>
    public ParserCounters Counters { get; } = new();

    /// <summary>A new connection: nothing of the one before holds.</summary>
    public void Forget()
    {
        _isOnline = false;
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

            if (!fields.Method.IsAbsent) return Control(in fields);
            if (!fields.Channel.IsPlainString)
            {
                Counters.Add(Counter.UnknownTypes);
                return default;
            }

            return Channel(in fields, receiveTime);
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
        if (!fields.Method.IsPlainString || !fields.Method.Text.SequenceEqual("subscribe"u8)) return new FrameResult(FrameSignals.Alive, null);
        if (fields.Success.IsTrue) return new FrameResult(FrameSignals.Alive | FrameSignals.Subscribed, null);
        var error = fields.Error.IsString ? fields.Error.Text : "no error given"u8;
        return new FrameResult(FrameSignals.Alive, VendorFault.FromVendor(VendorFaultKind.SubscriptionRefused, "subscribe"u8, error));
    }

    private FrameResult Channel(in Envelope fields, Instant receiveTime)
    {
        var channel = fields.Channel.Text;
        if (channel.SequenceEqual("heartbeat"u8))
        {
            Counters.Add(Counter.ControlEvents);
            return new FrameResult(FrameSignals.Alive, null);
        }

        if (channel.SequenceEqual("status"u8)) return Status(in fields.Data);
        var quotes = 0;
        if (channel.SequenceEqual("instrument"u8)) quotes = Instruments(in fields.Data);
        else if (channel.SequenceEqual("book"u8)) quotes = Books(in fields.Data, IsSnapshot(in fields.Type), receiveTime);
        else if (channel.SequenceEqual("trade"u8)) quotes = Trades(in fields.Data, receiveTime);
        else if (channel.SequenceEqual("ticker"u8)) quotes = Tickers(in fields.Data);
        else
        {
            Counters.Add(Counter.UnknownTypes);
            return default;
        }

        Counters.Add(Counter.Observations, quotes);
        return new FrameResult(FrameSignals.Alive, null) { Quotes = quotes, Replies = _replies };
    }

    private static bool IsSnapshot(in JsonValue type) => type.IsPlainString && type.Text.SequenceEqual("snapshot"u8);

    /// <summary>The trading engine's status: it comes first on every connection, and again whenever it changes.</summary>
    private FrameResult Status(in JsonValue data)
    {
        Counters.Add(Counter.ControlEvents);
        if (!data.IsArray) return Refused();
        var items = JsonWalk.Array(data.Text);
        if (!items.NextItem(out var first) || !first.IsObject) return Refused();
        var fields = JsonWalk.Object(first.Text);
        var system = default(JsonValue);
        while (fields.NextField(out var name, out var value))
            if (name.SequenceEqual("system"u8) && !JsonWalk.Take(ref system, in value))
                return Refused();
        _isOnline = system.IsPlainString && system.Text.SequenceEqual("online"u8);
        var quotes = 0;
        foreach (var pair in _pairs) quotes += SetTrading(pair);
        Counters.Add(Counter.Observations, quotes);
        return new FrameResult(FrameSignals.Alive | FrameSignals.Greeted | FrameSignals.Authenticated, null) { Quotes = quotes };

        FrameResult Refused()
        {
            Counters.Add(Counter.RejectedFields);
            return default;
        }
    }

    /// <summary>All pairs with their status and precision; those that are not ours are passed over.</summary>
    private int Instruments(in JsonValue data)
    {
        var quotes = 0;
        if (!data.IsObject)
        {
            Counters.Add(Counter.RejectedFields);
            return 0;
        }

        var parts = JsonWalk.Object(data.Text);
        while (parts.NextField(out var name, out var part))
        {
            if (!name.SequenceEqual("pairs"u8) || !part.IsArray) continue;
            var items = JsonWalk.Array(part.Text);
            while (items.NextItem(out var item)) quotes += Instrument(in item);
        }

        return quotes;
    }

    private int Instrument(in JsonValue item)
    {
        var fields = default(PairFields);
        if (!item.IsObject || !fields.ReadAll(item.Text) || !fields.Symbol.IsPlainString)
        {
            Counters.Add(Counter.RejectedFields);
            return 0;
        }

        // The listing is of all of Kraken: most of it is of others.
        if (!_index.TryFind(fields.Symbol.Text, out var place))
        {
            Counters.Add(Counter.IgnoredEvents);
            return 0;
        }

        var pair = _pairs[place.Index];
        if (fields.PricePrecision.TrySize(out var price) && fields.QuantityPrecision.TrySize(out var quantity) && fields.PricePrecision.IsSeen && fields.QuantityPrecision.IsSeen) pair.SetPrecision(price, quantity);
        else if (fields.PricePrecision.IsSeen || fields.QuantityPrecision.IsSeen) Counters.Add(Counter.RejectedFields);
        pair.IsOnline = fields.Status.IsPlainString && fields.Status.Text.SequenceEqual("online"u8);
        return SetTrading(pair);
    }

    private int SetTrading(KrakenPair pair)
    {
        var trades = _isOnline && pair.IsOnline;
        if (pair.Market.IsTrading == trades) return 0;
        pair.Market.IsTrading = trades;
        return pair.Market.Publish(_sink);
    }

    private int Books(in JsonValue data, bool isSnapshot, Instant receiveTime)
    {
        var quotes = 0;
        if (!data.IsArray)
        {
            Counters.Add(Counter.RejectedFields);
            return 0;
        }

        var items = JsonWalk.Array(data.Text);
        while (items.NextItem(out var item))
        {
            var fields = default(BookFields);
            if (!item.IsObject || !fields.ReadAll(item.Text)) Counters.Add(Counter.RejectedFields);
            else if (TryPair(in fields.Symbol, out var pair)) quotes += Book(pair, in fields, isSnapshot, receiveTime);
        }

        return quotes;
    }

    private int Book(KrakenPair pair, in BookFields fields, bool isSnapshot, Instant receiveTime)
    {
        var market = pair.Market;
        if (isSnapshot) market.BeginBook();
        else if (!market.HasBook)
        {
            // Either its snapshot is on its way, or the book was given up and a snapshot is asked for again.
            Counters.Add(Counter.BooksInDoubt);
            AskForSnapshot(pair, receiveTime);
            return 0;
        }

        if (!Levels(market.Bids, in fields.Bids) || !Levels(market.Asks, in fields.Asks)) return GiveUp(pair, receiveTime);
        // A snapshot is made when it is asked for; a change without a time does not make the book any younger.
        if (!TryTime(in fields.Timestamp, receiveTime, out var at) && isSnapshot && fields.Timestamp.IsAbsent) at = receiveTime;
        market.EndBook(at);
        if (!Agrees(pair, in fields.Checksum))
        {
            Counters.Add(Counter.BooksInDoubt);
            return GiveUp(pair, receiveTime);
        }

        if (market.IsCrossed) Counters.Add(Counter.BooksInDoubt);
        return market.Publish(_sink);
    }

    private bool Agrees(KrakenPair pair, in JsonValue checksum)
    {
        // Before the listing was seen, and for what is finer than what is kept, there is nothing to check with.
        if (BookChecksum.Of(pair.Market.Asks, pair.Market.Bids, pair.PriceDecimals, pair.QuantityDecimals) is not { } ours) return true;
        return checksum.TrySize(out var theirs) && checksum.IsSeen && theirs == ours;
    }

    private int GiveUp(KrakenPair pair, Instant receiveTime)
    {
        pair.Market.LoseBook();
        AskForSnapshot(pair, receiveTime);
        return 0;
    }

    private void AskForSnapshot(KrakenPair pair, Instant receiveTime)
    {
        if (receiveTime < pair.NextSnapshotAt) return;
        pair.NextSnapshotAt = receiveTime + SnapshotPause;
        _replies ??= [];
        _replies.Add(Encoding.ASCII.GetBytes($$$"""{"method":"unsubscribe","params":{"channel":"book","symbol":["{{{pair.Market.Pair.Symbol}}}"],"depth":{{{BookDepth}}}}}"""));
        _replies.Add(KrakenAdapter.SubscribeToBooks([pair.Market.Pair.Symbol]));
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
            if (!item.IsObject || !ReadLevel(item.Text, ref price, ref quantity) || !quantity.IsNumber || !QuantityText.TryParseE8(quantity.Text, out var units))
            {
                Counters.Add(Counter.RejectedFields);
                return false;
            }

            if (!price.TryPrice(out var at))
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
        var fields = JsonWalk.Object(text);
        var single = true;
        while (fields.NextField(out var name, out var value))
        {
            if (name.SequenceEqual("price"u8)) single &= JsonWalk.Take(ref price, in value);
            else if (name.SequenceEqual("qty"u8)) single &= JsonWalk.Take(ref quantity, in value);
        }

        return single;
    }

    private int Trades(in JsonValue data, Instant receiveTime)
    {
        var quotes = 0;
        if (!data.IsArray)
        {
            Counters.Add(Counter.RejectedFields);
            return 0;
        }

        var items = JsonWalk.Array(data.Text);
        while (items.NextItem(out var item))
        {
            var fields = default(TradeFields);
            if (!item.IsObject || !fields.ReadAll(item.Text)) Counters.Add(Counter.RejectedFields);
            else if (!TryPair(in fields.Symbol, out var pair)) continue;
            else if (!fields.Price.TryPrice(out var price)) Counters.Add(Counter.RejectedPrices);
            else if (!TryTime(in fields.Timestamp, receiveTime, out var at)) Counters.Add(Counter.RejectedTimestamps);
            else
            {
                pair.Market.Traded(price, at);
                quotes += pair.Market.Publish(_sink);
            }
        }

        return quotes;
    }

    /// <summary>A ticker says the last price before any trade has come. Its sides are the book's, and its time is not the trade's.</summary>
    private int Tickers(in JsonValue data)
    {
        var quotes = 0;
        if (!data.IsArray)
        {
            Counters.Add(Counter.RejectedFields);
            return 0;
        }

        var items = JsonWalk.Array(data.Text);
        while (items.NextItem(out var item))
        {
            var fields = default(TradeFields);
            if (!item.IsObject || !fields.ReadAll(item.Text)) Counters.Add(Counter.RejectedFields);
            else if (!TryPair(in fields.Symbol, out var pair)) continue;
            else if (!fields.Last.TryPrice(out var last)) Counters.Add(Counter.RejectedPrices);
            else if (pair.Market.Last.IsNone)
            {
                pair.Market.Traded(last, default);
                quotes += pair.Market.Publish(_sink);
            }
            else Counters.Add(Counter.IgnoredEvents);
        }

        return quotes;
    }

    private bool TryPair(in JsonValue symbol, out KrakenPair pair)
    {
        pair = null!;
        if (!symbol.IsPlainString)
        {
            Counters.Add(Counter.RejectedFields);
            return false;
        }

        if (!_index.TryFind(symbol.Text, out var place))
        {
            Counters.Add(Counter.UnknownSymbols);
            return false;
        }

        pair = _pairs[place.Index];
        return true;
    }

    /// <summary>A time that is there and not of the future. False, and counted, when there is another; not counted when there is none.</summary>
    private bool TryTime(in JsonValue timestamp, Instant receiveTime, out Instant at)
    {
        at = default;
        if (timestamp.IsAbsent) return false;
        if (timestamp.TryRfc3339(out at) && at - receiveTime <= _maxClockLead) return true;
        Counters.Add(Counter.RejectedTimestamps);
        at = default;
        return false;
    }

    /// <summary>What a frame begins with, in whatever order.</summary>
    private ref struct Envelope
    {
        public JsonValue Method;
        public JsonValue Success;
        public JsonValue Error;
        public JsonValue Channel;
        public JsonValue Type;
        public JsonValue Data;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("method"u8)) single &= JsonWalk.Take(ref Method, in value);
                else if (name.SequenceEqual("success"u8)) single &= JsonWalk.Take(ref Success, in value);
                else if (name.SequenceEqual("error"u8)) single &= JsonWalk.Take(ref Error, in value);
                else if (name.SequenceEqual("channel"u8)) single &= JsonWalk.Take(ref Channel, in value);
                else if (name.SequenceEqual("type"u8)) single &= JsonWalk.Take(ref Type, in value);
                else if (name.SequenceEqual("data"u8)) single &= JsonWalk.Take(ref Data, in value);
            }

            return single;
        }
    }

    private ref struct PairFields
    {
        public JsonValue Symbol;
        public JsonValue Status;
        public JsonValue PricePrecision;
        public JsonValue QuantityPrecision;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("symbol"u8)) single &= JsonWalk.Take(ref Symbol, in value);
                else if (name.SequenceEqual("status"u8)) single &= JsonWalk.Take(ref Status, in value);
                else if (name.SequenceEqual("price_precision"u8)) single &= JsonWalk.Take(ref PricePrecision, in value);
                else if (name.SequenceEqual("qty_precision"u8)) single &= JsonWalk.Take(ref QuantityPrecision, in value);
            }

            return single;
        }
    }

    private ref struct BookFields
    {
        public JsonValue Symbol;
        public JsonValue Bids;
        public JsonValue Asks;
        public JsonValue Checksum;
        public JsonValue Timestamp;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("symbol"u8)) single &= JsonWalk.Take(ref Symbol, in value);
                else if (name.SequenceEqual("bids"u8)) single &= JsonWalk.Take(ref Bids, in value);
                else if (name.SequenceEqual("asks"u8)) single &= JsonWalk.Take(ref Asks, in value);
                else if (name.SequenceEqual("checksum"u8)) single &= JsonWalk.Take(ref Checksum, in value);
                else if (name.SequenceEqual("timestamp"u8)) single &= JsonWalk.Take(ref Timestamp, in value);
            }

            return single;
        }
    }

    /// <summary>A trade's, and of a ticker the last price.</summary>
    private ref struct TradeFields
    {
        public JsonValue Symbol;
        public JsonValue Price;
        public JsonValue Last;
        public JsonValue Timestamp;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("symbol"u8)) single &= JsonWalk.Take(ref Symbol, in value);
                else if (name.SequenceEqual("price"u8)) single &= JsonWalk.Take(ref Price, in value);
                else if (name.SequenceEqual("last"u8)) single &= JsonWalk.Take(ref Last, in value);
                else if (name.SequenceEqual("timestamp"u8)) single &= JsonWalk.Take(ref Timestamp, in value);
            }

            return single;
        }
    }
}
