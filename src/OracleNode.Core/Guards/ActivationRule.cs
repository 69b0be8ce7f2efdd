using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>What became of a new formula, source set or bound.</summary>
public enum ActivationVerdict : byte
{
    /// <summary>Not judged.</summary>
    None = 0,
    /// <summary>May run.</summary>
    Accepted = 1,
    /// <summary>Gives no price where the running one does.</summary>
    NoOutput = 2,
    /// <summary>Its price deviates too much from the running one.</summary>
    Deviates = 3,
    /// <summary>Its bounds exclude the running price.</summary>
    ExcludesPrice = 4,
}

/// <summary>
/// May a new configuration take over from the running one. Pure: the host runs both on the same input, or compares with what the chains hold. All
/// parameters are judged together, so that no half of a change is ever active alone.
/// </summary>
public static class ActivationRule
{
    /// <param name="running">The running configuration's price, or the one on chain; none accepts anything: there is nothing to deviate from.</param>
    /// <param name="proposed">The new configuration's price of the same moment; none when it has none.</param>
    /// <param name="minPrice">The new lower bound; none for none.</param>
    /// <param name="maxPrice">The new upper bound; none for none.</param>
    /// <param name="limitBps">How far the two prices may differ, in bps of the running one. 1 to 10,000.</param>
    public static ActivationVerdict Judge(Price running, Price proposed, Price minPrice, Price maxPrice, int limitBps)
    {
        if (running.IsNone) return ActivationVerdict.Accepted;
        if ((!minPrice.IsNone && running <= minPrice) || (!maxPrice.IsNone && running >= maxPrice)) return ActivationVerdict.ExcludesPrice;
        if (proposed.IsNone) return ActivationVerdict.NoOutput;
        return Bps.Exceeds(long.Abs(proposed.E8 - running.E8), running.E8, limitBps) ? ActivationVerdict.Deviates : ActivationVerdict.Accepted;
    }

    /// <summary>The first price after a start against the one the chains hold, while that is recent enough to tell a configuration from a market.</summary>
    internal static GuardVerdict JudgeStart(long price, Price onChain, Instant observedAt, Instant now, PricingSettings settings)
    {
        if (onChain.IsNone || now - observedAt > settings.ActivationMaxAge) return GuardVerdict.Pass;
        return Bps.Exceeds(long.Abs(price - onChain.E8), onChain.E8, settings.ActivationLimitBps)
            ? GuardVerdict.Hold(HoldReasons.Configuration, DecisionReason.ActivationDeviates)
            : GuardVerdict.Pass;
    }
}
