namespace OracleNode.Market;

/// <summary>
/// The sessions a vendor's market status leaves possible. Vendors differ in how much they tell: one says <c>extended-hours</c> for three sessions, another only
/// whether the regular session runs. Each bit is <c>1 &lt;&lt; (int)</c><see cref="MarketSession"/>.
/// </summary>
[Flags]
public enum SessionClaims : byte
{
    /// <summary>The vendor says nothing.</summary>
    None = 0,
    PreMarket = 1 << MarketSession.PreMarket,
    Regular = 1 << MarketSession.Regular,
    PostMarket = 1 << MarketSession.PostMarket,
    Overnight = 1 << MarketSession.Overnight,
    Closed = 1 << MarketSession.Closed,
    /// <summary>Trading, but not in the regular session.</summary>
    ExtendedHours = PreMarket | PostMarket | Overnight,
    /// <summary>Anything but the regular session.</summary>
    NotRegular = ExtendedHours | Closed,
}
