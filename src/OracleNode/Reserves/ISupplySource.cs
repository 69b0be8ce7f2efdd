using NodaTime;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>One chain's token of an issue: how many shares all of it stands for.</summary>
internal interface ISupplySource
{
    /// <summary>Name for people: the token's.</summary>
    string Name { get; }

    /// <summary>Reads it, all at one block. Bounded in size and time.</summary>
    /// <exception cref="Chains.ChainException">It could not be read, or what was read cannot be used.</exception>
    Task<SupplyReading> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What a token stood for at one block.</summary>
/// <param name="SharesE18">Shares, scaled by 1e18: tokens x multiplier where the chain counts raw tokens.</param>
/// <param name="Height">Block or slot.</param>
/// <param name="ChainTime">The chain's time there.</param>
/// <param name="Terms">The multiplier there, whether or not the shares were made with it: what a share is, is of before or after its steps.</param>
internal readonly record struct SupplyReading(UInt128 SharesE18, ulong Height, Instant ChainTime, TokenTerms Terms);
