using NodaTime;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>The two multipliers of a mint. Which one holds is a matter of the time, not of the moment it was read.</summary>
/// <param name="Multiplier">Holds before <paramref name="EffectiveAt"/>.</param>
/// <param name="NewMultiplier">Holds from <paramref name="EffectiveAt"/> on, that second included.</param>
/// <param name="EffectiveAt">The switch; the epoch when nothing was ever staged.</param>
public readonly record struct ScaledUiAmount(Multiplier Multiplier, Multiplier NewMultiplier, Instant EffectiveAt)
{
    /// <summary>True while the issuer has paused minting, burning and transfers (Pausable extension).</summary>
    public bool IsPaused { get; init; }

    /// <summary>The multiplier that holds at a time.</summary>
    public Multiplier At(Instant now) => now >= EffectiveAt ? NewMultiplier : Multiplier;

    /// <summary>True while another multiplier is staged: its switch lies ahead and it changes something.</summary>
    public bool IsStagedAt(Instant now) => now < EffectiveAt && NewMultiplier != Multiplier;

    /// <summary>The same as any token's terms at a time of the cluster.</summary>
    internal TokenTerms TermsAt(Instant now) =>
        IsStagedAt(now) ? new TokenTerms(At(now), NewMultiplier, EffectiveAt, IsPaused) : new TokenTerms(At(now), default, null, IsPaused);
}
