using System.Text;

namespace OracleNode.Market;

/// <summary>Computes feed ids as <c>Updates/README.md</c> lays down; the contracts compute the same at registration.</summary>
public static class FeedIdentity
{
    private const int MaxIdentityLength = 255;
    private const int MaxQuoteLength = 16;

    private static ReadOnlySpan<byte> Domain => "OracleNode feed v1"u8;

    /// <summary>The id of a feed, with the decimals every price has.</summary>
    /// <exception cref="ArgumentException">As <see cref="Compute(string, string, FeedUnit, int)"/>.</exception>
    public static FeedId Compute(Feed feed)
    {
        ArgumentNullException.ThrowIfNull(feed);
        return Compute(feed.Identity, feed.Quote, feed.Unit, Price.Decimals);
    }

    /// <summary>The id of a feed.</summary>
    /// <param name="identity">Canonical identity (see <see cref="Feed"/>), 1 to 255 visible ASCII characters.</param>
    /// <param name="quote">Quote currency, 1 to 16 visible ASCII characters.</param>
    /// <param name="unit">What one unit of the price buys; not <see cref="FeedUnit.Unknown"/>.</param>
    /// <param name="decimals">Must be <see cref="Price.Decimals"/>: no feed has another scale.</param>
    /// <exception cref="ArgumentException">An argument is outside its range; the message names it, its value and what would be right.</exception>
    public static FeedId Compute(string identity, string quote, FeedUnit unit, int decimals)
    {
        RequireVisibleAscii(identity, MaxIdentityLength, nameof(identity));
        RequireVisibleAscii(quote, MaxQuoteLength, nameof(quote));
        if (unit is < FeedUnit.UnderlyingShare or > FeedUnit.CurrencyUnit)
        {
            throw new ArgumentOutOfRangeException(nameof(unit), unit, $"A feed's unit is one of {string.Join(", ", Enum.GetNames<FeedUnit>()[1..])}.");
        }

        if (decimals != Price.Decimals)
        {
            throw new ArgumentOutOfRangeException(nameof(decimals), decimals, $"Every feed has {Price.Decimals} decimals.");
        }

        Span<byte> preimage = stackalloc byte[Domain.Length + 1 + MaxIdentityLength + 1 + MaxQuoteLength + 2];
        Domain.CopyTo(preimage);
        var length = Domain.Length;
        length += WriteText(preimage[length..], identity);
        length += WriteText(preimage[length..], quote);
        preimage[length++] = (byte)unit;
        preimage[length++] = (byte)decimals;

        Span<byte> hash = stackalloc byte[Keccak256.Length];
        Keccak256.Hash(preimage[..length], hash);
        return new FeedId(hash);
    }

    private static int WriteText(Span<byte> destination, string text)
    {
        destination[0] = (byte)text.Length;
        return 1 + Encoding.ASCII.GetBytes(text, destination[1..]);
    }

    // Blanks and control characters would give identities that look alike and hash apart.
    private static void RequireVisibleAscii(string text, int maxLength, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        if (text.Length is 0 || text.Length > maxLength || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException($"'{text}' ({text.Length} characters) is not 1 to {maxLength} visible ASCII characters.", name);
        }
    }
}
