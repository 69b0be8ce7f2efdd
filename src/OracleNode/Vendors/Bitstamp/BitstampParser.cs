using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;
using static OracleNode.Vendors.ParserCounters;

namespace OracleNode.Vendors.Bitstamp;

/// <summary>
/// Bitstamp's JSON frames, one object each: acknowledgements, errors, heartbeats and requests to reconnect (<c>bts:</c>), and whole books (<c>data</c> of
/// <c>order_book_</c> channels). A book that is not believed whole tells nothing; the next frame is a whole book again. No socket, no clock.
/// </summary>
internal sealed class BitstampParser
{
    // Every level is read; a currency's price is made of the best alone.
    private const int KeptLevels = 1;

    /// <summary>How long an acknowledged channel may tell no book before that is a fault: a pair that does not exist is acknowledged too.</summary>
    private static readonly TimeSpan FirstBookWait = TimeSpan.FromMinutes(2);

    /// <summary>How long no channel may tell a book before the connection is made anew, though heartbeats are answered.</summary>
    private static readonly TimeSpan BookSilence = TimeSpan.FromMinutes(10);

    private readonly ITokenMarketSink _sink;
    private readonly Duration _maxClockLead;
    private readonly Pair[] _pairs;
    private readonly SymbolTable _index;
    private readonly int _firstBookAnswers;
    private readonly int _silentAnswers;
    private int _answersSinceBook;

    /// <param name="pairs">The currencies that are asked for.</param>
    /// <param name="source">Stamped on every price.</param>
    /// <param name="upstream">Stamped on every price.</param>
    /// <param name="maxClockLead">How far ahead of the market clock a time may lie.</param>
    /// <param name="pingInterval">How often a heartbeat is sent: their answers measure time here.</param>
    /// <param name="sink">Where prices go.</param>
    public BitstampParser(IReadOnlyList<TokenPair> pairs, SourceId source, UpstreamId upstream, Duration maxClockLead, TimeSpan pingInterval, ITokenMarketSink sink)
    {
        _sink = sink;
        _maxClockLead = maxClockLead;
        _pairs = [.. pairs.Select(p => new Pair(ChannelOf(p), new PairMarket(p, source, upstream, KeptLevels, depthBps: 0)))];
        _index = TokenPairs.Index(pairs);
        (_firstBookAnswers, _silentAnswers) = (AnswersIn(FirstBookWait, pingInterval), AnswersIn(BookSilence, pingInterval));
    }

    /// <summary>What was counted.</summary>
    public ParserCounters Counters { get; } = new();

    private static ReadOnlySpan<byte> BookPrefix => "order_book_"u8;

    /// <summary>The channel of a pair's books.</summary>
    public static string ChannelOf(TokenPair pair) => "order_book_" + pair.Symbol;

    /// <summary>How many heartbeats are answered in a time; at least two, so that one that comes at once says nothing.</summary>
    internal static int AnswersIn(TimeSpan time, TimeSpan pingInterval) => (int)long.Max(2, (time.Ticks + pingInterval.Ticks - 1) / pingInterval.Ticks);

    /// <summary>A new connection: nothing of the one before holds.</summary>
    public void Forget()
    {
        _answersSinceBook = 0;
        foreach (var pair in _pairs) pair.Forget();
    }

    /// <inheritdoc cref="IVendorAdapter.Parse"/>
    public FrameResult Parse(ReadOnlySpan<byte> frame, Instant receiveTime)
    {
        try
        {
            var fields = default(Envelope);
            if (!fields.ReadAll(frame) || !fields.Event.IsPlainString)
            {
                Counters.Add(Counter.RejectedFields);
                return default;
            }

            var happening = fields.Event.Text;
            if (happening.SequenceEqual("data"u8)) return Data(in fields, receiveTime);
            if (happening.SequenceEqual("bts:heartbeat"u8)) return Heartbeat();
            if (happening.SequenceEqual("bts:subscription_succeeded"u8)) return Acknowledged(in fields.Channel);
            if (happening.SequenceEqual("bts:error"u8)) return Refused(in fields);
            if (happening.SequenceEqual("bts:request_reconnect"u8))
            {
                Counters.Add(Counter.ControlEvents);
                return new FrameResult(FrameSignals.Alive, new VendorFault(VendorFaultKind.Disconnected, "bts:request_reconnect: the vendor asks for a new connection"));
            }

            Counters.Add(Counter.UnknownTypes);
            return default;
        }
        catch (JsonException)
        {
            Counters.Add(Counter.MalformedFrames);
            return new FrameResult(FrameSignals.Malformed, null);
        }
    }

