using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>One wrapper's rate: the newest reading, and the last that counted.</summary>
internal sealed class WrapperRateWatch(WrapperSettings settings)
{
    /// <summary>Integer division inside the contracts loses less than this: 1e-12.</summary>
    private const long RoundingParts = 1_000_000_000_000;

    private const ulong One = 1_000_000_000_000_000_000;

    private WrapperRateReading? _reading;
    private string? _pinnedCode;
    private UInt128 _countedE18;
    private UInt128 _restoredE18;

    /// <summary>When the newest reading was taken; null while there is none.</summary>
    public Instant? ReadAt => _reading?.ReadAt;

    /// <summary>
    /// Goes on from what the chains hold: a rate that is a step above the one of the last price has to be confirmed, as without a start in between. The record has the whole
    /// multiplier; where the token's own was of another time, the rate is not known exactly, and only a step upward is judged by it.
    /// </summary>
    /// <param name="whole">The multiplier of the wrapper's record.</param>
    /// <param name="token">The multiplier of its token's record.</param>
    public void Restore(Multiplier whole, Multiplier token)
    {
        if (whole.IsNone || token.IsNone) return;
        var (left, by) = (whole.E18, token.E18);
        while (by >> 67 != 0) (left, by) = (left >> 1, by >> 1);
        var (quotient, rest) = UInt128.DivRem(left, by);
        if (quotient < 1_000_000_000) _restoredE18 = (quotient * One) + (rest * One / by);
    }

    /// <summary>Takes a reading in; an older one than is known, or one from the future, changes nothing.</summary>
    public void Take(WrapperRateReading reading, Instant receivedAt)
    {
        if (reading.ReadAt > receivedAt || reading.ReadAt < _reading?.ReadAt) return;
        _reading = reading;
        if (reading.RateE18 != 0) _pinnedCode ??= settings.CodeHash.Length > 0 ? settings.CodeHash : reading.CodeHash;
    }

    /// <summary>May the rate be used now, and which is it.</summary>
    /// <param name="now">Market time.</param>
    /// <param name="isConfirmed">True when an operator vouches for what a rate makes of the price; asked for a step only.</param>
    /// <param name="rate">The rate, when it passes.</param>
    public GuardVerdict Judge(Instant now, Func<Multiplier, bool> isConfirmed, out Multiplier rate)
    {
        rate = default;
        if (_reading is not { RateE18: var read } reading || read == 0) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.WrapperRateMissing);
        if (now - reading.ReadAt > settings.RateMaxAge) return GuardVerdict.Hold(HoldReasons.Stale, DecisionReason.WrapperRateStale);
        if (reading.CodeHash != _pinnedCode) return GuardVerdict.Hold(HoldReasons.Identity, DecisionReason.WrapperCodeChanged);
        if (read > WrapperSettings.MaxRateE18) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.WrapperRateCapped);
        if (settings.Formula != WrapperFormula.DinariWrapped && Apart(read, One) > 1 + (read / RoundingParts))
            return GuardVerdict.Hold(HoldReasons.Configuration, DecisionReason.WrapperFormulaBroken);
        if (read > settings.CapE18(now)) return GuardVerdict.Hold(HoldReasons.Bounds, DecisionReason.WrapperRateCapped);

        // Nothing counted yet: the snapshot is what it was before.
        var before = _countedE18 == 0 ? settings.SnapshotRate.E18 : _countedE18;
        var apart = Apart(read, before);
        var isStep = apart * Bps.Scale > before * (uint)settings.MaxStepBps;
        if (read < before && apart > 1 + (before / RoundingParts) && (!settings.MayFall || isStep)) return GuardVerdict.Hold(HoldReasons.Jump, DecisionReason.WrapperRateFell);
        rate = new Multiplier(read);
        var last = _countedE18 == 0 ? _restoredE18 : _countedE18;
        if (last != 0 && read > last && (read - last) * Bps.Scale > last * (uint)settings.MaxStepBps && !isConfirmed(rate))
        {
            rate = default;
            return GuardVerdict.Hold(HoldReasons.Jump, DecisionReason.WrapperRateStep);
        }

        _countedE18 = read;
        return GuardVerdict.Pass;
    }

    private static UInt128 Apart(UInt128 a, UInt128 b) => a > b ? a - b : b - a;
}
