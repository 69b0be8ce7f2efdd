namespace OracleNode.Market;

/// <summary>A published price: of what, in which currency, in which unit.</summary>
/// <param name="Name">Short name for people, e.g. <c>TSLA</c> or <c>TSLAx</c>; never an identity.</param>
/// <param name="Instrument">The underlying instrument's place in the configuration.</param>
/// <param name="Identity">
/// Canonical identity: <c>figi:FIGI@MIC</c> for a share; the same, a <c>;</c> and a CAIP-19 asset for a token
/// (<c>figi:BBG000N9P4X5@XNAS;solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:Xs...</c>). A token's premium has the token's, a share's indication the share's, in units of their
/// own; a currency has <c>currency:USDC</c>.
/// </param>
/// <param name="Quote">Quote currency, <c>USD</c>.</param>
/// <param name="Unit">What one unit of the price buys.</param>
public sealed record Feed(string Name, InstrumentId Instrument, string Identity, string Quote, FeedUnit Unit)
{
    /// <summary>False for a ratio.</summary>
    public bool IsMoney => Unit is not (FeedUnit.PremiumRatio or FeedUnit.ReserveRatio);

    /// <summary>True when the price is the underlying's times a multiplier.</summary>
    public bool IsToken => Unit is FeedUnit.RawToken or FeedUnit.UiToken or FeedUnit.WrapperShare;
}