    private FrameResult Acknowledged(in JsonValue channel)
    {
        if (!TryPair(in channel, out var pair)) return default;
        Counters.Add(Counter.ControlEvents);
        pair.IsAcknowledged = true;
        return new FrameResult(FrameSignals.Alive | FrameSignals.Subscribed, null);
    }

    /// <summary>An error names no channel: it may be of any that is not acknowledged.</summary>
    private FrameResult Refused(in Envelope fields)
    {
        Counters.Add(Counter.ControlEvents);
        var error = default(ErrorFields);
        var isReadable = fields.Data.IsObject && error.ReadAll(fields.Data.Text);
        var code = isReadable && error.Code.IsNumber ? error.Code.Text : "bts:error"u8;
        var message = isReadable && error.Message.IsString ? error.Message.Text : "no message given"u8;
        return new FrameResult(FrameSignals.Alive, VendorFault.FromVendor(VendorFaultKind.SubscriptionRefused, code, message));
    }

    /// <summary>
    /// The answer to our own. It shows that the vendor is there, not that a book still stands: it makes none younger. Since it comes as often as it is asked for, it also
    /// measures for how long no book came.
    /// </summary>
    private FrameResult Heartbeat()
    {
        Counters.Add(Counter.ControlEvents);
        _answersSinceBook++;
        if (_answersSinceBook == _silentAnswers)
            return new FrameResult(FrameSignals.Alive, new VendorFault(VendorFaultKind.Silence, $"{_answersSinceBook} heartbeats were answered and no book came"));

        List<string>? silent = null;
        foreach (var pair in _pairs)
            if (pair.IsAcknowledged && !pair.HasSpoken && ++pair.AnswersSinceAcknowledged == _firstBookAnswers)
                (silent ??= []).Add(pair.Channel);
        return new FrameResult(FrameSignals.Alive, silent is null ? null : new VendorFault(
            VendorFaultKind.SubscriptionRefused,
            $"{string.Join(", ", silent)}: acknowledged, and {_firstBookAnswers} heartbeats later without a book, as a pair is that does not exist"));
    }

    private FrameResult Data(in Envelope fields, Instant receiveTime)
    {
        if (!TryPair(in fields.Channel, out var pair)) return default;
        pair.HasSpoken = true;
        _answersSinceBook = 0;
        var quotes = Book(pair, in fields.Data, receiveTime);
        Counters.Add(Counter.Observations, quotes);
        return new FrameResult(FrameSignals.Alive, null) { Quotes = quotes };
    }

    private int Book(Pair pair, in JsonValue data, Instant receiveTime)
    {
        var market = pair.Market;
        var book = default(BookFields);
        if (!data.IsObject || !book.ReadAll(data.Text)) return GiveUp(market, Counter.RejectedFields);
        if (!book.Stamp.IsPlainString || !EpochTime.TryRead(book.Stamp.Text, EpochUnit.Microseconds, out var at) || at - receiveTime > _maxClockLead)
            return GiveUp(market, Counter.RejectedTimestamps);
        if (at <= pair.At)
        {
            // Told before, or overtaken by what is known: the book stays as it is.
            Counters.Add(at == pair.At ? Counter.IgnoredEvents : Counter.RejectedTimestamps);
            return 0;
        }

        pair.At = at;
        market.BeginBook();
        if (Levels(market.Bids, in book.Bids, isBid: true) is { } wrongBid) return GiveUp(market, wrongBid);
        if (Levels(market.Asks, in book.Asks, isBid: false) is { } wrongAsk) return GiveUp(market, wrongAsk);
        market.EndBook(at);
        // Whether the pair trades is not told here: the books of one that does not stop changing, and grow old.
        market.IsTrading = true;
        if (market.IsCrossed || market.Bids.Count == 0 || market.Asks.Count == 0) Counters.Add(Counter.BooksInDoubt);
        return market.Publish(_sink);
    }

