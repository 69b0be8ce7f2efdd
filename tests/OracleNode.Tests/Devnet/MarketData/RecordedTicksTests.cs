using System.IO.Compression;
using System.Text;
using NodaTime;

namespace OracleNode.MarketData;

public sealed class RecordedTicksTests : IDisposable
{
    private const string Header = "utc_ms,kind,venue,bid,bid_size,ask,ask_size,price,size,condition,suspicious";
    private const long Open = 1381239000000;

    private readonly string _directory = Directory.CreateTempSubdirectory("oraclenode-ticks-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Events_SidesOfDifferentVenues_MakeOneNbbo()
    {
        var ticks = Ticks("IBM",
            $"{Open},quote,P,180.01,200,,,,,1,0",
            $"{Open},quote,N,,,182.62,100,,,1,0",
            $"{Open + 5},quote,Q,180.02,100,,,,,1,0",
            $"{Open + 5},quote,N,,,182.62,300,,,1,0",
            $"{Open + 5},trade,D,,,,,181.255,210,20000020,0");
        var events = ticks.Events().ToList();

        Assert.Equal(3, events.Count);
        Assert.Equal((18001000000, 18262000000), (events[0].Bid.E8, events[0].Ask.E8));
        Assert.Equal(('P', 'N', 200, 100), (events[0].BidVenue, events[0].AskVenue, events[0].BidSize, events[0].AskSize));
        Assert.Equal((18002000000, 18262000000), (events[1].Bid.E8, events[1].Ask.E8));
        Assert.Equal((18125500000, 210, 'D'), (events[2].Last.E8, events[2].Size, events[2].Venue));
        Assert.Equal(PrintConditions.IntermarketSweep, events[2].Conditions);
        Assert.Equal(Instant.FromUnixTimeMilliseconds(Open + 5), events[2].Time);
        Assert.Equal(new LocalDate(2013, 10, 8), ticks.Date);
        Assert.Equal("IBM", ticks.Symbols.Single().Name);
        Assert.Equal(Instant.FromUnixTimeMilliseconds(Open), ticks.Start);
        Assert.Empty(ticks.Problems.Messages);
    }

    [Fact]
    public void Events_SideAlone_KeepsTheOtherSideAsItWas()
    {
        var events = Ticks("IBM",
            $"{Open},quote,P,180.01,200,,,,,1,0",
            $"{Open + 1},quote,P,180.03,200,,,,,1,0",
            $"{Open + 1},trade,P,,,,,180.03,100,1,0",
            $"{Open + 2},quote,Z,,,180.05,100,,,1,0",
            $"{Open + 3},quote,Z,180.04,100,,,,,1,1").Events().ToList();

        Assert.Equal(5, events.Count);
        Assert.True(events[0].Ask.IsNone);
        Assert.Equal((18003000000, true), (events[1].Bid.E8, events[1].Ask.IsNone));
        Assert.Equal(MarketEventKind.Trade, events[2].Kind);
        Assert.Equal((18003000000, 18005000000), (events[3].Bid.E8, events[3].Ask.E8));
        Assert.Equal((18004000000, 18005000000), (events[4].Bid.E8, events[4].Ask.E8));
        Assert.Equal((false, true), (events[3].Suspicious, events[4].Suspicious));
    }

    [Fact]
    public void Events_SeveralFiles_AreMergedByTime()
    {
        var ibm = Write("IBM-20131008-ticks.csv.gz", Header, $"{Open},trade,N,,,,,181,100,1,0", $"{Open + 20},trade,N,,,,,182,100,1,0");
        var bac = Write("BAC-20131008-ticks.csv.gz", Header, $"{Open + 10},trade,N,,,,,13.8,100,1,0");
        var ticks = new RecordedTicks([ibm, bac]);
        Assert.Equal(["IBM", "BAC", "IBM"], ticks.Events().Select(happened => happened.Symbol.Name));
        Assert.Equal(["IBM", "BAC"], ticks.Symbols.Select(symbol => symbol.Name));
    }

    [Theory]
    [InlineData("1381239000000,quote,P,180.01,200,,,,,1", "columns")]
    [InlineData("1381239000000,quote,P,180.01,200,,,,,1,0,9", "columns")]
    [InlineData("soon,trade,P,,,,,180.01,200,1,0", "utc_ms 'soon'")]
    [InlineData("1381239000000,bar,P,,,,,180.01,200,1,0", "kind 'bar'")]
    [InlineData("1381239000000,trade,PQ,,,,,180.01,200,1,0", "venue 'PQ'")]
    [InlineData("1381239000000,trade,P,,,,,0,200,1,0", "price '0'")]
    [InlineData("1381239000000,trade,P,,,,,-1,200,1,0", "price '-1'")]
    [InlineData("1381239000000,trade,P,,,,,NaN,200,1,0", "price 'NaN'")]
    [InlineData("1381239000000,trade,P,,,,,1e3,200,1,0", "price '1e3'")]
    [InlineData("1381239000000,trade,P,,,,,1.000000001,200,1,0", "8 decimals")]
    [InlineData("1381239000000,trade,P,,,,,99999999999999999999999999999999,200,1,0", "price")]
    [InlineData("1381239000000,trade,P,,,,,180,-5,1,0", "size '-5'")]
    [InlineData("1381239000000,trade,P,,,,,180,5,zz,0", "condition 'zz'")]
    [InlineData("1381239000000,trade,P,,,,,,200,1,0", "no price")]
    [InlineData("1381239000000,quote,P,,,,,,,1,0", "neither bid nor ask")]
    [InlineData("1381238999999,trade,P,,,,,180,5,1,0", "the row before")]
    [InlineData("1381291200000,trade,P,,,,,180,5,1,0", "the end of 2013-10-08")]
    public void Events_BadRow_IsLeftOutAndNotedWithFileAndLine(string row, string what)
    {
        var ticks = Ticks("IBM", $"{Open},trade,N,,,,,181,100,1,0", "", row, $"{Open + 20},trade,N,,,,,182,100,1,0");
        Assert.Equal(2, ticks.Events().Count());
        Assert.Equal(2, ticks.Events().Count());
        var problem = Assert.Single(ticks.Problems.Messages);
        Assert.StartsWith("IBM-20131008-ticks.csv.gz:4: ", problem);
        Assert.Contains(what, problem);
    }

    [Fact]
    public void Events_MostlyBadRows_AreRefused()
    {
        string[] rows = [$"{Open},trade,N,,,,,181,100,1,0", .. Enumerable.Repeat("nonsense", MarketDataProblems.Limit + 1)];
        var ticks = Ticks("IBM", rows);
        Assert.Contains("IBM-20131008-ticks.csv.gz:1003", Assert.Throws<MarketDataException>(() => ticks.Events().Count()).Message);
    }

    [Fact]
    public void Constructor_WrongFile_SaysWhatWouldBeRight()
    {
        var good = $"{Open},trade,N,,,,,181,100,1,0";
        void Refused(string word, params string[] paths) =>
            Assert.Contains(word, Assert.Throws<MarketDataException>(() => new RecordedTicks(paths)).Message);

        Refused("No file");
        Refused("SYMBOL-YYYYMMDD-ticks.csv.gz", Write("ibm.csv.gz", Header, good));
        Refused("SYMBOL-YYYYMMDD-ticks.csv.gz", Write("AAPL-20140605-minutes.csv.gz", "utc_ms,bid_close", "1,2"));
        Refused("20131340", Write("IBM-20131340-ticks.csv.gz", Header, good));
        Refused("IBM-20131007-ticks.csv.gz:1: the first line is 'a,b'", Write("IBM-20131007-ticks.csv.gz", "a,b", good));
        Refused("no row", Write("IBM-20131009-ticks.csv.gz", Header));
        Refused("cannot be opened", Path.Combine(_directory, "IBM-20131010-ticks.csv.gz"));
        Refused("different days", Write("IBM-20131008-ticks.csv.gz", Header, good), Write("BAC-20131009-ticks.csv.gz", Header, "1381325400000,trade,N,,,,,181,100,1,0"));
        Refused("more than one file", Write("IBM-20131008-ticks.csv.gz", Header, good), Write("IBM-20131008-ticks.csv.gz", Header, good));

        var plain = Path.Combine(_directory, "GE-20131008-ticks.csv.gz");
        File.WriteAllText(plain, Header);
        Refused("GE-20131008-ticks.csv.gz:1", plain);
    }

    [Fact]
    public void Events_TruncatedFile_FailsWithFileAndLine()
    {
        var random = new SeededRandom(1);
        var path = Write("IBM-20131008-ticks.csv.gz",
            [Header, .. Enumerable.Range(0, 5_000).Select(i => $"{Open + i},trade,N,,,,,{random.Between(100, 999)}.{random.Between(10, 99)},100,1,0")]);
        var bytes = File.ReadAllBytes(path);
        var ticks = new RecordedTicks([path]);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        var failure = Assert.Throws<MarketDataException>(() => ticks.Events().Count());
        Assert.Matches(@"IBM-20131008-ticks\.csv\.gz:\d+: the file ends too early", failure.Message);
    }

    [Theory]
    [InlineData("1", PrintConditions.None)]
    [InlineData("20000020", PrintConditions.IntermarketSweep)]
    [InlineData("20002020", PrintConditions.IntermarketSweep | PrintConditions.ExtendedHours)]
    [InlineData("200", PrintConditions.DerivativelyPriced)]
    [InlineData("20100200", PrintConditions.DerivativelyPriced | PrintConditions.AveragePrice)]
    [InlineData("1000000", PrintConditions.OfficialClose)]
    [InlineData("40", PrintConditions.OpeningPrint)]
    [InlineData("80", PrintConditions.ClosingPrint)]
    [InlineData("80000000", PrintConditions.OddLot)]
    [InlineData("10", PrintConditions.Other)]
    [InlineData("", PrintConditions.None)]
    public void LeanConditions_Mask_IsRead(string mask, object expected)
    {
        Assert.True(LeanConditions.TryParse(mask, out var conditions));
        Assert.Equal(expected, conditions);
    }

    private RecordedTicks Ticks(string symbol, params string[] rows) => new([Write($"{symbol}-20131008-ticks.csv.gz", [Header, .. rows])]);

    private string Write(string name, params string[] lines)
    {
        var path = Path.Combine(_directory, name);
        using var file = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        file.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + '\n'));
        return path;
    }
}
