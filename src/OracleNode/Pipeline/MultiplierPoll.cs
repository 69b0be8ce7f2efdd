using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>Looks at the readings of the tokens' multipliers and says what changed. A reading that can no longer be used is a change too.</summary>
/// <param name="readings">By token: the latest reading, or null when there is none to be used. Cheap and thread-safe.</param>
internal sealed class MultiplierPoll(IReadOnlyList<Func<MultiplierTerms?>> readings)
{
    private readonly Func<MultiplierTerms?>[] _readings = [.. readings];
    private readonly MultiplierTerms?[] _last = new MultiplierTerms?[readings.Count];
    private readonly bool[] _failed = new bool[readings.Count];

    /// <summary>Hands every change to the fold.</summary>
    public void Poll(Instant now, OracleFold fold)
    {
        for (var i = 0; i < _readings.Length; i++)
        {
            if (_failed[i]) continue;
            MultiplierTerms? reading;
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

            if (reading == _last[i]) continue;
            _last[i] = reading;
            fold.Apply(MarketInput.Of(now, new MultiplierUpdate(new TokenId(i), reading)), arrivedAt: 0);
        }
    }
}
