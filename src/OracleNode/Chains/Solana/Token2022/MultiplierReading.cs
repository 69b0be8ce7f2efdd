using NodaTime;
using OracleNode.Market;

namespace OracleNode.Chains.Solana;

/// <summary>What a mint said when it was last read. Immutable; ask it with the time of the price it shall scale.</summary>
/// <param name="Mint">The mint.</param>
/// <param name="Scaled">Its multipliers.</param>
/// <param name="ReadAt">Market time of the reading.</param>
/// <param name="Slot">Slot of the reading.</param>
public sealed record MultiplierReading(SolanaAddress Mint, ScaledUiAmount Scaled, Instant ReadAt, ulong Slot)
{
    /// <summary>Shares per raw token at a time.</summary>
    public Multiplier ValueAt(Instant now) => Scaled.At(now);

    /// <summary>The staged multiplier at a time; none when nothing is staged.</summary>
    public Multiplier NextAt(Instant now) => Scaled.IsStagedAt(now) ? Scaled.NewMultiplier : default;

    /// <summary>When the staged multiplier applies; null when nothing is staged.</summary>
    public Instant? ActivationAt(Instant now) => Scaled.IsStagedAt(now) ? Scaled.EffectiveAt : null;

    /// <summary>The same in the words of the rules, which apply a staged multiplier by themselves when its time comes.</summary>
    public Market.MultiplierTerms ToTerms() => new(Scaled.Multiplier, Scaled.NewMultiplier, Scaled.EffectiveAt, ReadAt);
}
