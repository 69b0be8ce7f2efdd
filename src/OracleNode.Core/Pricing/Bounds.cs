using NodaTime;

namespace OracleNode.Pricing;

/// <summary>Range checks whose message says which value is wrong and what would be right.</summary>
internal static class Bounds
{
    public static void Check(string owner, string member, int value, int min, int max)
    {
        if (value < min || value > max)
            throw new ArgumentException($"{owner}.{member} is {value}; it must be {min} to {max}.", member);
    }

    public static void Check(string owner, string member, Duration value, Duration min, Duration max)
    {
        if (value < min || value > max)
            throw new ArgumentException($"{owner}.{member} is {value}; it must be {min} to {max}.", member);
    }

    /// <summary>As <see cref="Check(string, string, int, int, int)"/>, for the caller to say all that is wrong at once.</summary>
    public static void Note(ICollection<string> problems, string owner, string member, int value, int min, int max)
    {
        if (value < min || value > max) problems.Add($"{owner}.{member} is {value}; it must be {min} to {max}.");
    }

    /// <summary>As <see cref="Check(string, string, Duration, Duration, Duration)"/>, for the caller to say all that is wrong at once.</summary>
    public static void Note(ICollection<string> problems, string owner, string member, Duration value, Duration min, Duration max)
    {
        if (value < min || value > max) problems.Add($"{owner}.{member} is {value}; it must be {min} to {max}.");
    }
}