    private int GiveUp(PairMarket market, Counter why)
    {
        Counters.Add(why);
        market.LoseBook();
        return 0;
    }

    /// <summary>Reads a side, best first. Answers what is wrong with it; null when nothing is.</summary>
    private static Counter? Levels(BookSide side, in JsonValue levels, bool isBid)
    {
        if (!levels.IsArray) return Counter.RejectedFields;
        var last = 0L;
        var items = JsonWalk.Array(levels.Text);
        while (items.NextItem(out var item))
        {
            if (!item.IsArray) return Counter.RejectedFields;
            var level = JsonWalk.Array(item.Text);
            if (!level.NextItem(out var price) || !level.NextItem(out var amount) || level.NextItem(out _)) return Counter.RejectedFields;
            if (!amount.IsPlainString || !QuantityText.TryParseE8(amount.Text, out var units) || units == 0) return Counter.RejectedFields;
            if (!price.IsPlainString || !Price.TryParse(price.Text, out var at, out _)) return Counter.RejectedPrices;
            if (last == 0) side.Set(at.E8, units);
            else if (isBid ? at.E8 >= last : at.E8 <= last) return Counter.BooksInDoubt;
            last = at.E8;
        }

        return null;
    }

    private bool TryPair(in JsonValue channel, out Pair pair)
    {
        pair = null!;
        if (!channel.IsPlainString)
        {
            Counters.Add(Counter.RejectedFields);
            return false;
        }

        if (!channel.Text.StartsWith(BookPrefix))
        {
            Counters.Add(Counter.UnknownTypes);
            return false;
        }

        if (!_index.TryFind(channel.Text[BookPrefix.Length..], out var place))
        {
            Counters.Add(Counter.UnknownSymbols);
            return false;
        }

        pair = _pairs[place.Index];
        return true;
    }

    /// <summary>One pair as Bitstamp tells it on the connection that stands.</summary>
    private sealed class Pair(string channel, PairMarket market)
    {
        public string Channel { get; } = channel;

        public PairMarket Market { get; } = market;

        public bool IsAcknowledged { get; set; }

        public bool HasSpoken { get; set; }

        public int AnswersSinceAcknowledged { get; set; }

        /// <summary>Stamp of the newest book, whether or not it was believed.</summary>
        public Instant At { get; set; } = Instant.MinValue;

        public void Forget()
        {
            Market.Forget();
            (IsAcknowledged, HasSpoken, AnswersSinceAcknowledged, At) = (false, false, 0, Instant.MinValue);
        }
    }

    /// <summary>What a frame begins with, in whatever order.</summary>
    private ref struct Envelope
    {
        public JsonValue Event;
        public JsonValue Channel;
        public JsonValue Data;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("event"u8)) single &= JsonWalk.Take(ref Event, in value);
                else if (name.SequenceEqual("channel"u8)) single &= JsonWalk.Take(ref Channel, in value);
                else if (name.SequenceEqual("data"u8)) single &= JsonWalk.Take(ref Data, in value);
            }

            return single;
        }
    }

    private ref struct BookFields
    {
        public JsonValue Bids;
        public JsonValue Asks;
        public JsonValue Stamp;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("bids"u8)) single &= JsonWalk.Take(ref Bids, in value);
                else if (name.SequenceEqual("asks"u8)) single &= JsonWalk.Take(ref Asks, in value);
                else if (name.SequenceEqual("microtimestamp"u8)) single &= JsonWalk.Take(ref Stamp, in value);
            }

            return single;
        }
    }

    private ref struct ErrorFields
    {
        public JsonValue Code;
        public JsonValue Message;

        public bool ReadAll(ReadOnlySpan<byte> text)
        {
            var fields = JsonWalk.Object(text);
            var single = true;
            while (fields.NextField(out var name, out var value))
            {
                if (name.SequenceEqual("code"u8)) single &= JsonWalk.Take(ref Code, in value);
                else if (name.SequenceEqual("message"u8)) single &= JsonWalk.Take(ref Message, in value);
            }

            return single;
        }
    }
}
