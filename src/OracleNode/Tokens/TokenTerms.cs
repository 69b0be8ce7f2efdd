using NodaTime;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>What a token's chain says at one of its blocks. Staged or in force is judged by that block's own time.</summary>
/// <param name="Current">Shares per raw token in force.</param>
/// <param name="Next">The staged multiplier; none when nothing is staged.</param>
/// <param name="ActivationAt">When the staged one takes over; null when nothing is staged.</param>
/// <param name="IsPaused">True while the issuer has paused the token or its price.</param>
internal readonly record struct TokenTerms(Multiplier Current, Multiplier Next, Instant? ActivationAt, bool IsPaused)
{
    /// <summary>How far ahead a staged multiplier may lie: beyond it somebody confused milliseconds with seconds.</summary>
    public static readonly Duration MaxLead = Duration.FromDays(366);

    /// <summary>
    /// Terms from a pair as contracts keep it: the new multiplier is staged while its time lies ahead and it changes something; a time in
    /// the past stays where it was and says nothing.
    /// </summary>
    /// <param name="current">In force at the block.</param>
    /// <param name="next">The other of the pair.</param>
    /// <param name="activationSeconds">Unix seconds; 0 when nothing was ever staged.</param>
    /// <param name="chainTime">The block's time.</param>
    /// <param name="isPaused">The issuer's pause.</param>
    /// <param name="terms">The terms.</param>
    /// <returns>Null when they are usable; else what was found and what would be right.</returns>
    public static string? TryOf(Multiplier current, Multiplier next, UInt128 activationSeconds, Instant chainTime, bool isPaused, out TokenTerms terms)
    {
        terms = default;
        if (current.IsNone) return "its multiplier is 0";
        var latest = (chainTime + MaxLead).ToUnixTimeSeconds();
        if (activationSeconds > (UInt128)latest) return $"its new multiplier's time {activationSeconds} s lies more than {MaxLead.Days} days ahead; expected Unix seconds up to {latest}";
        var activation = Instant.FromUnixTimeSeconds((long)activationSeconds);
        if (activation <= chainTime || next == current)
        {
            terms = new TokenTerms(current, default, null, isPaused);
            return null;
        }

        if (next.IsNone) return "its staged multiplier is 0";
        terms = new TokenTerms(current, next, activation, isPaused);
        return null;
    }
}
