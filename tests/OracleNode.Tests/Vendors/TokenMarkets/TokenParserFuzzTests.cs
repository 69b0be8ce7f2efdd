using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using OracleNode.Market;
using OracleNode.Vendors.Bitstamp;
using OracleNode.Vendors.Bybit;
using OracleNode.Vendors.Kraken;
using OracleNode.Vendors.Session;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>Whatever bytes come: no exception, and nothing told that could not be.</summary>
public class TokenParserFuzzTests
{
    [Property(MaxTest = 2000)]
    public void Parse_RandomBytes_NeverThrows(byte[] bytes) => ParseAll([bytes]);

    [Property(MaxTest = 3000)]
    public Property Parse_MutatedFrames_NeverThrowsAndTellsNoNonsense()
    {
        var frames =
            from frame in Gen.Elements(Samples)
            from edits in Gen.ListOf(Gen.Zip(Gen.Choose(0, 2_000), Gen.Choose(0, 255)), 3)
            from cut in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 60)))
            from mutates in Gen.Frequency((1, Gen.Constant(false)), (1, Gen.Constant(true)))
            select mutates ? Mutate(frame, edits, cut) : Encoding.UTF8.GetBytes(frame);
        return Prop.ForAll(Gen.ListOf(frames, 6).ToArbitrary(), ParseAll);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100_000)]
    public void Parse_DeepNesting_NeverThrows(int depth)
    {
        var nested = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));
        ParseAll(Samples.Select(f => Encoding.UTF8.GetBytes(f.Replace("\"data\":", $"\"x\":{nested},\"data\":", StringComparison.Ordinal))));
    }

    [Fact]
    public void Parse_HugeNumbers_NeverThrows()
    {
        var digits = new string('9', 100_000);
        foreach (var number in new[] { digits, "-" + digits, "0." + digits, "1e" + digits, "1e-" + digits, "1e99999" })
            ParseAll(Samples.Select(f => Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(f, ":[0-9.]+", ":" + number, System.Text.RegularExpressions.RegexOptions.CultureInvariant))));
    }

    private static string[] Samples { get; } = [.. KrakenSamples.All, .. BybitSamples.All, BybitSamples.Instruments, .. BitstampSamples.All];

    private static byte[] Mutate(string frame, IEnumerable<(int At, int With)> edits, int cut)
    {
        var bytes = Encoding.UTF8.GetBytes(frame);
        foreach (var (at, with) in edits) bytes[at % bytes.Length] = (byte)with;
        return bytes[..Math.Max(0, bytes.Length - cut)];
    }

    private static void ParseAll(IEnumerable<byte[]> frames)
    {
        var (kraken, ofKraken) = KrakenSamples.Parser();
        var (bybit, _, _, ofBybit) = BybitSamples.Parser();
        var (bitstamp, ofBitstamp) = BitstampSamples.Parser();
        var index = TokenPairs.Index(BybitSamples.Pairs);
        foreach (var frame in frames)
        {
            kraken.Parse(frame, KrakenSamples.Received);
            bybit.Parse(frame, BybitSamples.Received);
            bitstamp.Parse(frame, BitstampSamples.Received);
            BybitInstrumentsParser.TryParse(frame, index, out var instruments);
            Assert.Equal(BybitSamples.Pairs.Count, instruments.Length);
        }

        AssertSense(ofKraken);
        AssertSense(ofBybit);
        AssertSense(ofBitstamp);
    }

    private static void AssertSense(SessionFixture.TokenSink sink)
    {
        foreach (var quote in sink.Quotes)
        {
            Assert.True(quote.Bid.E8 >= 0 && quote.Ask.E8 >= 0 && quote.Last.E8 >= 0 && quote is { BidDepthE8: >= 0, AskDepthE8: >= 0 });
            Assert.True(quote.Bid.IsNone || quote.Ask.IsNone || quote.Bid < quote.Ask);
            Assert.True(quote.EventTime <= KrakenSamples.Received + NodaTime.Duration.FromMinutes(1));
            Assert.True(quote.Unit is FeedUnit.RawToken or FeedUnit.UiToken);
        }

        Assert.All(sink.Pegs, p => Assert.True(!p.Price.IsNone && p.EventTime <= KrakenSamples.Received + NodaTime.Duration.FromMinutes(1)));
    }
}
