using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// From the underlying's decision and a multiplier to a token's: T = U x M, one step, rounded half to even; confidence and ask up, bid down.
/// </summary>
public static class TokenRule
{
    /// <summary>No token stands for a trillion shares; below it every comparison stays within 128 bits.</summary>
    private static UInt128 MaxMultiplierE18 { get; } = UInt128.One << 100;

    /// <summary>Multiplies every price of the underlying's decision. False when the result is no price or does not fit 64 bits.</summary>
    public static bool TryMultiply(FeedDecision underlying, Multiplier multiplier, out TokenPrice token)
    {
        ArgumentNullException.ThrowIfNull(underlying);
        token = default;
        if (!multiplier.TryMultiplyRoundHalfEven(underlying.Price, out var price)) return false;
        if (!multiplier.TryMultiplyRoundUp(underlying.ConfidenceE8, out var confidence)) return false;
        multiplier.TryMultiplyRoundHalfEven(underlying.Ema, out var ema);

        // Both sides or none; a bid that rounds to nothing is none.
        var twoSided = multiplier.TryMultiplyRoundDown(underlying.Bid, out var bid) & multiplier.TryMultiplyRoundUp(underlying.Ask, out var ask);
        token = new TokenPrice(price, confidence, twoSided ? bid : default, twoSided ? ask : default, ema);
        return true;
    }

    /// <summary>The guards that ask for no price.</summary>
    /// <param name="latch">What the operator stopped.</param>
    /// <param name="inputs">What is said from outside.</param>
    /// <param name="isOffPeg"><see cref="IsOffPeg"/>.</param>
    /// <param name="settings">The rules.</param>
    internal static GuardVerdict JudgeStanding(in OperatorLatch latch, in GuardInputs inputs, bool isOffPeg, TokenSettings settings)
    {
        var stopped = latch.Judge();
        if (!stopped.Passes) return stopped;
        if (inputs.Operator == OperatorOrder.Hold) return GuardVerdict.Hold(HoldReasons.Operator, DecisionReason.OperatorHold);
        if (inputs.IsCodeChanged) return new GuardVerdict(GuardOutcome.Pause, HoldReasons.Identity, DecisionReason.CodeChanged);
        if (inputs.IsIssuerPaused) return GuardVerdict.Hold(HoldReasons.IssuerPause, DecisionReason.IssuerPaused);
        if (inputs.IsReserveAwaited) return GuardVerdict.Hold(HoldReasons.Reserve, DecisionReason.ReserveMissing);
        if (inputs.ReserveRatioBps < settings.MinReserveRatioBps) return GuardVerdict.Hold(HoldReasons.Reserve, DecisionReason.ReserveShort);
        if (isOffPeg) return GuardVerdict.Hold(HoldReasons.Depeg, DecisionReason.Depegged);
        return inputs.IsMultiplierDisputed ? GuardVerdict.Hold(HoldReasons.Disagreement, DecisionReason.MultiplierDisputed) : GuardVerdict.Pass;
    }

    /// <summary>Is the quote currency off its peg: what was found stands until it is known to be otherwise, however long nobody says anything.</summary>
    /// <param name="was">What was found before.</param>
    /// <param name="inputs">What is said from outside.</param>
    /// <param name="settings">The rules.</param>
    internal static bool IsOffPeg(bool was, in GuardInputs inputs, TokenSettings settings) =>
        inputs.PegDeviationBps is { } off ? off > settings.MaxPegDeviationBps || off < -settings.MaxPegDeviationBps : was;

    /// <summary>True when the peg of the token's quote currency is to be judged, and too few say what it is.</summary>
    internal static bool IsPegUnknown(in GuardInputs inputs, TokenSettings settings) => settings.PegCurrency.Length > 0 && inputs.PegDeviationBps is null;

    /// <summary>True when the reserves suffice to publish, and not to be relied on without a word: <see cref="TokenSettings.DegradeReserveRatioBps"/>.</summary>
    internal static bool IsReserveThin(in GuardInputs inputs, TokenSettings settings) => inputs.ReserveRatioBps < settings.DegradeReserveRatioBps;

    /// <summary>May the token's price be made now.</summary>
    /// <param name="underlying">The underlying's decision.</param>
    /// <param name="reading">The multiplier as it stands now, or null when none was ever read.</param>
    /// <param name="last">The token's last decision.</param>
    /// <param name="settings">The rules.</param>
    /// <param name="now">Market time.</param>
    /// <param name="token">The product, when it passes.</param>
    internal static GuardVerdict Judge(
        FeedDecision underlying, in MultiplierTerms? reading, FeedDecision last, TokenSettings settings, Instant now, out TokenPrice token)
    {
        token = default;
        if (!underlying.HasPrice) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingMissing);
        if (reading is not { } terms || terms.Current.IsNone) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.MultiplierMissing);
        if (now - terms.ReadAt > settings.MultiplierMaxAge) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.MultiplierStale);
        if (last.HasPrice && underlying.ObservedAt < last.ObservedAt)
            return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.UnderlyingOlder);
        if (terms.Current.E18 > MaxMultiplierE18 || terms.Next.E18 > MaxMultiplierE18 || !TryMultiply(underlying, terms.Current, out token)
            || !RecordLimits.Fit(token.Price.E8, token.ConfidenceE8, token.Bid.E8, token.Ask.E8, token.Ema.E8))
            return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.DoesNotFit);

        return GuardVerdict.Pass;
    }
}

/// <summary>An underlying's prices times a multiplier.</summary>
/// <param name="Price">Rounded half to even.</param>
/// <param name="ConfidenceE8">1e-8 units, rounded up.</param>
/// <param name="Bid">Rounded down; none when the underlying has none.</param>
/// <param name="Ask">Rounded up; none when the underlying has none.</param>
/// <param name="Ema">Rounded half to even; none when the underlying has none.</param>
public readonly record struct TokenPrice(Price Price, long ConfidenceE8, Price Bid, Price Ask, Price Ema);
