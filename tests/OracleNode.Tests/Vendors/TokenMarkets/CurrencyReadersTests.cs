using System.Text;
using NodaTime;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Replay;
using OracleNode.Vendors.Bitstamp;
using OracleNode.Vendors.Kraken;
using OracleNode.Vendors.Session;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>The venues that price a currency in dollars, as configured, on the node's own fold.</summary>
public class CurrencyReadersTests
{
    private const string Currency = "USDC";

    private static readonly Instant Now = BitstampSamples.Received;

    private readonly NodeSettings _settings;
    private readonly MarketFold _market;
    private readonly SessionFixture.TokenSink _sink = new();
    private readonly KrakenParser _kraken;
    private readonly BitstampParser _bitstamp;

    public CurrencyReadersTests()
    {
        var at = ReplayFixture.Settings().Sources.Count;
        _settings = ReplayFixture.Settings(
            ($"Sources:{at}:Name", "kraken"), ($"Sources:{at}:Vendor", "Kraken"), ($"Sources:{at}:Upstream", "kraken"),
            ($"Sources:{at}:Symbols:0:Symbol", "USDC/USD"), ($"Sources:{at}:Symbols:0:Currency", Currency),
            ($"Sources:{at + 1}:Name", "bitstamp"), ($"Sources:{at + 1}:Vendor", "Bitstamp"), ($"Sources:{at + 1}:Upstream", "bitstamp"),
            ($"Sources:{at + 1}:Symbols:0:Symbol", "usdcusd"), ($"Sources:{at + 1}:Symbols:0:Currency", Currency),
            ("Feeds:5:Name", Currency), ("Feeds:5:Unit", "CurrencyUnit"), ("Feeds:5:Currency", Currency),
            ("Feeds:5:CurrencyRules:Sources:0", "kraken"), ("Feeds:5:CurrencyRules:Sources:1", "bitstamp"));
        _market = MarketFoldFactory.Create(_settings, ReplayFixture.Calendar());
        var (kraken, bitstamp) = (_settings.Sources[at], _settings.Sources[at + 1]);
        var lead = Duration.FromMinutes(1);
        _kraken = new KrakenParser(PairsOf(at), kraken.Id, kraken.Upstream, 50, lead, _sink);
        _bitstamp = new BitstampParser(PairsOf(at + 1), bitstamp.Id, bitstamp.Upstream, lead, BitstampSamples.PingInterval, _sink);
        _kraken.Parse(KrakenSamples.Status);
        _kraken.Parse("""{"channel":"instrument","type":"snapshot","data":{"pairs":[{"symbol":"USDC/USD","status":"online"}]}}""");
    }

    [Fact]
    public void Currency_OfKrakenAndBitstamp_IsLive()
    {
        Kraken("0.9998", "1.0000");
        Bitstamp("0.9997", "0.9999");
        var decision = Decide();
        Assert.Equal((FeedState.Live, DecisionReason.Accepted, 2, 99_985_000), (decision.State, decision.Reason, decision.Upstreams, decision.Price.E8));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Currency_OfOneAlone_IsHeld(bool isKraken)
    {
        if (isKraken) Kraken("0.9998", "1.0000");
        else Bitstamp("0.9998", "1.0000");
        var decision = Decide();
        Assert.Equal((FeedState.Held, DecisionReason.BelowQuorum, false), (decision.State, decision.Reason, decision.HasPrice));
    }

    [Theory]
    [InlineData("0.9998", "1.0000")]
    [InlineData("0.99980001", "0.99980002")]
    [InlineData("1.0000", "1.0000")]
    [InlineData("1.0001", "1.0000")]
    public void Reading_OfTheSameBook_IsTheSameAtBoth(string bid, string ask)
    {
        Kraken(bid, ask);
        var ofKraken = _sink.Pegs.Select(p => (p.Currency, p.Price, p.EventTime)).ToList();
        _sink.Pegs.Clear();
        Bitstamp(bid, ask);
        Assert.Equal(ofKraken, _sink.Pegs.Select(p => (p.Currency, p.Price, p.EventTime)));
    }

    private IReadOnlyList<TokenPair> PairsOf(int source) => TokenPairs.Of(_settings.Options.Sources[source], TokenNames.Of(_settings), FeedUnit.CurrencyUnit);

    private void Kraken(string bid, string ask) => _kraken.Parse(Encoding.UTF8.GetBytes(
        KrakenSamples.BookOf("USDC/USD", "snapshot", $$"""{"price":{{bid}},"qty":1}""", $$"""{"price":{{ask}},"qty":1}""", ",\"timestamp\":\"2024-03-05T15:00:00Z\"")), Now);

    private void Bitstamp(string bid, string ask) => _bitstamp.Parse(BitstampSamples.Book($"""["{bid}","1"]""", $"""["{ask}","1"]"""));

    private FeedDecision Decide()
    {
        foreach (var peg in _sink.Pegs) _market.Apply(MarketInput.Of(Now, peg));
        _market.Tick(Now, everything: true);
        return _market.DecisionOf(5)!;
    }
}
