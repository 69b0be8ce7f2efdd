using System.Numerics;
using OracleNode.Chains;
using OracleNode.Market;

namespace OracleNode.Reserves;

/// <summary>From what a chain counts to shares.</summary>
internal static class SupplyArithmetic
{
    /// <summary>No token has more.</summary>
    private const int MaxDecimals = 36;

    /// <summary>Amount x shares per unit, scaled by 1e18 and rounded up, so that what is issued is never understated.</summary>
    /// <param name="amount">In the token's smallest unit.</param>
    /// <param name="decimals">Of the token.</param>
    /// <param name="sharesPerUnit">The multiplier where the amount is raw; one where it counts displayed tokens.</param>
    /// <exception cref="ChainException">The product is no number of shares.</exception>
    public static UInt128 SharesE18(UInt128 amount, int decimals, Multiplier sharesPerUnit)
    {
        if (decimals is < 0 or > MaxDecimals) throw new ChainException($"the token says it has {decimals} decimals; at most {MaxDecimals} are believed");
        var scale = BigInteger.Pow(10, decimals);
        var shares = ((BigInteger)amount * (BigInteger)sharesPerUnit.E18 + scale - 1) / scale;
        return shares <= (BigInteger)UInt128.MaxValue ? (UInt128)shares : throw new ChainException($"a supply of {amount} at {sharesPerUnit} shares per token is more than can be counted");
    }
}
