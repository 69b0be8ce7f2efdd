namespace OracleNode.Market;

/// <summary>
/// A price in the quote currency as an exact integer of 1e-8 units. Always positive;
/// <c>default</c> means "no price" and is never published.
/// </summary>
public readonly partial record struct Price : IComparable<Price>
{
    /// <summary>Number of decimals every price has, on every chain.</summary>
    public const int Decimals = 8;

    /// <summary>One unit of the quote currency, in 1e-8 units.</summary>
    public const long One = 100_000_000;

    private Price(long e8) => E8 = e8;

    /// <summary>The price in 1e-8 of the quote currency; 0 only for <c>default</c>.</summary>
    public long E8 { get; }

    /// <summary>True for <c>default</c>: there is no price.</summary>
    public bool IsNone => E8 == 0;

    /// <summary>Makes a price from 1e-8 units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public static Price FromE8(long e8) =>
        e8 > 0 ? new Price(e8) : throw new ArgumentOutOfRangeException(nameof(e8), e8, "A price is a positive number of 1e-8 units.");

    /// <summary>Makes a price from 1e-8 units, or none where the value is not positive.</summary>
    public static bool TryFromE8(long e8, out Price price)
    {
        price = e8 > 0 ? new Price(e8) : default;
        return e8 > 0;
    }

    /// <inheritdoc/>
    public int CompareTo(Price other) => E8.CompareTo(other.E8);

    public static bool operator <(Price left, Price right) => left.E8 < right.E8;
    public static bool operator >(Price left, Price right) => left.E8 > right.E8;
    public static bool operator <=(Price left, Price right) => left.E8 <= right.E8;
    public static bool operator >=(Price left, Price right) => left.E8 >= right.E8;
}
