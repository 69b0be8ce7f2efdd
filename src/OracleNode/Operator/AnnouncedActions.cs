using System.Text.Json;
using NodaTime;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Operator;

/// <summary>
/// The corporate actions document: <c>{"issuedAt", "actions":[{"reference","ticker" or "figi" and "mic","kind","newShares","oldShares","cash","effectiveOn","newTicker","withdrawn",
/// "by","reason"}, ...]}</c>. The document is the state: at a start all of it is given, later what is new or has changed under its reference.
/// </summary>
/// <param name="instruments">The node's instruments; null where any name is taken, which is where nothing is given.</param>
/// <param name="editions">What was taken over before.</param>
internal sealed class AnnouncedActions(ListedTickers? instruments, DocumentEditions editions)
{
    /// <summary>Name of the document.</summary>
    public const string Name = "corporate-actions";

    /// <summary>Most actions in a document.</summary>
    public const int MaxActions = 1024;

    /// <summary>Most shares on either side of a ratio.</summary>
    public const long MaxShares = 1_000_000;

    /// <summary>How long after its date an action must stay in the document unless it is withdrawn: the rules may still need it after a long weekend.</summary>
    private const int DaysKept = 7;

    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    private readonly Dictionary<string, CorporateActionNotice> _given = new(StringComparer.Ordinal);

    /// <summary>Gives what is new or has changed in a document, in its order. What the pipeline has no room for stays ungiven, with all that follows it, and is given at the next look.</summary>
    /// <param name="file">The document; genuine.</param>
    /// <param name="now">Market time.</param>
    /// <param name="give">Hands one to the pipeline; false when it has no room.</param>
    /// <returns>What was given.</returns>
    /// <exception cref="DocumentException">It is malformed, older than the last one, or leaves out what stands; nothing of it counts.</exception>
    public (IReadOnlyList<CorporateActionNotice> Fresh, string? Warning) Take(ReadOnlyMemory<byte> file, Instant now, Func<CorporateActionNotice, bool> give)
    {
        var (issuedAt, actions) = DocumentEntry.ReadList(file, "actions", MaxActions, ReadOne);
        editions.Require(Name, issuedAt, file.Span, now);
        var references = DistinctReferences(actions);
        var kept = now.InZone(NewYork).Date.PlusDays(-DaysKept);
        var missing = _given.Values.FirstOrDefault(g => !g.IsWithdrawn && g.EffectiveOn >= kept && !references.Contains(g.Reference));
        if (missing is not null) throw new DocumentException($"the action '{missing.Reference}' of {missing.EffectiveOn:uuuu-MM-dd} is left out: to take it back say \"withdrawn\": true; it may be left out {DaysKept} days after its date");
        var fresh = actions.Where(a => !_given.TryGetValue(a.Reference, out var before) || before != a).ToList();
        var given = fresh.TakeWhile(give).ToList();
        foreach (var action in given) _given[action.Reference] = action;
        var warning = editions.Keep(Name, issuedAt, file.Span);
        return (given, given.Count < fresh.Count ? $"{fresh.Count - given.Count} corporate action(s) are not given yet: {RareInputQueue.IsFull}" : warning);
    }

    /// <summary>Is it a document that a node with such instruments would read?</summary>
    /// <param name="file">The document, not signed yet.</param>
    /// <exception cref="DocumentException">No; it says why.</exception>
    public static void RequireWellFormed(ReadOnlyMemory<byte> file) =>
        DistinctReferences(DocumentEntry.ReadList(file, "actions", MaxActions, new AnnouncedActions(null, DocumentEditions.Open("")).ReadOne).Entries);

