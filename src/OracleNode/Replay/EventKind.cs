namespace OracleNode.Replay;

/// <summary>The kinds of lines in an event file; their names there are <see cref="EventFormat"/>'s.</summary>
internal enum EventKind : byte
{
    None = 0,
    Quote,
    Trade,
    Cancel,
    Correction,
    Halt,
    Resume,
    Band,
    Session,
    Multiplier,
    TokenStatus,
    Calendar,
    Reserve,
    Peg,
    ChainClock,
    NodeClock,
    SourceUp,
    SourceDown,
    Operator,
    Restore,
    Gap,
    Tick,
    CorporateAction,
    WrapperRate,
    TokenQuote,
}
