using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>
/// Finds test data that looks like prices: several instruments that have nothing in common jump, at one source, to exactly the same price. (On 3 July 2017
/// half a market stood at 123.47, at most vendors at once, so that no vote could have told.) One instance for all instruments, with fixed memory.
/// </summary>
/// <remarks>
/// Only a jump counts: an instrument that was near the price before may well be there. It takes <see cref="EqualPriceSettings.Instruments"/> of them within
/// the window. The first price of an instrument counts only against what <see cref="Seed"/> told.
/// </remarks>
public sealed class EqualPriceWatch
{
    /// <summary>Jumps of one source that are remembered: more within one window than any market makes.</summary>
    private const int Memory = 64;

    private readonly EqualPriceSettings _settings;
    private readonly int _instruments;
    private readonly long[] _lastE8;
    private readonly Jump[] _jumps;
    private readonly int[] _next;
    private readonly Instant[] _suspectUntil;
    private readonly long[] _suspectE8;

    /// <param name="sources">Number of sources; their ids are below it. 0 to 65,536.</param>
    /// <param name="instruments">Number of instruments; their ids are below it. 0 to 1,000,000.</param>
    /// <param name="settings">The limits.</param>
    /// <exception cref="ArgumentException">A number or a setting is out of range.</exception>
    public EqualPriceWatch(int sources, int instruments, EqualPriceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Bounds.Check(nameof(EqualPriceWatch), nameof(sources), sources, 0, 65_536);
        Bounds.Check(nameof(EqualPriceWatch), nameof(instruments), instruments, 0, 1_000_000);
        settings.Validate();
        _settings = settings;
        _instruments = instruments;
        _lastE8 = new long[sources * instruments];
        _jumps = new Jump[sources * Memory];
        _next = new int[sources];
        _suspectUntil = new Instant[sources];
        _suspectE8 = new long[sources];
    }

    /// <summary>The last good price of an instrument, as the chains hold it: what a source's first price is compared with.</summary>
    public void Seed(InstrumentId instrument, Price price)
    {
        if (!IsKnown(instrument)) return;
        for (var place = instrument.Index; place < _lastE8.Length; place += _instruments)
            if (_lastE8[place] == 0)
                _lastE8[place] = price.E8;
    }

    /// <summary>
    /// Notes a print's price or a quote's mid; 0 and ids that are not known change nothing. Constant time, no allocation.
    /// </summary>
    /// <returns>True when this word is what makes the source suspect, or it already is.</returns>
    public bool Observe(InstrumentId instrument, SourceId source, long priceE8, Instant now)
    {
        if (priceE8 <= 0 || !IsKnown(source) || !IsKnown(instrument)) return false;
        ref var last = ref _lastE8[(source.Index * _instruments) + instrument.Index];
        var before = last;
        last = priceE8;
        if (before != 0 && before != priceE8 && Bps.Exceeds(long.Abs(priceE8 - before), before, _settings.MinJumpBps))
            Note(instrument, source, priceE8, now);
        if (!IsSuspect(source, now)) return false;
        if (priceE8 == _suspectE8[source.Index] && HasJumped(instrument, source, priceE8)) _suspectUntil[source.Index] = now + _settings.SuspectFor;
        return true;
    }

    /// <summary>True while nothing of the source is to be trusted.</summary>
    public bool IsSuspect(SourceId source, Instant now) => IsKnown(source) && now < _suspectUntil[source.Index];

    /// <summary>Until when the source is suspect; in the past when it is not. For <c>FeedFold.Suspend</c>.</summary>
    public Instant SuspectUntil(SourceId source) => IsKnown(source) ? _suspectUntil[source.Index] : default;

    private bool IsKnown(SourceId source) => source.Index >= 0 && source.Index < _next.Length;

    private bool IsKnown(InstrumentId instrument) => instrument.Index >= 0 && instrument.Index < _instruments;

    private void Note(InstrumentId instrument, SourceId source, long priceE8, Instant now)
    {
        var jumps = _jumps.AsSpan(source.Index * Memory, Memory);
        var others = 0;
        for (var i = 0; i < jumps.Length; i++)
        {
            ref readonly var jump = ref jumps[i];
            if (jump.PriceE8 != priceE8 || now - jump.At > _settings.Window || now < jump.At) continue;

            // The same instrument, back and forth between two prices, is one witness.
            if (jump.Instrument == instrument.Index) return;
            others++;
        }

        ref var next = ref _next[source.Index];
        jumps[next] = new Jump(priceE8, instrument.Index, now);
        next = (next + 1) % Memory;
        if (others + 1 < _settings.Instruments) return;
        _suspectUntil[source.Index] = now + _settings.SuspectFor;
        _suspectE8[source.Index] = priceE8;
    }

    /// <summary>Is it one of those that made the source suspect: as long as they stand there, it stays so.</summary>
    private bool HasJumped(InstrumentId instrument, SourceId source, long priceE8)
    {
        foreach (ref readonly var jump in _jumps.AsSpan(source.Index * Memory, Memory))
            if (jump.PriceE8 == priceE8 && jump.Instrument == instrument.Index)
                return true;
        return false;
    }

    private readonly record struct Jump(long PriceE8, int Instrument, Instant At);
}

/// <summary>When equal prices on different instruments make a source suspect. Immutable.</summary>
public sealed record EqualPriceSettings
{
    /// <summary>So many instruments at the same price. 2 to 64.</summary>
    public int Instruments { get; init; } = 3;

    /// <summary>Within this time.</summary>
    public Duration Window { get; init; } = Duration.FromMinutes(10);

    /// <summary>Each of which was farther than this from it before. 1 to 10,000.</summary>
    public int MinJumpBps { get; init; } = 300;

    /// <summary>For how long the source is then suspect, from the last such price on.</summary>
    public Duration SuspectFor { get; init; } = Duration.FromMinutes(10);

    /// <summary>Checks every bound.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names the member, the value and the range.</exception>
    internal void Validate()
    {
        const string Owner = nameof(EqualPriceSettings);
        Bounds.Check(Owner, nameof(Instruments), Instruments, 2, 64);
        Bounds.Check(Owner, nameof(Window), Window, Duration.FromSeconds(1), Duration.FromDays(1));
        Bounds.Check(Owner, nameof(MinJumpBps), MinJumpBps, 1, SessionPricing.MaxBps);
        Bounds.Check(Owner, nameof(SuspectFor), SuspectFor, Duration.FromSeconds(1), Duration.FromDays(7));
    }
}
