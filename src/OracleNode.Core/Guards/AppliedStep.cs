using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// Since when a token's multiplier is of after its last large step (above <see cref="TokenSettings.MultiplierStepBps"/>): what the record says, so that a consumer that pauses
/// for a while after a step can. Until a price of after the step is published, the record has the one before it, and says what applies and since when.
/// </summary>
internal struct AppliedStep
{
    private Multiplier _staged;
    private Instant _stagedAt;
    private Multiplier _landed;
    private Instant _landedAt;
    private Instant? _since;

    /// <summary>Goes on from what a chain's record says.</summary>
    public void Restore(in RestoredFeed last)
    {
        this = default;
        if (last.ActivationAt is not { } at) return;
        if (last.NextMultiplier.IsNone) _since = at;
        else (_staged, _stagedAt) = (last.NextMultiplier, at);
    }

    /// <summary>Takes in what the token's chain says.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="terms">The same as it stands now.</param>
    /// <param name="published">The multiplier of the last price; none when there was no price.</param>
    /// <param name="settings">The rules.</param>
    public void Note(in MultiplierTerms reading, in MultiplierTerms terms, Multiplier published, TokenSettings settings)
    {
        var current = terms.Current;
        if (current.IsNone) return;
        var step = ShareRatio.Of(published, current);
        if (published.IsNone || current == published || !(step.IsNone || step.IsBeyond(settings.MultiplierStepBps)))
        {
            _landed = default;
        }
        else if (current != _landed)
        {
            // One that nobody announced applies at the latest since the chain's block that has it.
            _landed = current;
            if (reading.Next == current && reading.ActivationAt is { } due) _landedAt = due;
            else if (_staged == current && _stagedAt <= (reading.ChainTime ?? reading.ReadAt)) _landedAt = _stagedAt;
            else _landedAt = reading.ChainTime ?? reading.ReadAt;
        }

        if (terms.ActivationAt is { } activation) (_staged, _stagedAt) = (terms.Next, activation);
    }

    /// <summary>A price of after all of it was published.</summary>
    public void Settle()
    {
        if (!_landed.IsNone) _since = _landedAt;
        _landed = default;
    }

    /// <summary>What the record says besides the multiplier of its price.</summary>
    /// <param name="terms">The reading as it stands now; null when there is none that can be used.</param>
    /// <param name="last">What the record said before: stands while nothing can be read.</param>
    /// <param name="settings">The rules.</param>
    /// <param name="now">Market time.</param>
    public readonly (Multiplier Next, Instant? At) Say(in MultiplierTerms? terms, (Multiplier Next, Instant? At) last, TokenSettings settings, Instant now)
    {
        if (!_landed.IsNone) return (_landed, _landedAt);
        if (terms is { Current.IsNone: false } known)
        {
            if (!known.Next.IsNone) return (known.Next, known.ActivationAt);
        }
        else if (!last.Next.IsNone)
        {
            return last;
        }

        return (default, _since is { } since && now - since < settings.StepSaidFor ? since : null);
    }
}
