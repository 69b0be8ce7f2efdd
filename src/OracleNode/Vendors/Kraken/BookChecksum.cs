using System.Buffers.Text;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Vendors.Kraken;

/// <summary>
/// Kraken's checksum of a book: CRC-32 over the ten best asks, then the ten best bids, each as price and quantity at the pair's precision without point and
/// leading zeros. Such a text is the digits of the number at that precision.
/// </summary>
internal static class BookChecksum
{
    private const int Levels = 10;
    private const int MaxDigits = 20;

    /// <summary>The checksum; null when the pair's precision is finer than what is kept, so that it cannot be computed.</summary>
    public static uint? Of(BookSide asks, BookSide bids, int priceDecimals, int quantityDecimals)
    {
        if (priceDecimals is < 0 or > Price.Decimals || quantityDecimals is < 0 or > Price.Decimals) return null;
        var crc = new Crc32();
        Add(ref crc, asks, priceDecimals, quantityDecimals);
        Add(ref crc, bids, priceDecimals, quantityDecimals);
        return crc.Value;
    }

    private static void Add(ref Crc32 crc, BookSide side, int priceDecimals, int quantityDecimals)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        for (var i = 0; i < Math.Min(Levels, side.Count); i++)
        {
            var (price, quantity) = side[i];
            Utf8Formatter.TryFormat(price / Scale(priceDecimals), digits, out var length);
            crc.Add(digits[..length]);
            Utf8Formatter.TryFormat(quantity / Scale(quantityDecimals), digits, out length);
            crc.Add(digits[..length]);
        }
    }

    private static long Scale(int decimals)
    {
        var scale = 1L;
        for (var i = decimals; i < Price.Decimals; i++) scale *= 10;
        return scale;
    }
}
