namespace OracleNode.Market;

/// <summary>Why something is not a <see cref="Price"/>.</summary>
public enum PriceError : byte
{
    /// <summary>It is one.</summary>
    None = 0,
    /// <summary>No characters at all.</summary>
    Empty,
    /// <summary>A plus sign, which JSON does not allow.</summary>
    Sign,
    /// <summary>A number below zero.</summary>
    Negative,
    /// <summary>Zero: on a side of a quote it says that there is no quote.</summary>
    Zero,
    NaN,
    Infinity,
    /// <summary>A hexadecimal literal.</summary>
    Hex,
    /// <summary>Does not begin with a digit: blanks, quotes, a currency sign, a bare decimal point.</summary>
    LeadingJunk,
    /// <summary>Begins like a number and is not a JSON number: trailing characters, a leading zero, digits missing.</summary>
    Malformed,
    /// <summary>Positive, and not a whole number of 1e-8 units; from a double: rounds to zero of them.</summary>
    TooPrecise,
    /// <summary>More than 92233720368.54775807.</summary>
    Overflow,
}
