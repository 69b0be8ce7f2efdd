using NodaTime;
using OracleNode.Market;
using OracleNode.Tokens;

namespace OracleNode.Pipeline;

/// <summary>Looks at the readings of the tokens and says what changed. A reading that can no longer be used is a change too.</summary>
/// <param name="readings">By token: the latest reading, or null when there is none to be used. Cheap and thread-safe.</param>
/// <param name="codes">What code was accepted before the start; null where nothing is kept.</param>
internal sealed class TokenPoll(IReadOnlyList<Func<TokenReadout?>> readings, AcceptedCodes? codes = null)
{
    private readonly Func<TokenReadout?>[] _readings = [.. readings];
    private readonly TokenReadout?[] _last = new TokenReadout?[readings.Count];
    private readonly TokenReadout?[] _lastRead = new TokenReadout?[readings.Count];
    private readonly bool[] _failed = new bool[readings.Count];

    /// <summary>Hands every change to the fold: of one reading first the issuer's pause and the code, so that no multiplier is used before them.</summary>
    public void Poll(Instant now, OracleFold fold)
    {
        for (var i = 0; i < _readings.Length; i++)
        {
            if (_failed[i]) continue;
            TokenReadout? reading;
            try
            {
                reading = _readings[i]();
            }
            catch (Exception e)
            {
                _failed[i] = true;
                fold.StopToken(new TokenId(i), e);
                continue;
            }

            if (codes is not null && _lastRead[i] is not null) codes.Note(new TokenId(i), fold.AcceptedCodeOf(new TokenId(i)));
            if (reading == _last[i]) continue;
            var before = _last[i]?.Terms;
            _last[i] = reading;
            if (reading is not null)
            {
                // Ahead of the first reading, so that another code is another code from the first one on; and in the log, so that a replay knows it too.
                if (_lastRead[i] is null && codes?.RememberedOf(new TokenId(i)) is { } remembered)
                    fold.Apply(MarketInput.Of(now, new TokenStatus(new TokenId(i), false, remembered, now) { IsRemembered = true }), arrivedAt: 0);
                if (_lastRead[i] is not { } said || said.IsPaused != reading.IsPaused || said.CodeHash != reading.CodeHash)
                    fold.Apply(MarketInput.Of(now, new TokenStatus(new TokenId(i), reading.IsPaused, reading.CodeHash, reading.Terms?.ReadAt ?? now)), arrivedAt: 0);
                _lastRead[i] = reading;
            }

            if (reading?.Terms != before) fold.Apply(MarketInput.Of(now, new MultiplierUpdate(new TokenId(i), reading?.Terms)), arrivedAt: 0);
        }
    }
}
