using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// The latest word on what concerns more than one price: clocks, connections, reserves, pegs, operators' commands. Kept for the rules
/// that ask; bounded by the names that the configuration knows, and by <see cref="MaxNames"/> where it knows none.
/// </summary>
public sealed class MarketFacts
{
    /// <summary>Most clocks, pegs or commands that are kept of one kind; of more, those that came first stay.</summary>
    public const int MaxNames = 4096;

    private readonly Dictionary<(ClockReference, string), Dated<ClockMeasurement>> _clocks = [];
    private readonly Dictionary<(SourceId, string), Dated<PegReading>> _pegs = [];
    private readonly Dictionary<SourceId, Dated<SourceStatus>> _sources = [];
    private readonly Dictionary<TokenId, Dated<ReserveReading>> _reserves = [];
    private readonly Dictionary<(OperatorAction, FeedId?), Dated<OperatorCommand>> _commands = [];

    /// <summary>The latest measurement against each clock.</summary>
    public IReadOnlyCollection<Dated<ClockMeasurement>> Clocks => _clocks.Values;

    /// <summary>The latest reading of each currency by each source.</summary>
    public IReadOnlyCollection<Dated<PegReading>> Pegs => _pegs.Values;

    /// <summary>The latest command of each kind for each feed, in the order in which each was first given.</summary>
    public IReadOnlyCollection<Dated<OperatorCommand>> Commands => _commands.Values;

    /// <summary>A source's connection; null when nothing was said of it.</summary>
    public Dated<SourceStatus>? Of(SourceId source) => _sources.TryGetValue(source, out var status) ? status : null;

    /// <summary>A token's reserve; null when none was read.</summary>
    public Dated<ReserveReading>? Of(TokenId token) => _reserves.TryGetValue(token, out var reserve) ? reserve : null;

    internal void Keep(in MarketInput input)
    {
        var at = input.ReceivedAt;
        switch (input.Kind)
        {
            case MarketInputKind.Clock:
                Keep(_clocks, (input.Clock.Reference, input.Clock.Name), at, input.Clock);
                break;
            case MarketInputKind.Peg:
                Keep(_pegs, (input.Peg.Source, input.Peg.Currency), at, input.Peg);
                break;
            case MarketInputKind.SourceStatus:
                Keep(_sources, input.SourceStatus.Source, at, input.SourceStatus);
                break;
            case MarketInputKind.Reserve:
                Keep(_reserves, input.Reserve.Token, at, input.Reserve);
                break;
            case MarketInputKind.Operator:
                Keep(_commands, (input.Operator.Action, input.Operator.Feed), at, input.Operator);
                break;
        }
    }

    private static void Keep<TKey, T>(Dictionary<TKey, Dated<T>> kept, TKey key, Instant at, T value) where TKey : notnull
    {
        if (kept.Count < MaxNames || kept.ContainsKey(key)) kept[key] = new Dated<T>(at, value);
    }
}

/// <summary>Something and when the node learned of it.</summary>
public readonly record struct Dated<T>(Instant ReceivedAt, T Value);
