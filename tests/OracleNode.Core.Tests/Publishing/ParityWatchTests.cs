using FsCheck.Xunit;
using NodaTime;
using OracleNode.Updates;

namespace OracleNode.Publishing;

public class ParityWatchTests
{
    private static readonly ParityMeasurement Good = new(ParityContent.AsSigned, RecordFields.None, 3, Duration.Zero, PublishReason.Unchanged);
    private static readonly ParityMeasurement Due = Good with { Due = PublishReason.Heartbeat };
    private static readonly ParityMeasurement Wrong = Good with { Content = ParityContent.NotAsSigned, Fields = RecordFields.Price };
    private static readonly ParityMeasurement NotRead = new(ParityContent.NotRead, RecordFields.None, -1, Duration.Zero, PublishReason.NoCandidate);

    private static readonly Duration Margin = Duration.FromSeconds(60);

    private ParityWatch _watch = new();
    private Instant _now = Instant.FromUtc(2026, 6, 10, 15, 0);

    [Fact]
    public void Chain_ReadForTheFirstTime_AgreesAtOnce()
    {
        Assert.Equal(ParityVerdict.Unknown, After(0, NotRead));
        Assert.Equal(ParityVerdict.Agrees, After(1, Good));
    }

    [Fact]
    public void SomethingDue_ForAsLongAsLandingTakes_IsNoLag()
    {
        Assert.Equal(ParityVerdict.Agrees, After(0, Due));
        Assert.Equal(ParityVerdict.Agrees, After(60, Due));
        Assert.Equal(ParityVerdict.Lags, After(1, Due));
    }

    [Fact]
    public void SomethingDue_ThatLandsAndIsDueAgain_IsCountedAnew()
    {
        After(0, Due, sequence: 1);
        After(59, Due, sequence: 1);
        Assert.Equal(ParityVerdict.Agrees, After(2, Due, sequence: 2));
        Assert.Equal(ParityVerdict.Agrees, After(60, Due, sequence: 2));
        Assert.Equal(ParityVerdict.Lags, After(1, Due, sequence: 2));
    }

    [Fact]
    public void Lag_ThatEnds_IsSaidOverOnlyAfterACalm()
    {
        After(0, Due);
        Assert.Equal(ParityVerdict.Lags, After(61, Due));
        Assert.Equal(ParityVerdict.Lags, After(1, Good));
        Assert.Equal(ParityVerdict.Lags, After(9, Good));
        Assert.Equal(ParityVerdict.Agrees, After(1, Good));
    }

    [Fact]
    public void Difference_Seen_IsBelievedAtOnceAndForgottenAfterACalm()
    {
        After(0, Good);
        Assert.Equal(ParityVerdict.Differs, After(1, Wrong));
        Assert.Equal(ParityVerdict.Differs, After(9, Good));
        // Once more: the calm begins anew.
        Assert.Equal(ParityVerdict.Differs, After(1, Wrong));
        Assert.Equal(ParityVerdict.Differs, After(9, Good));
        Assert.Equal(ParityVerdict.Differs, After(9, Good));
        Assert.Equal(ParityVerdict.Agrees, After(1, Good));
    }

    [Fact]
    public void Difference_ThatEndsInALag_BecomesALag()
    {
        After(0, Due);
        After(61, Due);
        Assert.Equal(ParityVerdict.Differs, After(1, Wrong with { Due = PublishReason.Heartbeat }));
        After(1, Due);
        Assert.Equal(ParityVerdict.Lags, After(10, Due));
    }

    [Fact]
    public void Clock_ThatWentBack_CountsAnew()
    {
        After(0, Due);
        After(50, Due);
        Assert.Equal(ParityVerdict.Agrees, After(-100, Due));
        Assert.Equal(ParityVerdict.Agrees, After(60, Due));
        Assert.Equal(ParityVerdict.Lags, After(1, Due));
    }

    /// <summary>However the measurements go, the verdict never leaves what it is for better sooner than after a calm.</summary>
    [Property]
    public void Verdict_UnderAnyMeasurements_DoesNotFlap((byte Kind, byte Seconds)[] steps)
    {
        // The runner calls this many times on one instance.
        _watch = new ParityWatch();
        var worsenedAt = _now;
        var before = After(0, Good);
        foreach (var (kind, seconds) in steps)
        {
            var now = After(seconds % 15, (kind % 3) switch { 0 => Good, 1 => Due, _ => Wrong }, sequence: 1);
            if (now < before)
            {
                Assert.True(_now - worsenedAt >= ParityWatch.Calm, $"{before} became {now} after {_now - worsenedAt}");
            }

            if (now > before) worsenedAt = _now;
            before = now;
        }
    }

    private ParityVerdict After(int seconds, ParityMeasurement measurement, ulong sequence = 7)
    {
        _now += Duration.FromSeconds(seconds);
        return _watch.Advance(measurement, sequence, Margin, _now).Verdict;
    }
}
