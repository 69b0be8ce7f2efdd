using NodaTime;

namespace OracleNode.Pricing;

/// <summary>Does a source's quote still follow the market: new stamps without new values, or new values without new stamps.</summary>
internal struct FreezeWatch
{
    /// <summary>So many values under one stamp, over <see cref="TimeLimit"/> of receiving them, are no burst of one moment.</summary>
    private const int ValueLimit = 3;

    private static readonly Duration TimeLimit = Duration.FromSeconds(5);

    private long _bid, _ask;
    private Instant _valueSince, _stamp, _stampReceived;
    private int _valuesOfStamp;

    /// <summary>For how long, by its stamps, the quote has been the same.</summary>
    public readonly Duration UnchangedFor => _stamp - _valueSince;

    /// <summary>Notes a quote; false when its stamp stands still while its values move.</summary>
    public bool Observe(long bid, long ask, Instant stamp, Instant received)
    {
        var isSame = bid == _bid && ask == _ask;
        if (stamp != _stamp)
        {
            (_stamp, _stampReceived, _valuesOfStamp) = (stamp, received, 0);
        }
        else if (!isSame)
        {
            _valuesOfStamp = int.Min(_valuesOfStamp + 1, ValueLimit);
        }

        if (!isSame) (_bid, _ask, _valueSince) = (bid, ask, stamp);
        return _valuesOfStamp < ValueLimit || received - _stampReceived <= TimeLimit;
    }
}
