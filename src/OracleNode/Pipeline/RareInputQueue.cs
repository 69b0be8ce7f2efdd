using System.Collections.Concurrent;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>
/// Between those who learn of something rare (an operator's document, a time server, a chain's clock) and the pipeline, which gives it its time and puts it into
/// the log. Bounded: nothing rare comes in thousands, and what does is refused.
/// </summary>
internal sealed class RareInputQueue(PipelineSignal signal)
{
    /// <summary>Most that may wait.</summary>
    public const int Capacity = 4096;

    /// <summary>What a person is told when something is refused for it.</summary>
    public const string IsFull = "too much waits for the pipeline; it is offered again at the next look";

    private readonly ConcurrentQueue<Func<Instant, MarketInput>> _waiting = new();
    private long _refused;

    /// <summary>Inputs that were refused because too many waited.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Another calendar.</summary>
    public bool Put(CalendarActivation calendar) => Put(now => MarketInput.Of(now, calendar));

    /// <summary>An operator's command.</summary>
    public bool Put(OperatorCommand command) => Put(now => MarketInput.Of(now, command));

    /// <summary>A corporate action that somebody announces.</summary>
    public bool Put(CorporateActionNotice notice) => Put(now => MarketInput.Of(now, notice));

    /// <summary>A comparison of clocks.</summary>
    public bool Put(ClockMeasurement clock) => Put(now => MarketInput.Of(now, clock));

    /// <summary>What backs a token.</summary>
    public bool Put(ReserveReading reserve) => Put(now => MarketInput.Of(now, reserve));

    /// <summary>A wrapper's rate.</summary>
    public bool Put(WrapperRateReading rate) => Put(now => MarketInput.Of(now, rate));

    /// <summary>Hands all that waits to the fold, in order. The pipeline's loop only.</summary>
    public void Drain(Instant now, OracleFold fold)
    {
        while (_waiting.TryDequeue(out var input)) fold.Apply(input(now), arrivedAt: 0);
    }

    private bool Put(Func<Instant, MarketInput> input)
    {
        if (_waiting.Count >= Capacity)
        {
            Interlocked.Increment(ref _refused);
            return false;
        }

        _waiting.Enqueue(input);
        signal.Set();
        return true;
    }
}
