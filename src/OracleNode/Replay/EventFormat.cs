using System.Collections.Frozen;

namespace OracleNode.Replay;

/// <summary>What an event file looks like: its header, its kinds and which keys each takes. The page for people is <c>README.md</c> beside this.</summary>
internal static class EventFormat
{
    /// <summary>The value of <c>format</c> in the header.</summary>
    public const string Name = "oraclenode-events";

    /// <summary>The value of <c>version</c> in the header.</summary>
    public const int Version = 1;

    /// <summary>Nothing that belongs into one line is longer; a calendar is the longest.</summary>
    public const int MaxLineBytes = 4 * 1024 * 1024;

    private const ulong Always = (1ul << (int)EventKey.T) | (1ul << (int)EventKey.Kind);
    private const ulong OfSource = (1ul << (int)EventKey.Source) | (1ul << (int)EventKey.Symbol);

    private static readonly (string Name, EventKind Kind, ulong Required, ulong Optional)[] Kinds =
    [
        ("quote", EventKind.Quote, OfSource, Keys(EventKey.At, EventKey.Bid, EventKey.Ask, EventKey.BidSize, EventKey.AskSize, EventKey.Conditions)),
        ("trade", EventKind.Trade, OfSource | Keys(EventKey.Price), Keys(EventKey.At, EventKey.Size, EventKey.Conditions, EventKey.Id)),
        ("cancel", EventKind.Cancel, OfSource | Keys(EventKey.Id), Keys(EventKey.At, EventKey.Price, EventKey.Size, EventKey.Conditions)),
        ("correction", EventKind.Correction, OfSource | Keys(EventKey.Id), Keys(EventKey.At, EventKey.Price, EventKey.Size, EventKey.Conditions)),
        ("halt", EventKind.Halt, OfSource | Keys(EventKey.Halt), Keys(EventKey.At)),
        ("resume", EventKind.Resume, OfSource, Keys(EventKey.At)),
        ("band", EventKind.Band, OfSource | Keys(EventKey.Lower, EventKey.Upper), Keys(EventKey.At)),
        ("session", EventKind.Session, OfSource | Keys(EventKey.Session), Keys(EventKey.At)),
        ("multiplier", EventKind.Multiplier, Keys(EventKey.Token, EventKey.Value), Keys(EventKey.Next, EventKey.Activation, EventKey.Time, EventKey.At)),
        ("token-status", EventKind.TokenStatus, Keys(EventKey.Token, EventKey.Paused), Keys(EventKey.Code, EventKey.Remembered, EventKey.At)),
        ("calendar", EventKind.Calendar, Keys(EventKey.Calendar), 0),
        ("reserve", EventKind.Reserve, Keys(EventKey.Token, EventKey.Backing, EventKey.Issued), Keys(EventKey.At)),
        ("peg", EventKind.Peg, Keys(EventKey.Source, EventKey.Currency), Keys(EventKey.Price, EventKey.At)),
        ("chain-clock", EventKind.ChainClock, Keys(EventKey.Chain, EventKey.Time), Keys(EventKey.UncertaintyMillis)),
        ("node-clock", EventKind.NodeClock, Keys(EventKey.Reference, EventKey.Name, EventKey.OffsetMillis), Keys(EventKey.UncertaintyMillis)),
        ("source-up", EventKind.SourceUp, Keys(EventKey.Source), 0),
        ("source-down", EventKind.SourceDown, Keys(EventKey.Source), Keys(EventKey.Detail)),
        ("operator", EventKind.Operator, Keys(EventKey.Action, EventKey.By), Keys(EventKey.Feed, EventKey.Price, EventKey.Until, EventKey.Detail)),
        ("restore", EventKind.Restore, Keys(EventKey.Feed, EventKey.Record, EventKey.Sequence), 0),
        ("gap", EventKind.Gap, Keys(EventKey.Lost), 0),
        ("tick", EventKind.Tick, 0, Keys(EventKey.Full)),
        ("corporate-action", EventKind.CorporateAction, Keys(EventKey.Symbol, EventKey.Action, EventKey.On, EventKey.Class, EventKey.By, EventKey.Reference),
            Keys(EventKey.Ratio, EventKey.Cash, EventKey.Withdrawn, EventKey.Detail)),
        ("wrapper-rate", EventKind.WrapperRate, Keys(EventKey.Wrapper, EventKey.Value), Keys(EventKey.Code, EventKey.At)),
        ("token-quote", EventKind.TokenQuote, Keys(EventKey.Source, EventKey.Token, EventKey.Currency, EventKey.Unit), Keys(EventKey.At, EventKey.Bid, EventKey.Ask, EventKey.BidSize, EventKey.AskSize, EventKey.Price, EventKey.Trading, EventKey.Value)),
    ];

