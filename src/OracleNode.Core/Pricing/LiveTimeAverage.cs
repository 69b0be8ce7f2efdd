using NodaTime;

namespace OracleNode.Pricing;

/// <summary>
/// Exponential moving average of the published price over Live time. The price is a step function, so each step weighs by how long it stood:
/// average' = price + (average - price) x exp(-elapsed / window), with the price that stood during the time elapsed. How often it is advanced does
/// not matter beyond rounding: per step less than 2^-57 of the distance plus 2^-32 of a unit of 1e-8.
/// </summary>
internal struct LiveTimeAverage
{
    private const int FractionBits = 32;
    private const int LowBits = 48;

    private Int128 _scaled;

    /// <summary>False until seeded.</summary>
    public readonly bool HasValue => _scaled != 0;

    /// <summary>The average in 1e-8 units, rounded half up; 0 until seeded.</summary>
    public readonly long E8 => (long)((_scaled + (Int128.One << (FractionBits - 1))) >> FractionBits);

    /// <summary>Sets the average.</summary>
    public void Seed(long priceE8) => _scaled = (Int128)priceE8 << FractionBits;

    /// <summary>Lets the time pass during which <paramref name="priceE8"/> stood.</summary>
    public void Advance(long priceE8, Duration elapsed, Duration window)
    {
        var price = (Int128)priceE8 << FractionBits;
        var distance = _scaled - price;
        var weight = ExponentialDecay.Weight(elapsed, window);
        _scaled = distance < 0 ? price - Scale((UInt128)(-distance), weight) : price + Scale((UInt128)distance, weight);
    }

    /// <summary>A number below 2^96 times a weight, rounded down, in two halves so that no product passes 128 bits.</summary>
    private static Int128 Scale(UInt128 distance, ulong weight)
    {
        var high = distance >> LowBits;
        var low = distance & ((UInt128.One << LowBits) - 1);
        var product = (high * weight >> (ExponentialDecay.FractionBits - LowBits)) + (low * weight >> ExponentialDecay.FractionBits);
        return (Int128)product;
    }
}
