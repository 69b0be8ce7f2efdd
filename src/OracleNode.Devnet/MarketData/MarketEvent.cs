using NodaTime;
using OracleNode.Market;

namespace OracleNode.MarketData;

/// <summary>One thing that happened to one symbol. Which members mean something follows from <see cref="Kind"/>.</summary>
internal readonly record struct MarketEvent
{
    public required Instant Time { get; init; }
    public required MarketEventKind Kind { get; init; }
    public required MarketSymbol Symbol { get; init; }

    /// <summary>National best bid; <c>default</c> when there is none.</summary>
    public Price Bid { get; init; }

    /// <summary>National best offer; <c>default</c> when there is none.</summary>
    public Price Ask { get; init; }

    /// <summary>Shares at the bid.</summary>
    public int BidSize { get; init; }

    /// <summary>Shares at the ask.</summary>
    public int AskSize { get; init; }

    /// <summary>SIP letter of the market at the bid. The two sides often stand at different markets.</summary>
    public char BidVenue { get; init; }

    /// <summary>SIP letter of the market at the ask.</summary>
    public char AskVenue { get; init; }

    /// <summary>Price of the print.</summary>
    public Price Last { get; init; }

    /// <summary>Shares of the print.</summary>
    public int Size { get; init; }

    /// <summary>SIP letter of the market of the print; <see cref="OffExchange"/> for a trade-reporting facility.</summary>
    public char Venue { get; init; }

    public PrintConditions Conditions { get; init; }

    /// <summary>The recording marks this row as doubted later; vendors sent it all the same.</summary>
    public bool Suspicious { get; init; }

    /// <summary>For <see cref="MarketEventKind.Status"/>: why it is halted, or none when it trades again.</summary>
    public HaltReason Halt { get; init; }

    /// <summary>SIP letter of FINRA's facilities: trades made away from the exchanges.</summary>
    public const char OffExchange = 'D';
}
