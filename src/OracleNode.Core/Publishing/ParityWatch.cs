using NodaTime;

namespace OracleNode.Publishing;

/// <summary>Does a chain say of a feed what it should? Ordered by how bad it is.</summary>
public enum ParityVerdict : byte
{
    /// <summary>The chain was not read yet.</summary>
    Unknown = 0,
    /// <summary>What it holds is right, and as new as its cadence asks.</summary>
    Agrees = 1,
    /// <summary>Right, but something newer has been due there for longer than landing takes.</summary>
    Lags = 2,
    /// <summary>It holds what no honest node of this deployment can have signed: an alarm.</summary>
    Differs = 3,
}

/// <summary>The verdict about one feed on one chain, and what it was last made from.</summary>
/// <param name="Verdict">Steady: does not flap.</param>
/// <param name="Measurement">As last measured; may be better than the verdict for a while.</param>
/// <param name="DueFor">How long something has been due there, by its own cadence.</param>
public readonly record struct ParityFinding(ParityVerdict Verdict, ParityMeasurement Measurement, Duration DueFor);

/// <summary>
/// Judges one feed on one chain over time: worse is believed at once (a lag only after the chain's landing margin), better only
/// after <see cref="Calm"/>, so that a verdict does not flap. The only state that parity has; not thread-safe.
/// </summary>
public sealed class ParityWatch
{
    private Instant? _dueSince;
    private Instant? _betterSince;
    private ulong _sequence;
    private ParityVerdict _verdict;

    /// <summary>How long a chain must do better before it is said to.</summary>
    public static Duration Calm { get; } = Duration.FromSeconds(10);

    /// <summary>Takes a measurement.</summary>
    /// <param name="measurement">Of now.</param>
    /// <param name="sequence">What the chain holds; 0 for nothing.</param>
    /// <param name="landingMargin">What landing may take there, see <see cref="PublishSettings.LandingMargin"/>.</param>
    /// <param name="now">Market time.</param>
    public ParityFinding Advance(in ParityMeasurement measurement, ulong sequence, Duration landingMargin, Instant now)
    {
        var dueFor = DueFor(measurement.IsDue, sequence, now);
        var seen = Judge(measurement, dueFor, landingMargin);
        if (seen >= _verdict || _verdict == ParityVerdict.Unknown)
        {
            _verdict = seen;
            _betterSince = null;
        }
        else if (Elapsed(ref _betterSince, now) >= Calm)
        {
            _verdict = seen;
            _betterSince = null;
        }

        return new ParityFinding(_verdict, measurement, dueFor);
    }

    private static ParityVerdict Judge(in ParityMeasurement measurement, Duration dueFor, Duration landingMargin)
    {
        if (measurement.Differs) return ParityVerdict.Differs;
        if (measurement.Content == ParityContent.NotRead) return ParityVerdict.Unknown;
        return dueFor > landingMargin ? ParityVerdict.Lags : ParityVerdict.Agrees;
    }

    /// <summary>Counted from the last record that landed: in a quick market the next one is always due.</summary>
    private Duration DueFor(bool isDue, ulong sequence, Instant now)
    {
        if (!isDue || sequence != _sequence) _dueSince = null;
        _sequence = sequence;
        return isDue ? Elapsed(ref _dueSince, now) : Duration.Zero;
    }

    // A clock that went back begins anew.
    private static Duration Elapsed(ref Instant? since, Instant now)
    {
        if (since is not { } begun || begun > now) since = now;
        return now - since.Value;
    }
}
