using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace OracleNode.Market;

/// <summary>
/// One entry of the ordered log that the rules fold over. What is frequent (observations) is held in place and allocates nothing; what
/// is rare is a record of its own. Which member may be read follows from <see cref="Kind"/>; the others throw.
/// </summary>
public readonly record struct MarketInput
{
    private readonly Observation _observation;
    private readonly object? _rare;

    private MarketInput(MarketInputKind kind, Instant receivedAt, in Observation observation, object? rare)
    {
        Kind = kind;
        ReceivedAt = receivedAt;
        _observation = observation;
        _rare = rare;
    }

    public MarketInputKind Kind { get; }

    /// <summary>When the node learned of it (market time).</summary>
    public Instant ReceivedAt { get; }

    [UnscopedRef]
    public ref readonly Observation Observation => ref _observation;

    public MultiplierUpdate Multiplier => (MultiplierUpdate)_rare!;

    public CalendarActivation Calendar => (CalendarActivation)_rare!;

    public OperatorCommand Operator => (OperatorCommand)_rare!;

    public ClockMeasurement Clock => (ClockMeasurement)_rare!;

    public SourceStatus SourceStatus => (SourceStatus)_rare!;

    public ReserveReading Reserve => (ReserveReading)_rare!;

    public PegReading Peg => (PegReading)_rare!;

    public CorporateActionNotice CorporateAction => (CorporateActionNotice)_rare!;

    public TokenStatus TokenStatus => (TokenStatus)_rare!;

    public TokenMarketQuote TokenMarket => (TokenMarketQuote)_rare!;

    public WrapperRateReading WrapperRate => (WrapperRateReading)_rare!;

    public static MarketInput Of(in Observation observation) => new(MarketInputKind.Observation, observation.ReceiveTime, observation, null);

    public static MarketInput Of(Instant receivedAt, MultiplierUpdate multiplier) => Rare(MarketInputKind.Multiplier, receivedAt, multiplier);

    public static MarketInput Of(Instant receivedAt, CalendarActivation calendar) => Rare(MarketInputKind.Calendar, receivedAt, calendar);

    public static MarketInput Of(Instant receivedAt, OperatorCommand command) => Rare(MarketInputKind.Operator, receivedAt, command);

    public static MarketInput Of(Instant receivedAt, ClockMeasurement clock) => Rare(MarketInputKind.Clock, receivedAt, clock);

    public static MarketInput Of(Instant receivedAt, SourceStatus status) => Rare(MarketInputKind.SourceStatus, receivedAt, status);

    public static MarketInput Of(Instant receivedAt, ReserveReading reserve) => Rare(MarketInputKind.Reserve, receivedAt, reserve);

    public static MarketInput Of(Instant receivedAt, PegReading peg) => Rare(MarketInputKind.Peg, receivedAt, peg);

    public static MarketInput Of(Instant receivedAt, CorporateActionNotice notice) => Rare(MarketInputKind.CorporateAction, receivedAt, notice);

    public static MarketInput Of(Instant receivedAt, TokenStatus status) => Rare(MarketInputKind.TokenStatus, receivedAt, status);

    public static MarketInput Of(Instant receivedAt, TokenMarketQuote quote) => Rare(MarketInputKind.TokenMarket, receivedAt, quote);

    public static MarketInput Of(Instant receivedAt, WrapperRateReading rate) => Rare(MarketInputKind.WrapperRate, receivedAt, rate);

    private static MarketInput Rare(MarketInputKind kind, Instant receivedAt, object rare)
    {
        ArgumentNullException.ThrowIfNull(rare);
        return new MarketInput(kind, receivedAt, default, rare);
    }
}
