namespace OracleNode.Vendors;

public class VendorUpstreamsTests
{
    [Fact]
    public void ShippedChannels_AreOfThreeDifferentUpstreams()
    {
        (VendorKind Vendor, string Upstream)[] shipped =
            [(VendorKind.Massive, VendorUpstreams.NasdaqBasic), (VendorKind.Alpaca, VendorUpstreams.Iex), (VendorKind.Finazon, VendorUpstreams.Sip)];

        var upstreams = shipped.Select(s => VendorUpstreams.Identify(s.Vendor, VendorUpstreams.DefaultUrl(s.Vendor, s.Upstream)!).Upstream).ToArray();

        Assert.Equal(["nasdaq-basic", "iex", "sip"], upstreams);
        Assert.Equal(3, upstreams.Distinct().Count());
    }

    [Fact]
    public void DefaultUrl_OfEveryUpstream_IsIdentifiedAsIt()
    {
        foreach (var vendor in new[] { VendorKind.Massive, VendorKind.Alpaca, VendorKind.Finazon, VendorKind.Kraken, VendorKind.Bybit, VendorKind.Bitstamp })
        {
            Assert.All(VendorUpstreams.Of(vendor), upstream =>
                Assert.Equal(new ChannelIdentity(upstream, null), VendorUpstreams.Identify(vendor, VendorUpstreams.DefaultUrl(vendor, upstream)!)));
        }
    }

    [Theory]
    [InlineData(VendorKind.Massive, "wss://socket.polygon.io/stocks", "sip")]
    [InlineData(VendorKind.Massive, "wss://nasdaq-last-sale-business.massive.com/stocks", "nasdaq-basic")]
    [InlineData(VendorKind.Alpaca, "wss://stream.data.sandbox.alpaca.markets/v2/sip", "sip")]
    [InlineData(VendorKind.Alpaca, "wss://stream.data.alpaca.markets/v1beta1/overnight", "blue-ocean")]
    [InlineData(VendorKind.Alpaca, "ws://127.0.0.1:5000/v2/iex", "iex")]
    [InlineData(VendorKind.Massive, "ws://127.0.0.1:5000/stocks", null)]
    public void Identify_UsableChannel_KnowsWhereItIsBorn(VendorKind vendor, string url, string? upstream) =>
        Assert.Equal(new ChannelIdentity(upstream, null), VendorUpstreams.Identify(vendor, new Uri(url)));

    [Theory]
    [InlineData(VendorKind.Massive, "wss://delayed.massive.com/stocks")]
    [InlineData(VendorKind.Massive, "wss://delayed-nasdaq-basic-business.massive.com/stocks")]
    [InlineData(VendorKind.Massive, "wss://launchpad.massive.com/stocks")]
    [InlineData(VendorKind.Alpaca, "wss://stream.data.alpaca.markets/v2/delayed_sip")]
    [InlineData(VendorKind.Alpaca, "wss://stream.data.alpaca.markets/v2/test")]
    [InlineData(VendorKind.Alpaca, "wss://stream.data.alpaca.markets/v9/other")]
    public void Identify_DelayedInventedOrUnknown_IsRefused(VendorKind vendor, string url)
    {
        var identity = VendorUpstreams.Identify(vendor, new Uri(url));
        Assert.Null(identity.Upstream);
        Assert.NotNull(identity.Refusal);
    }
}
