using System.Text;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Replay;

/// <summary>The names that an event file uses for what the configuration has, both ways.</summary>
internal sealed class EventNames
{
    /// <summary>In a halt, resume or market status: every symbol of the configuration.</summary>
    public const string EverySymbol = "*";

    private const int MaxNameLength = 128;

    private readonly Dictionary<string, int> _sources;
    private readonly Dictionary<string, (int Instrument, byte Alias)> _symbols;
    private readonly IReadOnlyList<TickerAlias>[] _tickers;
    private readonly Dictionary<string, int> _tokens;
    private readonly Dictionary<string, int> _feeds;
    private readonly Dictionary<FeedId, int> _feedOfId;
    private readonly Dictionary<string, string> _wrappers = new(StringComparer.Ordinal);

    public EventNames(NodeSettings settings)
    {
        Sources = settings.Sources;
        Symbols = [.. settings.Options.Instruments.Select(i => i.Ticker)];
        Tokens = [.. settings.Tokens.Select(t => t.Name)];
        Feeds = [.. settings.Feeds.Select(f => f.Feed)];
        Chains = [.. settings.Publishing.Keys];
        _sources = Index(Sources.Select(s => s.Name));
        _symbols = settings.Instruments.SelectMany((instrument, i) => instrument.Tickers.Select((t, alias) => (t.Ticker, Place: (i, (byte)alias)))).ToDictionary(p => p.Ticker, p => p.Place, StringComparer.Ordinal);
        _tickers = [.. settings.Instruments.Select(i => (IReadOnlyList<TickerAlias>)i.Tickers)];
        _tokens = TokenNames.Of(settings).ToDictionary(n => n.Key, n => n.Value.Id.Index, StringComparer.Ordinal);
        _feeds = Index(Feeds.Select(f => f.Name));

        foreach (var feed in settings.Feeds)
            if (feed.Derived is WrapperFeedRules wrapper)
                _wrappers[wrapper.Wrapper] = _wrappers[feed.Feed.Name] = wrapper.Wrapper;
        _feedOfId = Feeds.Select((f, i) => (Id: FeedIdentity.Compute(f), i)).ToDictionary(p => p.Id, p => p.i);
    }

    public IReadOnlyList<Source> Sources { get; }

    public IReadOnlyList<string> Symbols { get; }

    /// <summary>Tokens by their names.</summary>
    public IReadOnlyList<string> Tokens { get; }

    public IReadOnlyList<Feed> Feeds { get; }

    public IReadOnlyList<string> Chains { get; }

    /// <summary>Place of the feed with an id; -1 when there is none.</summary>
    public int PlaceOf(FeedId id) => _feedOfId.GetValueOrDefault(id, -1);

    public bool TrySource(ReadOnlySpan<byte> name, out int place) => TryFind(_sources, name, out place);

    /// <summary>The instrument that a ticker is of, and which of its tickers it is.</summary>
    public bool TrySymbol(ReadOnlySpan<byte> name, out int place, out byte alias)
    {
        var isFound = TryFind(_symbols, name, out var found);
        (place, alias) = isFound ? found : (-1, (byte)0);
        return isFound;
    }

    /// <summary>An instrument's ticker by its place.</summary>
    public string TickerOf(InstrumentId instrument, byte alias) =>
        alias < _tickers[instrument.Index].Count ? _tickers[instrument.Index][alias].Ticker : Symbols[instrument.Index];

    public bool TryToken(ReadOnlySpan<byte> name, out int place) => TryFind(_tokens, name, out place);

    public bool TryFeed(ReadOnlySpan<byte> name, out int place) => TryFind(_feeds, name, out place);

    /// <summary>A wrapper's canonical asset, by that or by the name of its feed; null when there is none.</summary>
    public string? TryWrapper(string name) => _wrappers.GetValueOrDefault(name);

    public IEnumerable<string> WrapperNames => _wrappers.Keys;

    public IEnumerable<string> SourceNames => _sources.Keys;

    public IEnumerable<string> NamesOfTokens => _tokens.Keys;

    public IEnumerable<string> FeedNames => _feeds.Keys;

    private static Dictionary<string, int> Index(IEnumerable<string> names) =>
        names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);

    private static bool TryFind(Dictionary<string, int> index, ReadOnlySpan<byte> name, out int place)
    {
        if (TryFind<int>(index, name, out place)) return true;
        place = -1;
        return false;
    }

    private static bool TryFind<T>(Dictionary<string, T> index, ReadOnlySpan<byte> name, out T? place)
    {
        place = default;
        if (name.Length > MaxNameLength) return false;
        Span<char> text = stackalloc char[MaxNameLength];
        return Encoding.UTF8.TryGetChars(name, text, out var length) && index.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out place);
    }
}
