using OracleNode.Market;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>A configured token as a market of tokens needs it.</summary>
/// <param name="Id">Its place in the running configuration.</param>
/// <param name="Asset">Its CAIP-19 asset.</param>
internal readonly record struct VenueToken(TokenId Id, string Asset);
