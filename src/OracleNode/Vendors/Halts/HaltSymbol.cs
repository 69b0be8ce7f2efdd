using System.Buffers;

namespace OracleNode.Vendors.Halts;

/// <summary>
/// One spelling for the suffixes of a symbol, since every list has its own: <c>BKSY WS</c>, <c>BKSY.W</c> and <c>BKSY+</c> are one warrant, <c>BRK B</c>, <c>BRK.B</c> and
/// <c>BRK/B</c> one class of share, <c>BAC PRL</c> and <c>BAC$L</c> one preferred.
/// </summary>
internal static class HaltSymbol
{
    private const int MaxLength = 16;

    private static readonly SearchValues<char> Separators = SearchValues.Create(" ./-_$+=^");

    /// <summary>Normalises; empty for what is no symbol.</summary>
    public static string Normalise(ReadOnlySpan<char> symbol)
    {
        symbol = symbol.Trim();
        if (symbol.Length is 0 or > MaxLength) return "";
        var at = symbol.IndexOfAny(Separators);
        var root = at < 0 ? symbol : symbol[..at];
        if (root.IsEmpty || !IsAlphanumeric(root)) return "";
        if (at < 0) return root.ToString().ToUpperInvariant();

        var suffix = Suffix(symbol[at..]);
        return suffix is null ? "" : suffix.Length == 0 ? root.ToString().ToUpperInvariant() : $"{root.ToString().ToUpperInvariant()}.{suffix}";
    }

    private static string? Suffix(ReadOnlySpan<char> text)
    {
        var letters = new char[text.Length + 1];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c)) letters[length++] = char.ToUpperInvariant(c);
            else if (c == '+') letters[length++] = 'W';
            else if (c == '=') letters[length++] = 'U';
            else if (c == '^') letters[length++] = 'R';
            else if (c == '$') letters[length++] = 'P';
            else if (!Separators.Contains(c)) return null;
        }

        var suffix = new string(letters, 0, length);
        return suffix switch
        {
            "WS" or "WT" => "W",
            "UN" => "U",
            "RT" => "R",
            _ when suffix.StartsWith("WS", StringComparison.Ordinal) && suffix.Length == 3 => "W" + suffix[2],
            _ when suffix.StartsWith("PR", StringComparison.Ordinal) && suffix.Length <= 3 => "P" + suffix[2..],
            _ => suffix,
        };
    }

    private static bool IsAlphanumeric(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c))
                return false;
        return true;
    }
}
