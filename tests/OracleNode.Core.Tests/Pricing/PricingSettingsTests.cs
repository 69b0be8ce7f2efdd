using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

public class PricingSettingsTests
{
    [Fact]
    public void Defaults_AreValid()
    {
        PricingSettings.Stock.Validate();
        PricingSettings.Etf.Validate();
    }

    [Fact]
    public void Defaults_AreThoseThatWereMeasured()
    {
        var regular = PricingSettings.Stock.Regular;
        Assert.Equal((Duration.FromSeconds(45), Duration.FromSeconds(90)), (regular.QuoteFreshness, regular.TradeFreshness));
        Assert.Equal((100, 20, 2, 100), (regular.SpreadCapBps, regular.OutlierFloorBps, regular.OutlierFloorTicks, regular.OutlierCeilingBps));
        Assert.Equal((50, 100, 300, 2_000), (regular.TwoUpstreamToleranceBps, regular.ConfidenceCapBps, regular.JumpLimitBps, regular.EvidenceTierBps));
        Assert.Equal((2, 3, Duration.FromSeconds(3)), (regular.Quorum, regular.WantedUpstreams, regular.JumpConfirmation));
        Assert.Equal(150, PricingSettings.Etf.Regular.JumpLimitBps);

        var pre = PricingSettings.Stock.PreMarket;
        Assert.Equal((150, 40, 100, 150, 500, 5_000), (pre.SpreadCapBps, pre.OutlierFloorBps, pre.TwoUpstreamToleranceBps, pre.ConfidenceCapBps, pre.JumpLimitBps, pre.EvidenceTierBps));
        Assert.Equal(pre, PricingSettings.Stock.PostMarket);

        var overnight = PricingSettings.Stock.Overnight;
        Assert.Equal((200, 60, 150, 200, 500, 2_000), (overnight.SpreadCapBps, overnight.OutlierFloorBps, overnight.TwoUpstreamToleranceBps, overnight.ConfidenceCapBps, overnight.JumpLimitBps, overnight.EvidenceTierBps));
        Assert.Equal((1, true), (overnight.Quorum, overnight.AlwaysDegraded));
        Assert.Empty(overnight.AllowedSources!);
    }

    [Theory]
    [InlineData(MarketSession.Unknown)]
    [InlineData(MarketSession.Closed)]
    [InlineData((MarketSession)77)]
    public void Rules_WithoutASession_AreNone(MarketSession session) => Assert.Null(PricingSettings.Stock.For(session));

    public static TheoryData<SessionPricing, string> Invalid()
    {
        var good = PricingSettings.Stock.Regular;
        return new()
        {
            { good with { QuoteFreshness = Duration.Zero }, "Regular.QuoteFreshness is 0" },
            { good with { TradeFreshness = Duration.FromDays(8) }, "Regular.TradeFreshness is 8" },
            { good with { SpreadCapBps = 0 }, "Regular.SpreadCapBps is 0; it must be 1 to 10000." },
            { good with { OutlierFloorBps = -1 }, "Regular.OutlierFloorBps is -1" },
            { good with { OutlierFloorTicks = 101 }, "Regular.OutlierFloorTicks is 101" },
            { good with { OutlierCeilingBps = 0 }, "Regular.OutlierCeilingBps is 0" },
            { good with { TwoUpstreamToleranceBps = 10_001 }, "Regular.TwoUpstreamToleranceBps is 10001" },
            { good with { ConfidenceCapBps = 0 }, "Regular.ConfidenceCapBps is 0" },
            { good with { JumpLimitBps = 0 }, "Regular.JumpLimitBps is 0" },
            { good with { JumpConfirmation = -Duration.Epsilon }, "Regular.JumpConfirmation is" },
            { good with { EvidenceTierBps = 299 }, "Regular.EvidenceTierBps is 299; it must be 300 to 1000000." },
            { good with { Quorum = 0 }, "Regular.Quorum is 0" },
            { good with { WantedUpstreams = 1 }, "Regular.WantedUpstreams is 1; it must be 2 to 255." },
            { good with { MaxAge = Duration.FromMilliseconds(999) }, "Regular.MaxAge is" },
        };
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Rules_OutOfRange_AreRefusedWithKeyAndRange(SessionPricing regular, string message)
    {
        var thrown = Assert.Throws<ArgumentException>((PricingSettings.Stock with { Regular = regular }).Validate);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }
}
