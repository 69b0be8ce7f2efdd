using NodaTime;

namespace OracleNode.Pricing;

/// <summary>
/// A source's word that is far from the others' older ones. In a fast market the fastest honest source always is: whether it was wrong is known once the others have
/// spoken since. Wrong is what lies beyond every price from the one before it to the one they have come to by then.
/// </summary>
internal struct DoubtedWord
{
    private long _value, _low, _high;

    public DoubtedWord(long value, Instant eventTime, long price)
    {
        IsPending = true;
        EventTime = eventTime;
        _value = value;
        (_low, _high) = (price, price);
    }

    /// <summary>True while it is not judged.</summary>
    public bool IsPending { get; private set; }

    /// <summary>When it was said, by the source's clock.</summary>
    public Instant EventTime { get; }

    /// <summary>The price has come to here since.</summary>
    public void Follow(long price) => (_low, _high) = (long.Min(_low, price), long.Max(_high, price));

    /// <summary>Farther from all that the price was than two upstreams may be from each other.</summary>
    public readonly bool IsBeyond(int toleranceBps) =>
        Bps.Exceeds(_low - _value, _low, toleranceBps) || Bps.Exceeds(_value - _high, _high, toleranceBps);
}
