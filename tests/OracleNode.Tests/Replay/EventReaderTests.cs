using NodaTime;
using OracleNode.Market;

namespace OracleNode.Replay;

public class EventReaderTests
{
    private static readonly EventNames Names = new(ReplayFixture.Settings(ReplayFixture.WrapperFeed));

    /// <summary>The examples of the format's own page, one of each kind.</summary>
    public static TheoryData<string> Examples()
    {
        var examples = new TheoryData<string>();
        foreach (var line in File.ReadLines(RepositoryFiles.Path("src", "OracleNode", "Replay", "README.md")))
            if (line.StartsWith("    {\"t\":", StringComparison.Ordinal))
                examples.Add(line.Trim());
        return examples;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_ReadWrittenAndReadAgain_IsTheSame(string line)
    {
        var first = Read(line);
        using var writer = new EventWriter(Names);
        foreach (var entry in first)
        {
            var again = Read(System.Text.Encoding.UTF8.GetString(writer.Line(entry)).TrimEnd());
            AssertSame(entry, Assert.Single(again));
        }
    }

    [Fact]
    public void Examples_OfThePage_CoverEveryKind()
    {
        var kinds = Examples().Select(e => System.Text.Json.JsonDocument.Parse(e.Data).RootElement.GetProperty("kind").GetString()!).ToHashSet();
        Assert.Equal(EventFormat.KindOf.Keys.Order(), kinds.Order());
    }

    [Fact]
    public void Quote_Read_IsExact()
    {
        var entry = Assert.Single(Read("""{"t":"2024-06-03T13:50:00.123456789Z","at":"2024-06-03T13:49:59Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","bid":185.09000001,"ask":"185.11","bidSize":100,"conditions":["OddLot","ExtendedHours"]}"""));
        ref readonly var o = ref entry.Input.Observation;
        Assert.Equal(ObservationKind.Quote, o.Kind);
        Assert.Equal(18_509_000_001, o.Bid.E8);
        Assert.Equal(18_511_000_000, o.Ask.E8);
        Assert.Equal(100, o.BidSize);
        Assert.Equal(ConditionFlags.OddLot | ConditionFlags.ExtendedHours, o.Conditions);
        Assert.Equal(new SourceId(1), o.Source);
        Assert.Equal(Names.Sources[1].Upstream, o.Upstream);
        Assert.Equal(Instant.FromUtc(2024, 6, 3, 13, 49, 59), o.EventTime);
        Assert.Equal(Instant.FromUtc(2024, 6, 3, 13, 50).PlusNanoseconds(123_456_789), o.ReceiveTime);
    }

    [Fact]
    public void SideOfZero_Read_IsNone()
    {
        var entry = Assert.Single(Read("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","bid":0,"ask":null}"""));
        Assert.True(entry.Input.Observation.Bid.IsNone);
        Assert.True(entry.Input.Observation.Ask.IsNone);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2286-11-20T17:46:39.999Z")]
    [InlineData("9999-12-31T23:59:59.999999999Z")]
    public void TimeFarAway_WrittenAndRead_IsTheSame(string time)
    {
        // A mint with nothing staged says that its multiplier is in force since 1970.
        var line = $$"""{"t":"2026-06-10T13:00:00Z","kind":"multiplier","token":"TSLAx","value":"1","next":"1","activation":"{{time}}"}""";
        var entry = Assert.Single(Read(line));
        using var writer = new EventWriter(Names);
        Assert.Equal(entry, Assert.Single(Read(System.Text.Encoding.UTF8.GetString(writer.Line(entry)).TrimEnd())));
    }

    [Fact]
    public void HaltOfEverySymbol_Read_IsOneForAll()
    {
        var entry = Assert.Single(Read("""{"t":"2020-03-09T13:34:00Z","kind":"halt","source":"finazon-sip","symbol":"*","halt":"MarketWide1"}"""));
        Assert.Equal((InstrumentId.Every, HaltReason.MarketWide1), (entry.Input.Observation.Instrument, entry.Input.Observation.Halt));
    }

    [Theory]
    [InlineData("\"Regular\"", SessionClaims.Regular)]
    [InlineData("[\"Closed\"]", SessionClaims.Closed)]
    [InlineData("[\"PreMarket\",\"PostMarket\",\"Overnight\",\"Closed\"]", SessionClaims.NotRegular)]
    public void Sessions_Read_AreTheClaims(string session, SessionClaims expected)
    {
        var entry = Assert.Single(Read($$"""{"t":"2024-06-03T13:50:00Z","kind":"session","source":"alpaca-iex","symbol":"*","session":{{session}}}"""));
        Assert.Equal((InstrumentId.Every, expected), (entry.Input.Observation.Instrument, entry.Input.Observation.Claims));
    }

    [Theory]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","bidd":1}""", "bidd")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quot","source":"alpaca-iex","symbol":"TSLA"}""", "quot")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","source":"alpaca-iex","symbol":"TSLA"}""", "kind")]
    [InlineData("""{"kind":"quote","source":"alpaca-iex","symbol":"TSLA"}""", "needs t")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"nobody","symbol":"TSLA"}""", "alpaca-iex")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLAQ"}""", "TSLA, AAPL, SPY")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"*"}""", "symbol")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","bid":-1}""", "Negative")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","bid":0.000000001}""", "TooPrecise")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","bid":true}""", "bid")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","price":1}""", "price")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","conditions":["Odd"]}""", "OddLot")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"quote","source":"alpaca-iex","symbol":"TSLA","bid":1,"bid":2}""", "twice")]
    [InlineData("""{"t":"2024-06-03 13:50","kind":"tick"}""", "a time like")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"halt","source":"alpaca-iex","symbol":"TSLA","halt":"None"}""", "VolatilityPause")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"halt","source":"alpaca-iex","symbol":"TSLA","halt":"1"}""", "VolatilityPause")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"multiplier","token":"TSLAx","value":"0"}""", "positive")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"multiplier","token":"TSLAx","value":"1","next":"2"}""", "together")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"restore","feed":"TSLA","record":"00","sequence":1}""", "record")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"calendar","calendar":{"version":"1"}}""", "calendar")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"session","source":"alpaca-iex","symbol":"TSLA","session":[]}""", "PreMarket")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"session","source":"alpaca-iex","symbol":"TSLA","session":["Unknown"]}""", "PreMarket")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"session","source":"alpaca-iex","symbol":"TSLA","session":1}""", "PreMarket")]
    [InlineData("not json", "JSON")]
    [InlineData("[]", "JSON")]
    [InlineData("""{"t":"2024-06-03T13:50:00Z","kind":"tick"} x""", "JSON")]
    public void WrongLine_Read_IsAnErrorThatNamesTheLine(string line, string expected)
    {
        var error = Assert.Throws<EventFileException>(() => Read(line));
        Assert.Equal(2, error.Line);
        Assert.Contains("line 2", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"format":"something"}""")]
    [InlineData("""{"format":"something","version":1}""")]
    [InlineData("""{"format":"oraclenode-events","version":2}""")]
    [InlineData("""{"format":"oraclenode-events","version":1,"ticks":"never"}""")]
    [InlineData("""{"format":"oraclenode-events","version":1,"tickMillis":0}""")]
    public void WrongHeader_Read_IsAnError(string header)
    {
        var error = Assert.Throws<EventFileException>(() => new EventReader(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(header)), Names));
        Assert.Equal(1, error.Line);
    }

    [Fact]
    public void TimeThatGoesBack_Read_IsAnError() => Assert.Contains(
        "line 3", Assert.Throws<EventFileException>(() => Read("""{"t":"2024-06-03T13:50:00Z","kind":"tick"}""", """{"t":"2024-06-03T13:49:59Z","kind":"tick"}""")).Message);

    [Fact]
    public void AnyBytes_Read_AreEntriesOrAnError()
    {
        var random = new Random(7);
        var good = Examples().Select(e => e.Data).ToArray();
        for (var round = 0; round < 3_000; round++)
        {
            var line = System.Text.Encoding.UTF8.GetBytes(good[random.Next(good.Length)]);
            for (var i = random.Next(1, 4); i > 0; i--) line[random.Next(line.Length)] = (byte)random.Next(256);
            var file = System.Text.Encoding.UTF8.GetBytes(ReplayFixture.Header + "\n").Concat(line).ToArray();
            try
            {
                var reader = new EventReader(new MemoryStream(file), Names);
                while (reader.TryRead(out _))
                {
                }
            }
            catch (EventFileException)
            {
            }
        }
    }

    private static List<ReplayEvent> Read(params string[] lines)
    {
        var reader = new EventReader(ReplayFixture.FileOf(lines.Prepend(ReplayFixture.Header)), Names);
        var entries = new List<ReplayEvent>();
        while (reader.TryRead(out var entry)) entries.Add(entry);
        return entries;
    }

    private static void AssertSame(in ReplayEvent expected, in ReplayEvent actual)
    {
        if (expected.Input.Kind == MarketInputKind.Calendar)
        {
            Assert.Equal(expected.Input.Calendar.Calendar.Version, actual.Input.Calendar.Calendar.Version);
            return;
        }

        Assert.Equal(expected, actual);
    }
}
