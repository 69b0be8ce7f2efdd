using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What an operator asks of one feed.</summary>
public enum OperatorOrder : byte
{
    None = 0,
    /// <summary>Keep the last good price for as long as this is asked.</summary>
    Hold = 1,
    /// <summary>Stop. Stays until <see cref="Resume"/>, also over a restart.</summary>
    Pause = 2,
    /// <summary>End a pause. A retired feed never resumes.</summary>
    Resume = 3,
    /// <summary>Stop for good.</summary>
    Retire = 4,
}

/// <summary>What somebody outside the feed found of one thing.</summary>
public enum GuardSignal : byte
{
    /// <summary>Nobody has looked: says nothing against publishing.</summary>
    NotKnown = 0,
    Good = 1,
    /// <summary>Stands against publishing.</summary>
    Bad = 2,
}

/// <summary>Whose word a price band is.</summary>
public enum BandOrigin : byte
{
    /// <summary>The listing market's, passed on by those who may be believed.</summary>
    Stated = 0,
    /// <summary>The node's own, around what the quorum agreed on.</summary>
    Computed = 1,
    /// <summary>The same, and for as long as a limit state and a pause take nothing was agreed on within it, nor a halt said: it holds no more.</summary>
    Lapsed = 2,
}

/// <summary>
/// What a feed's guards are told from outside before a tick, and which stands until it is told anew. <c>default</c> knows nothing and asks for nothing: every
/// member that is not known leaves its guard out.
/// </summary>
public readonly record struct GuardInputs
{
    /// <summary>What the operator asks.</summary>
    public OperatorOrder Operator { get; init; }

    /// <summary>
    /// The price that an operator confirms: a jump that lands within the session's jump limit of it counts as evidenced. None when nothing is confirmed. It
    /// confirms that price alone, not whatever comes next.
    /// </summary>
    public Price ConfirmedPrice { get; init; }

    /// <summary>The corporate action that the last price is from before of: from its trade date on the feed is paused until the price is of after it.</summary>
    public PendingAction Action { get; init; }

    /// <summary>All that is known of the instrument's corporate actions, whoever tells of them: what may not explain a jump makes it suspect. Null for nothing.</summary>
    public IReadOnlyList<CorporateAction>? Known { get; init; }

    /// <summary>Is there such an instrument now.</summary>
    public IdentityStanding Identity { get; init; }

    /// <summary>For a token: a dividend of the last weeks explains a step of the multiplier up to so many bps; 0 for none.</summary>
    public int DividendBps { get; init; }

    /// <summary>Is the node's clock right.</summary>
    public GuardSignal Clock { get; init; }

    /// <summary>Do calendar and market agree on the session.</summary>
    public GuardSignal Calendar { get; init; }

    /// <summary>Lower limit of the price band; none when there is no band.</summary>
    public Price BandLow { get; init; }

    /// <summary>Upper limit of the price band; none when there is no band.</summary>
    public Price BandHigh { get; init; }

    /// <summary>Whose word the band is.</summary>
    public BandOrigin BandOrigin { get; init; }

    /// <summary>The last official close; none lets the feed use the closing print it saw itself.</summary>
    public Price OfficialClose { get; init; }

    /// <summary>This feed's price at the moment from which <see cref="Related"/> is measured; none when there is nothing to compare.</summary>
    public Price MoveReference { get; init; }

    /// <summary>How related instruments moved since then.</summary>
    public RelatedMoves Related { get; init; }

    /// <summary>For a token: how far the quote currency is from what it stands for, in bps to either side; null when not known.</summary>
    public int? PegDeviationBps { get; init; }

    /// <summary>For a token: reserves over tokens issued, 10,000 being covered exactly; null when not known.</summary>
    public int? ReserveRatioBps { get; init; }

    /// <summary>For a token: readings of its reserves are expected, and there was none since the start.</summary>
    public bool IsReserveAwaited { get; init; }

    /// <summary>For a token: the issuer has paused it.</summary>
    public bool IsIssuerPaused { get; init; }

    /// <summary>For a token: other code than the accepted one answered for a token of its issuer, and the operator has not accepted it.</summary>
    public bool IsCodeChanged { get; init; }

    /// <summary>For a token: the chains differ on the multiplier of its issue, by too much or for too long.</summary>
    public bool IsMultiplierDisputed { get; init; }
}
