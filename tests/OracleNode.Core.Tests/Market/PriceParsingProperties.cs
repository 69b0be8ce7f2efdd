using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace OracleNode.Market;

public partial class PriceParsingProperties
{
    private const string Alphabet = "0123456789019.eE+-.x nNaAiIfF";

    [Property(MaxTest = 2000)]
    public void TryParse_FormattedPrice_ComesBack(DoNotSize<long> any, byte shift)
    {
        if (!Price.TryFromE8(any.Item >> (shift % 64), out var price)) return;
        Assert.True(Price.TryParse(Encoding.ASCII.GetBytes(price.ToString()), out var parsed, out _));
        Assert.Equal(price, parsed);
    }

    [Fact]
    public void TryParse_NumberLikeText_AgreesWithBigIntegers() =>
        Prop.ForAll(NumberLike().ToArbitrary(), AgreesWithBigIntegers).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Property(MaxTest = 5000)]
    public void TryParse_AnyBytes_IsAPriceOrAnError(byte[] bytes)
    {
        var ok = Price.TryParse(bytes, out var price, out var error);
        Assert.Equal(ok, error == PriceError.None);
        Assert.Equal(ok, !price.IsNone);
    }

    private static Gen<string> NumberLike()
    {
        var digits = Gen.Choose(0, 24).SelectMany(n => Gen.Choose('0', '9').ArrayOf(n)).Select(a => new string(Array.ConvertAll(a, c => (char)c)));
        var zeros = Gen.Choose(0, 30).Select(n => new string('0', n));
        var number =
            from sign in Gen.Elements("", "", "", "-")
            from leading in Gen.OneOf(digits, Gen.Choose(0, 99999).Select(n => n.ToString(CultureInfo.InvariantCulture)))
            from fraction in Gen.OneOf(Gen.Constant(""), digits, from z in zeros from d in digits select z + d, from d in digits from z in zeros select d + z)
            from exponent in Gen.OneOf(Gen.Constant(""), Gen.Choose(-40, 40).Select(n => "e" + n.ToString(CultureInfo.InvariantCulture)))
            select sign + leading + (fraction.Length > 0 ? "." + fraction : "") + exponent;
        var soup = Gen.Choose(0, 20).SelectMany(n => Gen.Elements(Alphabet.ToCharArray()).ArrayOf(n)).Select(a => new string(a));
        return Gen.Frequency((4, number), (1, soup));
    }

    private static void AgreesWithBigIntegers(string text)
    {
        Assert.Equal(Price.TryParse(Encoding.ASCII.GetBytes(text), out var price, out var error), !price.IsNone);
        var match = JsonNumber().Match(text);
        if (!match.Success)
        {
            Assert.Contains(error, new[]
            {
                PriceError.Empty, PriceError.Sign, PriceError.NaN, PriceError.Infinity, PriceError.Hex, PriceError.LeadingJunk, PriceError.Malformed,
            });
            return;
        }

        var (expected, e8) = Evaluate(match);
        Assert.True(expected == error, $"'{text}': {error}, expected {expected}");
        Assert.Equal(e8, price.E8);
    }

    private static (PriceError Error, long E8) Evaluate(Match match)
    {
        var fraction = match.Groups["fraction"].Value;
        var significand = BigInteger.Parse(match.Groups["integer"].Value + fraction, CultureInfo.InvariantCulture);
        if (significand.IsZero) return (PriceError.Zero, 0);
        if (match.Groups["sign"].Success) return (PriceError.Negative, 0);

        var exponent = match.Groups["exponent"].Value;
        var power = BigInteger.Parse(exponent.Length == 0 ? "0" : exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) - fraction.Length + 8;
        power = BigInteger.Max(BigInteger.Min(power, 1000), -1000);
        if (power < 0)
        {
            var divisor = BigInteger.Pow(10, (int)-power);
            if (!(significand % divisor).IsZero) return (PriceError.TooPrecise, 0);
            significand /= divisor;
        }
        else
        {
            significand *= BigInteger.Pow(10, (int)power);
        }

        return significand > long.MaxValue ? (PriceError.Overflow, 0) : (PriceError.None, (long)significand);
    }

    [GeneratedRegex(@"\A(?<sign>-)?(?<integer>0|[1-9][0-9]*)(\.(?<fraction>[0-9]+))?([eE](?<exponent>[+-]?[0-9]+))?\z")]
    private static partial Regex JsonNumber();
}
