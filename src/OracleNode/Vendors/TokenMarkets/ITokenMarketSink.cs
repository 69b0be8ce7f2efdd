using OracleNode.Market;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>Where a venue of tokens puts what it understood. Never blocks and never throws: only the latest of each pair is kept.</summary>
internal interface ITokenMarketSink
{
    /// <summary>The state of a token's market at one venue.</summary>
    void Publish(TokenMarketQuote quote);

    /// <summary>The price of a currency that stands for the dollar.</summary>
    void Publish(PegReading peg);
}
