using NodaTime;

namespace OracleNode.MarketData;

/// <summary>The recorded days that lie beside the repository, where they do.</summary>
public class RealTicksTests
{
    [Theory]
    [InlineData("IBM", 159_131, 33_381)]
    [InlineData("BAC", 701_968, 125_872)]
    public void Events_OfARecordedDay_AreCompleteAndHardlyEverCrossed(string symbol, int rows, int trades)
    {
        var ticks = new RecordedTicks([PathOf(symbol)]);
        var (quoteEvents, tradeEvents, twoSided, crossed) = (0, 0, 0, 0);
        var last = Instant.MinValue;
        foreach (var happened in ticks.Events())
        {
            Assert.True(happened.Time >= last);
            last = happened.Time;
            if (happened.Kind == MarketEventKind.Trade)
            {
                tradeEvents++;
                continue;
            }

            quoteEvents++;
            if (happened.Bid.IsNone || happened.Ask.IsNone) continue;
            twoSided++;
            if (happened.Bid > happened.Ask) crossed++;
        }

        Assert.Empty(ticks.Problems.Messages);
        Assert.Equal(trades, tradeEvents);
        // Two rows, a bid and an ask, make one quote; a few sides came alone.
        Assert.InRange(quoteEvents, (rows - trades) / 2, (rows - trades) / 2 * 1.01);
        Assert.InRange(crossed / (double)twoSided, 0, 0.001);
    }

    [Fact]
    public void Events_OfTheTradesOnlyDay_AreAllRead()
    {
        var ticks = new RecordedTicks([PathOf("SPY")]);
        Assert.Equal(451_545, ticks.Events().Count(happened => happened.Kind == MarketEventKind.Trade && happened.Last.E8 > 0));
        Assert.Empty(ticks.Problems.Messages);
    }

    private static string PathOf(string symbol)
    {
        var folder = Environment.GetEnvironmentVariable("ORACLENODE_MARKET_DATA") ?? Path.Combine(RepositoryRoot(), "..", "shared", "market-data");
        var path = Path.Combine(folder, $"{symbol}-20131008-ticks.csv.gz");
        Assert.SkipUnless(File.Exists(path), $"{path} is not there; set ORACLENODE_MARKET_DATA to the folder of the recorded ticks to run this.");
        return path;
    }

    private static string RepositoryRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "OracleNode.sln"))) return directory.FullName;
        }

        throw new DirectoryNotFoundException($"OracleNode.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