    /// <summary>Keys by their names.</summary>
    public static FrozenDictionary<string, EventKey> KeyOf { get; } = new Dictionary<string, EventKey>(StringComparer.Ordinal)
    {
        ["t"] = EventKey.T,
        ["kind"] = EventKey.Kind,
        ["note"] = EventKey.Note,
        ["at"] = EventKey.At,
        ["source"] = EventKey.Source,
        ["symbol"] = EventKey.Symbol,
        ["bid"] = EventKey.Bid,
        ["ask"] = EventKey.Ask,
        ["bidSize"] = EventKey.BidSize,
        ["askSize"] = EventKey.AskSize,
        ["price"] = EventKey.Price,
        ["size"] = EventKey.Size,
        ["conditions"] = EventKey.Conditions,
        ["id"] = EventKey.Id,
        ["halt"] = EventKey.Halt,
        ["lower"] = EventKey.Lower,
        ["upper"] = EventKey.Upper,
        ["session"] = EventKey.Session,
        ["token"] = EventKey.Token,
        ["value"] = EventKey.Value,
        ["next"] = EventKey.Next,
        ["activation"] = EventKey.Activation,
        ["paused"] = EventKey.Paused,
        ["remembered"] = EventKey.Remembered,
        ["code"] = EventKey.Code,
        ["calendar"] = EventKey.Calendar,
        ["backing"] = EventKey.Backing,
        ["issued"] = EventKey.Issued,
        ["currency"] = EventKey.Currency,
        ["chain"] = EventKey.Chain,
        ["time"] = EventKey.Time,
        ["reference"] = EventKey.Reference,
        ["name"] = EventKey.Name,
        ["offsetMillis"] = EventKey.OffsetMillis,
        ["uncertaintyMillis"] = EventKey.UncertaintyMillis,
        ["detail"] = EventKey.Detail,
        ["action"] = EventKey.Action,
        ["feed"] = EventKey.Feed,
        ["until"] = EventKey.Until,
        ["by"] = EventKey.By,
        ["record"] = EventKey.Record,
        ["sequence"] = EventKey.Sequence,
        ["lost"] = EventKey.Lost,
        ["full"] = EventKey.Full,
        ["format"] = EventKey.Format,
        ["version"] = EventKey.Version,
        ["ticks"] = EventKey.Ticks,
        ["tickMillis"] = EventKey.TickMillis,
        ["on"] = EventKey.On,
        ["class"] = EventKey.Class,
        ["ratio"] = EventKey.Ratio,
        ["cash"] = EventKey.Cash,
        ["withdrawn"] = EventKey.Withdrawn,
        ["wrapper"] = EventKey.Wrapper,
        ["unit"] = EventKey.Unit,
        ["trading"] = EventKey.Trading,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Kinds by their names.</summary>
    public static FrozenDictionary<string, EventKind> KindOf { get; } = Kinds.ToFrozenDictionary(k => k.Name, k => k.Kind, StringComparer.Ordinal);

    /// <summary>Keys of the header: which must be there, and which may.</summary>
    public static (ulong Required, ulong Allowed) Header { get; } = (
        Keys(EventKey.Format, EventKey.Version), Keys(EventKey.Format, EventKey.Version, EventKey.Ticks, EventKey.TickMillis, EventKey.Note));

    /// <summary>Keys of a kind of event: which must be there, and which may.</summary>
    public static (ulong Required, ulong Allowed) KeysOf(EventKind kind)
    {
        var (_, _, required, optional) = Kinds[(int)kind - 1];
        return (Always | required, Always | required | optional | Keys(EventKey.Note));
    }

    /// <summary>A kind's name.</summary>
    public static string NameOf(EventKind kind) => Kinds[(int)kind - 1].Name;

    /// <summary>The names in a set of keys, for a message.</summary>
    public static string Describe(ulong keys) => string.Join(", ", KeyOf.Where(k => (keys >> (int)k.Value & 1) != 0).OrderBy(k => k.Value).Select(k => k.Key));

    private static ulong Keys(params ReadOnlySpan<EventKey> keys)
    {
        var set = 0ul;
        foreach (var key in keys) set |= 1ul << (int)key;
        return set;
    }
}

/// <summary>Every key that a line may have.</summary>
internal enum EventKey : byte
{
    T,
    Kind,
    Note,
    At,
    Source,
    Symbol,
    Bid,
    Ask,
    BidSize,
    AskSize,
    Price,
    Size,
    Conditions,
    Id,
    Halt,
    Lower,
    Upper,
    Session,
    Token,
    Value,
    Next,
    Activation,
    Paused,
    Remembered,
    Code,
    Calendar,
    Backing,
    Issued,
    Currency,
    Chain,
    Time,
    Reference,
    Name,
    OffsetMillis,
    UncertaintyMillis,
    Detail,
    Action,
    Feed,
    Until,
    By,
    Record,
    Sequence,
    Lost,
    Full,
    Format,
    Version,
    Ticks,
    TickMillis,
    On,
    Class,
    Ratio,
    Cash,
    Withdrawn,
    Wrapper,
    Unit,
    Trading,
}
