using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>The limits between which an instrument may trade. <c>default</c>: there is none.</summary>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
public readonly record struct PriceBand(Price Low, Price High);
