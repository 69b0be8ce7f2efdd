using NodaTime;

namespace OracleNode.Pricing;

/// <summary>
/// One source's breaker on one feed: wrong often enough it is quarantined (recorded, without a vote), and after as many good words
/// on probation it votes again. Nobody resets it by hand.
/// </summary>
/// <remarks>
/// What a source says since the last tick is judged once per tick: wrong when refused words (crossed, from the future, of another unit,
/// frozen) outnumber the good ones, or when its vote lies beyond what two upstreams may differ by while there are at least three votes and more than half of
/// all upstreams that may vote agree with each other and have spoken since (<see cref="DoubtedWord"/>). So two upstreams that contradict each other never quarantine one another, and fewer than half never quarantine an
/// honest one that is as near to the others as they are to each other.
/// </remarks>
internal struct SourceBreaker
{
    /// <summary>At least one judgement in so many must be wrong: a fast tape crosses now and then.</summary>
    private const int WrongShare = 4;

    private int _wrong, _judged, _good, _refusedWords, _takenWords;
    private Instant _wrongSince, _goodSince;

    /// <summary>True while its words do not vote.</summary>
    public bool IsQuarantined { get; private set; }

    /// <summary>True when it said something since it was last judged.</summary>
    public readonly bool HasSpoken => _refusedWords + _takenWords > 0;

    /// <summary>More of what it said was faulty than not.</summary>
    public readonly bool IsMostlyFaulty => _refusedWords > _takenWords;

    /// <summary>A word that was taken in.</summary>
    public void NoteTaken() => _takenWords = int.Min(_takenWords + 1, 1 << 20);

    /// <summary>A word that was refused for a fault of the source.</summary>
    public void NoteFault() => _refusedWords = int.Min(_refusedWords + 1, 1 << 20);

    /// <summary>Judges a source that votes.</summary>
    public void Judge(bool isWrong, Instant now, BreakerSettings settings)
    {
        (_refusedWords, _takenWords) = (0, 0);
        if (_wrong > 0 && (now < _wrongSince || now - _wrongSince > settings.Window)) _wrong = 0;
        if (_wrong == 0)
        {
            if (!isWrong) return;
            (_wrongSince, _judged) = (now, 0);
        }

        _judged++;
        if (!isWrong) return;
        _wrong++;
        if (_wrong < settings.Strikes || _wrong * WrongShare < _judged || now - _wrongSince < settings.MinSpan) return;
        IsQuarantined = true;
        (_wrong, _good) = (0, 0);
    }

    /// <summary>Judges a quarantined source; true when that ends its probation.</summary>
    public bool Probe(bool isGood, Instant now, BreakerSettings settings)
    {
        (_refusedWords, _takenWords) = (0, 0);
        if (!isGood || now < _goodSince) _good = 0;
        if (!isGood) return false;
        if (_good++ == 0) _goodSince = now;
        if (_good < settings.GoodWords || now - _goodSince < settings.Probation) return false;
        IsQuarantined = false;
        return true;
    }
}
