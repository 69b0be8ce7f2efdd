using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.TokenMarkets;

namespace OracleNode.Pipeline;

/// <summary>
/// Between the markets of tokens and the pipeline. Of each source's pair only the latest waits, and the log gets it at most once per <see cref="Spacing"/>: a busy
/// book is told four times a second, a quiet one when it changes. Bounded by the configured pairs.
/// </summary>
internal sealed class TokenMarketInbox : ITokenMarketSink
{
    /// <summary>Least market time between two words of one source about one pair.</summary>
    public static readonly Duration Spacing = Duration.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<(SourceId Source, TokenId? Token, string Currency), Slot> _slots = [];
    private readonly List<Slot> _ordered = [];
    private readonly List<Func<Instant, MarketInput>> _due = [];
    private long _conflated;

    /// <summary>Words that a newer one replaced before the pipeline took them.</summary>
    public long Conflated => Interlocked.Read(ref _conflated);

    /// <inheritdoc/>
    public void Publish(TokenMarketQuote quote) => Put((quote.Source, quote.Token, quote.Currency), now => MarketInput.Of(now, quote));

    /// <inheritdoc/>
    public void Publish(PegReading peg) => Put((peg.Source, null, peg.Currency), now => MarketInput.Of(now, peg));

    /// <summary>Hands what is due to the fold, pair by pair in the order of their first words. The pipeline's loop only.</summary>
    public void Drain(Instant now, OracleFold fold)
    {
        lock (_gate)
        {
            foreach (var slot in _ordered)
            {
                // Market time that goes back (a clock set right) must not keep a word waiting.
                if (slot.Waiting is null || (now >= slot.TakenAt && now - slot.TakenAt < Spacing)) continue;
                _due.Add(slot.Waiting);
                (slot.Waiting, slot.TakenAt) = (null, now);
            }
        }

        foreach (var input in _due) fold.Apply(input(now), arrivedAt: 0);
        _due.Clear();
    }

    private void Put((SourceId, TokenId?, string) pair, Func<Instant, MarketInput> input)
    {
        lock (_gate)
        {
            if (!_slots.TryGetValue(pair, out var slot))
            {
                _slots.Add(pair, slot = new Slot());
                _ordered.Add(slot);
            }

            if (slot.Waiting is not null) Interlocked.Increment(ref _conflated);
            slot.Waiting = input;
        }
    }

    private sealed class Slot
    {
        public Func<Instant, MarketInput>? Waiting { get; set; }

        public Instant TakenAt { get; set; } = Instant.MinValue;
    }
}
