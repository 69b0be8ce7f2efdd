using NodaTime;

namespace OracleNode.Market;

/// <summary>A token's multiplier was read from its chain.</summary>
/// <param name="Token">The token.</param>
/// <param name="Terms">What was read; null when it can no longer be read, so that the last reading must not be used.</param>
public sealed record MultiplierUpdate(TokenId Token, MultiplierTerms? Terms);

/// <summary>Another calendar takes force at once.</summary>
/// <param name="Calendar">The calendar.</param>
/// <param name="Utf8Json">The file it was read from, for the record.</param>
public sealed record CalendarActivation(TradingCalendar Calendar, ReadOnlyMemory<byte> Utf8Json);

/// <summary>What an operator may ask for.</summary>
public enum OperatorAction : byte
{
    None = 0,
    /// <summary>Stop the feed until it is resumed.</summary>
    Pause = 1,
    /// <summary>Lift a pause.</summary>
    Resume = 2,
    /// <summary>Treat the instrument as halted.</summary>
    Halt = 3,
    /// <summary>Confirm a price that the rules hold for want of evidence.</summary>
    Confirm = 4,
    /// <summary>Stop the feed for good.</summary>
    Retire = 5,
}

/// <summary>An operator's command.</summary>
/// <param name="Action">What is asked for.</param>
/// <param name="Feed">The feed; null for every feed.</param>
/// <param name="Price">For <see cref="OperatorAction.Confirm"/>: the price that is confirmed; none otherwise.</param>
/// <param name="Until">When it ends by itself; null for never.</param>
/// <param name="By">Who asked.</param>
/// <param name="Note">Why.</param>
public sealed record OperatorCommand(OperatorAction Action, FeedId? Feed, Price Price, Instant? Until, string By, string Note);

/// <summary>What the node's clock was compared with.</summary>
public enum ClockReference : byte
{
    None = 0,
    /// <summary>A vendor's messages.</summary>
    Vendor = 1,
    /// <summary>A time server.</summary>
    Ntp = 2,
    /// <summary>The time of a chain's latest block.</summary>
    Chain = 3,
}

/// <summary>The node's clock was compared with another one.</summary>
/// <param name="Reference">What kind of clock it was.</param>
/// <param name="Name">Which one: the source's, server's or chain's name.</param>
/// <param name="Offset">The node's clock minus the other: positive when the node's is ahead.</param>
/// <param name="Uncertainty">Half-width within which the offset is known; not negative.</param>
public sealed record ClockMeasurement(ClockReference Reference, string Name, Duration Offset, Duration Uncertainty);

/// <summary>A source's connection came up or went down.</summary>
/// <param name="Source">The source.</param>
/// <param name="IsUp">True when it is connected and subscribed.</param>
/// <param name="Detail">Why it is down; empty when up.</param>
public sealed record SourceStatus(SourceId Source, bool IsUp, string Detail);

/// <summary>What backs a token was read.</summary>
/// <param name="Token">The token.</param>
/// <param name="BackingE18">Shares in custody, scaled by 1e18.</param>
/// <param name="IssuedE18">Shares that all tokens in circulation stand for, on every chain, scaled by 1e18; 0 when it can no longer be told.</param>
/// <param name="MeasuredAt">When it was so: the oldest of what custodians attest and chains said.</param>
public sealed record ReserveReading(TokenId Token, UInt128 BackingE18, UInt128 IssuedE18, Instant MeasuredAt)
{
    /// <summary>True when nothing can be told any more: a part of it is missing or too old.</summary>
    public bool IsWithdrawal => IssuedE18 == 0;
}

/// <summary>The price of a currency that stands for the quote currency was read.</summary>
/// <param name="Source">Who said it.</param>
/// <param name="Upstream">Where it was born; sources of one upstream are one vote.</param>
/// <param name="Currency">The currency, e.g. <c>USDC</c>.</param>
/// <param name="Price">Its price in the quote currency.</param>
/// <param name="EventTime">When, by the source's clock.</param>
public sealed record PegReading(SourceId Source, UpstreamId Upstream, string Currency, Price Price, Instant EventTime);
