using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using OracleNode.Market;

namespace OracleNode.Vendors;

/// <summary>Whatever bytes come: no exception, and no observation with a price that is none.</summary>
public class ParserFuzzTests
{
    [Property(MaxTest = 2000)]
    public void Parse_RandomBytes_NeverThrows(byte[] bytes) => ParseBoth(bytes);

    [Property(MaxTest = 4000)]
    public Property Parse_MutatedFrame_NeverThrows()
    {
        var mutated =
            from frame in Gen.Elements(Samples.All)
            from edits in Gen.ListOf(Gen.Zip(Gen.Choose(0, 400), Gen.Choose(0, 255)), 4)
            from cut in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 60)))
            select Mutate(frame, edits, cut);
        return Prop.ForAll(mutated.ToArbitrary(), ParseBoth);
    }

    [Property(MaxTest = 2000)]
    public Property Parse_AnyNumberText_NeverYieldsANonPrice()
    {
        var number =
            from sign in Gen.Elements("", "-", "+", "--")
            from digits in Gen.Choose(0, 40).SelectMany(n => Gen.Elements("0123456789".ToCharArray()).ArrayOf(n))
            from fraction in Gen.Choose(0, 40).SelectMany(n => Gen.Elements("0123456789".ToCharArray()).ArrayOf(n))
            from exponent in Gen.Elements("", "e1", "E-8", "e400", "e-400", "e99999999999", "e", "E+3")
            select $"{sign}{new string(digits)}{(fraction.Length > 0 ? "." : "")}{new string(fraction)}{exponent}";
        return Prop.ForAll(number.ToArbitrary(), text =>
        {
            foreach (var field in new[] { "p", "bp", "ap", "s", "t", "cp", "op" })
            {
                var swapped = Samples.All.Select(f => System.Text.RegularExpressions.Regex.Replace(
                    f, $"\"{field}\":[0-9.]+", $"\"{field}\":{text}", System.Text.RegularExpressions.RegexOptions.CultureInvariant));
                foreach (var frame in swapped) ParseBoth(Encoding.UTF8.GetBytes(frame));
            }
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void Parse_DeepNesting_NeverThrows(int depth)
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var nested = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            ParseBoth(Encoding.UTF8.GetBytes(nested));
            ParseBoth(Encoding.UTF8.GetBytes($$"""[{"ev":"T","T":"t","sym":"MSFT","S":"AAPL","c":{{nested}},"i":{{nested}},"p":1,"t":1536036818784}]"""));
        }
    }

    [Fact]
    public void Parse_HugeNumber_NeverThrows()
    {
        var digits = new string('9', 200_000);
        foreach (var number in new[] { digits, "-" + digits, "0." + digits, digits + "." + digits, "1e" + digits, "1e-" + digits })
        {
            ParseBoth(Encoding.UTF8.GetBytes($$"""[{"ev":"T","T":"t","sym":"MSFT","S":"AAPL","c":[{{number}}],"i":[{{number}}],"p":{{number}},"s":{{number}},"t":{{number}}}]"""));
            ParseBoth(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""[{"T":"error","code":{{number}},"msg":"x"}]""")));
        }
    }

    private static byte[] Mutate(string frame, IEnumerable<(int At, int With)> edits, int cut)
    {
        var bytes = Encoding.UTF8.GetBytes(frame);
        foreach (var (at, with) in edits) bytes[at % bytes.Length] = (byte)with;
        return bytes[..Math.Max(0, bytes.Length - cut)];
    }

    private static void ParseBoth(byte[] bytes)
    {
        var output = new ObservationBuffer();
        var massive = Samples.Massive();
        var alpaca = Samples.Alpaca();
        var results = new[] { massive.Parse(bytes, Samples.Received, output), alpaca.Parse(bytes, Samples.Received, output) };
        Assert.Equal(output.Count, massive.Counters.Observations + alpaca.Counters.Observations);
        Assert.All(results, r => Assert.True(r.Signals != FrameSignals.Malformed || r.Fault is null || r.Fault.Detail.Length <= 200));
        foreach (var observation in output.Written)
        {
            Assert.NotEqual(ObservationKind.None, observation.Kind);
            Assert.True(observation.Bid.E8 >= 0 && observation.Ask.E8 >= 0 && observation.Last.E8 >= 0);
            Assert.True(observation is { BidSize: >= 0, AskSize: >= 0, LastSize: >= 0 });
            if (observation.Kind == ObservationKind.Trade) Assert.True(observation.Last.E8 > 0);
            Assert.NotEqual(default, observation.EventTime);
        }
    }
}
