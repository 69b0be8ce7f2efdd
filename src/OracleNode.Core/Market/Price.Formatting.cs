namespace OracleNode.Market;

public readonly partial record struct Price : ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The most characters a price is written with: <c>92233720368.54775807</c>.</summary>
    public const int MaxFormattedLength = 20;

    /// <summary>The exact decimal number without trailing zeros, the same in every culture; <c>none</c> for <c>default</c>.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxFormattedLength];
        return TryFormat(text, out var written) ? text[..written].ToString() : string.Empty;
    }

    /// <summary>Writes what <see cref="ToString()"/> returns; false when the destination is too short.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        Span<byte> ascii = stackalloc byte[MaxFormattedLength];
        var length = FormatAscii(ascii);
        charsWritten = 0;
        if (destination.Length < length) return false;
        for (var i = 0; i < length; i++) destination[i] = (char)ascii[i];
        charsWritten = length;
        return true;
    }

    /// <summary>Writes what <see cref="ToString()"/> returns, as UTF-8; false when the destination is too short.</summary>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten)
    {
        Span<byte> ascii = stackalloc byte[MaxFormattedLength];
        var length = FormatAscii(ascii);
        bytesWritten = 0;
        if (!ascii[..length].TryCopyTo(utf8Destination)) return false;
        bytesWritten = length;
        return true;
    }

    // A price has one form: format and culture change nothing.
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    private int FormatAscii(Span<byte> ascii)
    {
        if (IsNone)
        {
            "none"u8.CopyTo(ascii);
            return 4;
        }
        return DecimalText.Write(ascii, (ulong)E8, Decimals);
    }
}
