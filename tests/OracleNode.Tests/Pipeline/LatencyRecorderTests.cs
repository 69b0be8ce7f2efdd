namespace OracleNode.Pipeline;

public class LatencyRecorderTests
{
    [Fact]
    public void Nothing_Summarised_IsNull() => Assert.Null(new LatencyRecorder().Summarise());

    [Fact]
    public void OneToHundred_Summarised_GiveNearestRankPercentiles()
    {
        var recorder = new LatencyRecorder();
        for (var i = 100; i >= 1; i--) recorder.Record(TimeSpan.FromMilliseconds(i));
        Assert.Equal(new LatencySummary(100, 50, 99), recorder.Summarise());
    }

    [Fact]
    public void MoreThanFit_Summarised_CountAllAndKeepTheLatest()
    {
        var recorder = new LatencyRecorder(capacity: 2);
        for (var i = 1; i <= 5; i++) recorder.Record(TimeSpan.FromMilliseconds(i));
        Assert.Equal(new LatencySummary(5, 4, 5), recorder.Summarise());
    }
}