    private static HashSet<string> DistinctReferences(IReadOnlyList<CorporateActionNotice> actions)
    {
        var references = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < actions.Count; i++)
            if (!references.Add(actions[i].Reference))
                throw new DocumentException($"actions[{i}].reference = '{actions[i].Reference}': occurs twice");
        return references;
    }

    private CorporateActionNotice ReadOne(JsonElement element, string path)
    {
        var entry = new DocumentEntry(element, path, "reference", "ticker", "figi", "mic", "kind", "newShares", "oldShares", "cash", "effectiveOn", "newTicker", "withdrawn", "by", "reason");
        var reference = entry.Text("reference", DocumentEntry.MaxNameLength);
        var kind = entry.Member<CorporateActionKind>("kind");
        var on = entry.Date("effectiveOn");
        // What changes its name or leaves is known by it until the day before.
        var instrument = InstrumentOf(entry, kind is CorporateActionKind.TickerChange or CorporateActionKind.Delisting ? on.PlusDays(-1) : on);
        var (newShares, oldShares) = RatioOf(entry, kind);
        if (entry.Has("cash") && kind is CorporateActionKind.Split or CorporateActionKind.StockDividend or CorporateActionKind.TickerChange or CorporateActionKind.Listing)
            throw new DocumentException($"{path}.cash: a {kind} pays none");
        if (!entry.Has("cash") && kind == CorporateActionKind.CashDividend) throw new DocumentException($"{path}: a CashDividend needs 'cash', per share of before, in the quote currency");
        var cash = entry.Has("cash") ? entry.Price("cash") : default;
        if (entry.Has("newTicker") != (kind == CorporateActionKind.TickerChange)) throw new DocumentException($"{path}.newTicker: a TickerChange has one, and nothing else does");
        var reason = entry.Text("reason", DocumentEntry.MaxTextLength);
        var detail = kind == CorporateActionKind.TickerChange ? entry.Text("newTicker", Vendors.SymbolTable.MaxSymbolLength) : reason;
        return new CorporateActionNotice(
            instrument, kind, newShares, oldShares, cash, on, EvidenceClass.Operator, entry.Text("by", DocumentEntry.MaxTextLength), reference, entry.Flag("withdrawn"), detail);
    }

    private InstrumentId InstrumentOf(in DocumentEntry entry, LocalDate on)
    {
        var isByTicker = entry.Has("ticker");
        if (isByTicker == (entry.Has("figi") || entry.Has("mic"))) throw new DocumentException($"{entry.Path}: names its instrument by 'ticker', or by 'figi' and 'mic'");
        if (isByTicker)
        {
            var ticker = entry.Text("ticker", DocumentEntry.MaxNameLength);
            return instruments is null ? default : instruments.Find(ticker, on) ?? throw entry.Wrong("ticker", ticker, $"one that names a configured instrument on {on:uuuu-MM-dd}: {instruments}");
        }

        var figi = entry.Text("figi", DocumentEntry.MaxNameLength);
        var mic = entry.Text("mic", DocumentEntry.MaxNameLength);
        return instruments is null ? default : instruments.Find(figi, mic) ?? throw entry.Wrong("figi", figi, "the FIGI of a configured instrument that is listed on 'mic'");
    }

    private static (long NewShares, long OldShares) RatioOf(in DocumentEntry entry, CorporateActionKind kind)
    {
        var isThere = entry.Has("newShares") || entry.Has("oldShares");
        if (!isThere && kind is CorporateActionKind.Split or CorporateActionKind.StockDividend) throw new DocumentException($"{entry.Path}: a {kind} needs 'newShares' and 'oldShares': 10 and 1 for a ten for one split");
        if (!isThere) return default;
        if (kind is CorporateActionKind.CashDividend or CorporateActionKind.TickerChange or CorporateActionKind.Listing or CorporateActionKind.Delisting) throw new DocumentException($"{entry.Path}: a {kind} has no ratio");
        var ratio = (NewShares: entry.Count("newShares", MaxShares), OldShares: entry.Count("oldShares", MaxShares));
        if (ShareRatio.Of(ratio.NewShares, ratio.OldShares).IsNone) throw new DocumentException($"{entry.Path}: {ratio.NewShares} for {ratio.OldShares} is farther from one than {ShareRatio.Farthest}");
        if (ratio.NewShares == ratio.OldShares && kind is CorporateActionKind.Split) throw new DocumentException($"{entry.Path}: a split of {ratio.NewShares} for {ratio.OldShares} is none");
        if (ratio.NewShares <= ratio.OldShares && kind is CorporateActionKind.StockDividend) throw new DocumentException($"{entry.Path}: after a stock dividend there are more shares than before: 105 for 100 is one of 5 %");
        return ratio;
    }
}
