using System.Text;
using Microsoft.Extensions.Configuration;

namespace OracleNode.Vendors;

public class SourceOptionsValidatorTests
{
    private static readonly HashSet<string> Instruments = ["TSLA", "AAPL"];

    private const string Shipped = """
        {
          "Sources": [
            { "Name": "massive-nasdaq-basic", "Vendor": "Massive", "Upstream": "nasdaq-basic",
              "Url": "wss://nasdaq-basic-business.massive.com/stocks", "ApiKey": "env:MASSIVE_API_KEY",
              "Symbols": [ { "Instrument": "TSLA" }, { "Instrument": "AAPL", "Symbol": "AAPL" } ],
              "Massive": { "Luld": true } },
            { "Name": "alpaca-iex", "Vendor": "Alpaca", "Upstream": "iex",
              "Url": "wss://stream.data.alpaca.markets/v2/iex", "ApiKey": "env:ALPACA_KEY_ID", "ApiSecret": "file:/run/secrets/alpaca",
              "CoverageFrom": "08:00", "CoverageTo": "17:00", "SilenceTimeout": "00:00:45",
              "Symbols": [ { "Instrument": "TSLA" } ], "Reconnect": { "MaxDelay": "00:00:20" } },
            { "Name": "finazon-sip", "Vendor": "Finazon", "Upstream": "sip", "ApiKey": "env:FINAZON_API_KEY",
              "Symbols": [ { "Instrument": "TSLA" } ], "Finazon": { "PollPeriod": "00:00:01", "PageSize": 200 } }
          ]
        }
        """;

    [Fact]
    public void Validate_ShippedShape_BindsAndIsValid()
    {
        var sources = Bind(Shipped);
        Assert.Empty(SourceOptionsValidator.Validate(sources, Instruments));
        Assert.Equal([VendorKind.Massive, VendorKind.Alpaca, VendorKind.Finazon], sources.Select(s => s.Vendor));
        Assert.Equal(new TimeOnly(8, 0), sources[1].CoverageFrom);
        Assert.Equal(TimeSpan.FromSeconds(45), sources[1].SilenceTimeout);
        Assert.Equal(TimeSpan.FromSeconds(20), sources[1].Reconnect.MaxDelay);
        Assert.Equal(200, sources[2].Finazon.PageSize);
        Assert.Equal("https://grpc-v1-2.finazon.io/", SourceOptionsValidator.UrlOf(sources[2])!.ToString());
    }

    [Fact]
    public void Validate_WrongLabel_NamesWhereTheDataIsBorn()
    {
        var error = Assert.Single(Errors(s => s.Upstream = "sip"));
        Assert.Contains("Sources:0:Upstream = 'sip'", error, StringComparison.Ordinal);
        Assert.Contains("born at 'nasdaq-basic'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ws://nasdaq-basic-business.massive.com/stocks", "wss://")]
    [InlineData("http://127.0.0.1/stocks", "wss://")]
    [InlineData("stocks", "absolute address")]
    [InlineData("wss://delayed.massive.com/stocks", "delayed")]
    public void Validate_WrongUrl_SaysWhatWouldBeRight(string url, string word) =>
        Assert.Contains(word, Assert.Single(Errors(s => s.Url = url)), StringComparison.Ordinal);

    [Theory]
    [InlineData(VendorKind.Massive, "", "00:30:00", null)]
    [InlineData(VendorKind.Massive, "http://api.massive.com/v3/reference", "00:30:00", "https://")]
    [InlineData(VendorKind.Massive, "v3", "00:30:00", "https://")]
    [InlineData(VendorKind.Massive, "", "00:00:00.5", "CorporateActionsPeriod")]
    [InlineData(VendorKind.Massive, "", "1.00:00:01", "CorporateActionsPeriod")]
    [InlineData(VendorKind.Finazon, "", "00:30:00", "only Massive and Alpaca")]
    public void Validate_CorporateActions_NeedAVendorThatTellsThemAndASafeAddress(VendorKind vendor, string url, string period, string? word)
    {
        var sources = Bind(Shipped).Where(s => s.Vendor == vendor).ToList();
        (sources[0].CorporateActions, sources[0].CorporateActionsUrl, sources[0].CorporateActionsPeriod) = (true, url, TimeSpan.Parse(period, System.Globalization.CultureInfo.InvariantCulture));
        var errors = SourceOptionsValidator.Validate(sources, Instruments);
        if (word is null) Assert.Empty(errors);
        else Assert.Contains(word, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SecretInPlaceOfReference_IsRefusedAndNotRepeated()
    {
        const string secret = "pk_live_very_secret";
        var error = Assert.Single(Errors(s => s.ApiKey = secret));
        Assert.Contains("Sources:0:ApiKey", error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ManyMistakes_AreReportedAtOnce()
    {
        var errors = Errors(s =>
        {
            s.SilenceTimeout = TimeSpan.Zero;
            s.MaxFrameBytes = 1;
            s.Symbols.Add(new SymbolOptions { Instrument = "GONE" });
            s.Symbols.Add(new SymbolOptions { Instrument = "TSLA", Symbol = "A,B" });
            s.CoverageFrom = new TimeOnly(4, 0);
            s.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(1);
        });
        Assert.Equal(6, errors.Count);
    }

    [Fact]
    public void Validate_NothingSet_SaysWhatIsMissing()
    {
        var errors = SourceOptionsValidator.Validate([new SourceOptions()], Instruments);
        Assert.Contains(errors, e => e.StartsWith("Sources:0:Name", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("Sources:0:Vendor", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("Sources:0:ApiKey", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("Sources:0:Symbols", StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_NameTwice_IsRefused()
    {
        var sources = Bind(Shipped);
        sources[1].Name = sources[0].Name;
        Assert.Contains("unique", Assert.Single(SourceOptionsValidator.Validate(sources, Instruments)), StringComparison.Ordinal);
    }

    [Fact]
    public void SecretReference_EnvironmentAndFile_AreReadWhenNeeded()
    {
        var path = Path.GetTempFileName();
        var name = "ORACLENODE_TEST_" + Guid.NewGuid().ToString("N");
        try
        {
            var file = SecretReference.Parse("file:" + path);
            Assert.Throws<SecretUnavailableException>(file.Read);
            File.WriteAllText(path, "first\n");
            Assert.Equal("first", file.Read());
            File.WriteAllText(path, "rotated");
            Assert.Equal("rotated", file.Read());
            File.WriteAllText(path, "two\nlines");
            Assert.Throws<SecretUnavailableException>(file.Read);

            var variable = SecretReference.Parse("env:" + name);
            Assert.Contains(name, Assert.Throws<SecretUnavailableException>(variable.Read).Message, StringComparison.Ordinal);
            Environment.SetEnvironmentVariable(name, "value");
            Assert.Equal("value", variable.Read());
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
            File.Delete(path);
        }
    }

    private static IReadOnlyList<string> Errors(Action<SourceOptions> change)
    {
        var sources = Bind(Shipped);
        change(sources[0]);
        return SourceOptionsValidator.Validate(sources, Instruments);
    }

    private static List<SourceOptions> Bind(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("Sources")
            .Get<List<SourceOptions>>(o => o.ErrorOnUnknownConfiguration = true)!;
    }
}
