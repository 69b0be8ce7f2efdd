using NodaTime;

namespace OracleNode.MarketData;

/// <summary>How late each vendor is, and how its data differs.</summary>
internal sealed class VendorViewOptions
{
    /// <summary>Seed of the jitter and of the noise.</summary>
    public ulong Seed { get; set; } = 7;

    /// <summary>Massive: from the event to the vendor's wire.</summary>
    public Duration MassiveLatency { get; set; } = Duration.FromMilliseconds(12);

    /// <summary>Alpaca: from the event, or from the end of its conflation window, to the vendor's wire.</summary>
    public Duration AlpacaLatency { get; set; } = Duration.FromMilliseconds(35);

    /// <summary>Finazon: from the event to where a poll finds it.</summary>
    public Duration FinazonLatency { get; set; } = Duration.FromMilliseconds(150);

    /// <summary>Up to this much more, differently each time.</summary>
    public Duration Jitter { get; set; } = Duration.FromMilliseconds(8);

    /// <summary>Alpaca tells quotes once per window, the newest of each symbol.</summary>
    public Duration ConflationWindow { get; set; } = Duration.FromMilliseconds(250);

    /// <summary>
    /// How many cents IEX's own book may stand behind the national one on each side; null means 2 for a generated day and 0 for a
    /// recorded one, whose quotes are told as they were.
    /// </summary>
    public int? IexBehindCents { get; set; }
}
