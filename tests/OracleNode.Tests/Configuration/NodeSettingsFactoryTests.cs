using Microsoft.Extensions.Configuration;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Configuration;

public class NodeSettingsFactoryTests
{
    [Fact]
    public void ShippedConfiguration_Checked_IsGood()
    {
        var settings = NodeSettingsFactory.Create(Shipped());

        Assert.Equal(["TSLA", "AAPL", "SPY", "TSLAx", "SPYx"], settings.Feeds.Select(f => f.Feed.Name));
        Assert.Equal(["arbitrum", "base", "solana"], settings.Publishing.Keys.Order());
        Assert.All(settings.Publishing.Values, feeds => Assert.Equal(5, feeds.Count));
    }

    [Fact]
    public void ShippedSources_Checked_AreAllOfDifferentUpstreams()
    {
        var sources = NodeSettingsFactory.Create(Shipped()).Sources;
        Assert.Equal(["nasdaq-basic", "iex", "sip", "nasdaq-halts", "nyse-halts"], sources.Select(s => s.UpstreamName));
        Assert.Equal(5, sources.Select(s => s.Upstream).Distinct().Count());
    }

    [Fact]
    public void ListsOfHalts_Checked_SpeakForTheirListingsAndNeverVote()
    {
        var feeds = NodeSettingsFactory.Create(Shipped()).Feeds;
        Assert.Equal(["nasdaq-halts"], feeds[0].Sources.Where(s => s.IsListingMarket).Select(s => s.Name));
        Assert.Equal(["nyse-halts"], feeds[2].Sources.Where(s => s.IsListingMarket).Select(s => s.Name));
        Assert.All(feeds.Take(3), f => Assert.Equal([0, 1, 2], f.Pricing!.Regular.AllowedSources!.Select(s => s.Index)));
        Assert.Equal(Guards.LuldTier.Tier1, feeds[0].Luld);
    }

    [Theory]
    [InlineData("Feeds:0:Pricing:Regular:Sources:0", "nasdaq-halts", "must be one of")]
    [InlineData("Sources:0:ListingMics:0", "XNAS", "only a list of halts")]
    [InlineData("Sources:3:ApiKey", "env:X", "is public")]
    [InlineData("Sources:3:MarketStatus", "true", "only Massive and Alpaca")]
    [InlineData("Sources:3:Url", "http://halts.example/", "https://")]
    [InlineData("Sources:4:Halts:PollPeriod", "00:00:01", "00:00:05")]
    [InlineData("Sources:2:MarketStatusUrl", "https://x.example/", "MarketStatus")]
    [InlineData("Instruments:0:LuldTier", "3", "1 or 2")]
    [InlineData("Instruments:0:LuldLeveragePercent", "3", "100 (no leverage) to 500")]
    [InlineData("Instruments:0:LuldLeveragePercent", "501", "100 (no leverage) to 500")]
    [InlineData("Instruments:0:Tickers:0:Ticker", "AAPL", "used once")]
    [InlineData("Instruments:0:Tickers:0:Ticker", "OLD", "dated")]
    [InlineData("Instruments:0:Tickers:0:ValidTo", "yesterday", "a date like")]
    [InlineData("Instruments:0:TickerValidFrom", "2026-13-01", "a date like")]
    [InlineData("CorporateActions:PauseStepBps", "0", "PauseStepBps is 0; it must be 1 to 10000")]
    [InlineData("CorporateActions:Lateness", "60.00:00:00", "Lateness")]
    [InlineData("CorporateActions:ListingDays", "31", "ListingDays is 31; it must be 0 to 30")]
    [InlineData("CorporateActions:PauseBps", "1", "unknown key")]
    [InlineData("Feeds:3:TokenLimits:SmallStepsBps", "0", "SmallStepsBps is 0")]
    [InlineData("Feeds:3:TokenLimits:SmallStepsPerDayBps", "0", "SmallStepsPerDayBps is 0")]
    [InlineData("Feeds:3:TokenLimits:ActivationLead", "8.00:00:00", "ActivationLead")]
    [InlineData("Feeds:3:TokenLimits:StepSaidFor", "367.00:00:00", "StepSaidFor")]
    [InlineData("Operator:Commands", "commands.json", "PublicKeys")]
    [InlineData("Operator:PublicKeys:0", "0x12", "64 hex digits")]
    [InlineData("Clock:Servers:0", "time server", "host")]
    [InlineData("Clock:Period", "00:00:01", "00:00:16")]
    public void WrongSurroundings_Checked_AreSaid(string key, string value, string expected) =>
        Assert.Contains(Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped((key, value)))).Errors, e => e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void FurtherTickers_Checked_AreOfTheInstrumentWithTheirDates()
    {
        var settings = NodeSettingsFactory.Create(Shipped(
            ("Instruments:0:TickerValidFrom", "2022-06-09"), ("Instruments:0:Tickers:0:Ticker", "OLD"), ("Instruments:0:Tickers:0:ValidTo", "2022-06-08"),
            ("CorporateActions:PauseStepBps", "50"), ("Feeds:3:TokenLimits:ActivationLead", "00:15:00")));
        Assert.Equal(
            [new TickerAlias("TSLA", new LocalDate(2022, 6, 9), null), new TickerAlias("OLD", null, new LocalDate(2022, 6, 8))], settings.Instruments[0].Tickers);
        Assert.Equal(50, settings.CorporateActions.PauseStepBps);
        Assert.Equal(Duration.FromMinutes(15), settings.Feeds[3].Token!.ActivationLead);
    }

    [Fact]
    public void TwoSourcesOfOneUpstream_Checked_ShareOneVote()
    {
        var sources = NodeSettingsFactory.Create(Shipped(
            ("Sources:1:Upstream", "sip"), ("Sources:1:Name", "alpaca-sip"))).Sources;
        Assert.Equal(4, sources.Select(s => s.Upstream).Distinct().Count());
        Assert.Equal(sources[1].Upstream, sources[2].Upstream);
    }

    [Fact]
    public void OverrideForAChain_Checked_ReplacesOnlyWhatItNames()
    {
        var publishing = NodeSettingsFactory.Create(Shipped()).Publishing;
        Assert.Equal(10, publishing["arbitrum"][0][MarketSession.Regular].DeviationBps);
        Assert.Equal(15, publishing["base"][0][MarketSession.Regular].DeviationBps);
        Assert.Equal(publishing["arbitrum"][0][MarketSession.Regular].Heartbeat, publishing["base"][0][MarketSession.Regular].Heartbeat);
    }

    [Fact]
    public void Attestation_Checked_IsOfItsSessionAndOverridden()
    {
        var publishing = NodeSettingsFactory.Create(Shipped(("Publishing:Overrides:0:Closed:Attestation", "00:20:00"), ("Publishing:Overrides:0:LandingMargin", "00:00:30"))).Publishing;
        Assert.Equal(Duration.FromMinutes(3), publishing["arbitrum"][0][MarketSession.Regular].Attestation);
        Assert.Equal(Duration.FromMinutes(30), publishing["arbitrum"][3][MarketSession.Closed].Attestation);
        Assert.Equal(Duration.FromMinutes(30), publishing["arbitrum"][0][MarketSession.Unknown].Attestation);
        Assert.Equal(Duration.FromMinutes(20), publishing["base"][0][MarketSession.Closed].Attestation);
        Assert.Equal(Duration.FromSeconds(30), publishing["base"][0].LandingMargin);
        Assert.Equal(Duration.FromMinutes(1), publishing["solana"][0].LandingMargin);
    }

    [Theory]
    [InlineData("Publishing:Regular:Heartbeat", "00:04:01", "'00:04:01': must be at most 00:04:00. A record of TSLA (Regular) may be relied on for 00:05:00 (MaxAge), and landing on arbitrum may take 00:01:00 (LandingMargin). 14 more")]
    [InlineData("Publishing:Regular:Attestation", "00:05:00", "at most 00:04:00")]
    [InlineData("Publishing:Closed:Attestation", "00:59:01", "must be at most 00:59:00. A record of TSLA (Closed)")]
    [InlineData("Publishing:Overrides:0:Overnight:Attestation", "00:10:00", "at most 00:09:00. A record of TSLA (Overnight) may be relied on for 00:10:00 (MaxAge), and landing on base")]
    [InlineData("Feeds:1:Pricing:Regular:MaxAge", "00:03:30", "at most 00:02:30. A record of AAPL (Regular)", "Publishing:Regular:Attestation")]
    [InlineData("Feeds:0:Pricing:ClosedMaxAge", "00:15:00", "at most 00:14:00. A record of TSLA (Closed) may be relied on for 00:15:00 (MaxAge), and landing on arbitrum may take 00:01:00 (LandingMargin). 5 more", "Publishing:Closed:Attestation")]
    [InlineData("Feeds:0:Pricing:Regular:MaxAge", "00:01:00", "leaves no room: raise MaxAge or lower OracleNode:Publishing:LandingMargin", "Publishing:Regular:Heartbeat")]
    [InlineData("Publishing:LandingMargin", "00:04:30", "at most 00:00:30", "Publishing:Regular:Heartbeat")]
    public void CadenceThatOutlivesItsRecord_Checked_IsRefusedWithTheNumbers(string key, string value, string expected, string? named = null)
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped((key, value))));
        var found = Assert.Single(error.Errors, e => e.StartsWith($"OracleNode:{named ?? key} = ", StringComparison.Ordinal));
        Assert.Contains(expected, found);
    }

    [Theory]
    [InlineData("XStocks:Url", "http://api.xstocks.fi", "https://")]
    [InlineData("XStocks:Symbols:0:Instrument", "MSFT", "no such instrument")]
    [InlineData("XStocks:Symbols:0:Symbol", "", "such as TSLAx")]
    [InlineData("XStocks:Period", "2.00:00:00", "1.00:00:00")]
    [InlineData("XStocks:Timeout", "00:02:00", "00:01:00")]
    public void IssuersApi_Checked_NamesKeyValueAndWhatWouldBeRight(string key, string value, string expected)
    {
        (string, string)[] good = [("XStocks:CorporateActions", "true"), ("XStocks:Symbols:0:Instrument", "TSLA"), ("XStocks:Symbols:0:Symbol", "TSLAx")];
        Assert.True(NodeSettingsFactory.Create(Shipped(good)).Options.XStocks.CorporateActions);
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped([.. good.Where(g => g.Item1 != key), (key, value)])));
        Assert.Contains(expected, Assert.Single(error.Errors));
    }

    [Theory]
    [InlineData("Operator:Calendar")]
    [InlineData("Operator:OvernightCalendar")]
    [InlineData("Operator:Commands")]
    [InlineData("Operator:CorporateActions")]
    public void EditionsWithoutAStateFile_Checked_AreRefused(string key)
    {
        (string, string)[] watched = [(key, "document.json"), ("Operator:PublicKeys:0", new string('1', 64))];
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(watched)));
        Assert.Contains("OracleNode:Operator:StateFile is missing", Assert.Single(error.Errors));
        NodeSettingsFactory.Create(Shipped([.. watched, ("Operator:StateFile", "editions.json")]));
    }

    [Fact]
    public void ClosedHeartbeat_Checked_IsUnknown()
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(("Publishing:Closed:Heartbeat", "00:30:00"))));
        Assert.Contains("unknown key", Assert.Single(error.Errors));
    }

    [Fact]
    public void PricingOfAFeed_Checked_IsLaidOverItsProfile()
    {
        var feeds = NodeSettingsFactory.Create(Shipped()).Feeds;
        Assert.Equal(300, feeds[0].Pricing!.Regular.JumpLimitBps);
        Assert.Equal(200, feeds[1].Pricing!.Regular.JumpLimitBps);
        Assert.Equal(feeds[0].Pricing!.Regular.QuoteFreshness, feeds[1].Pricing!.Regular.QuoteFreshness);
    }

    [Fact]
    public void OvernightWithoutASource_Checked_LetsNobodyVote() =>
        Assert.Empty(NodeSettingsFactory.Create(Shipped()).Feeds[0].Pricing!.Overnight.AllowedSources!);

    [Fact]
    public void TokenFeed_Checked_CarriesItsTokenInItsIdentity()
    {
        var feed = NodeSettingsFactory.Create(Shipped()).Feeds[3];
        Assert.Equal("figi:BBG000N9MNX3@XNAS;solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", feed.Feed.Identity);
        Assert.Equal(FeedUnit.RawToken, feed.Feed.Unit);
        Assert.Equal(0, feed.TokenPlace);
    }

    [Fact]
    public void RatioAndWrapperFeed_Checked_AreMadeFromTheirToken()
    {
        var settings = NodeSettingsFactory.Create(Shipped([.. RatioAndWrapper, ("Feeds:5:Reserve:MaxAge", "1.06:00:00")]));
        int Place(string name) => settings.Feeds.ToList().FindIndex(f => f.Feed.Name == name);
        var (token, ratio, wrapper) = (Place("TSLA.d"), settings.Feeds[Place("TSLAx-reserve")], settings.Feeds[Place("wTSLA.d")]);
        Assert.Equal((settings.Feeds[Place("TSLAx")].Feed.Identity, FeedUnit.ReserveRatio), (ratio.Feed.Identity, ratio.Feed.Unit));
        Assert.Equal("figi:BBG000N9MNX3@XNAS;eip155:42161/erc20:0x00000000000000000000000000000000000000aa", wrapper.Feed.Identity);
        var reserve = Assert.IsType<ReserveFeedRules>(ratio.Derived);
        Assert.Equal((Place("TSLA"), new TokenId(0), Duration.FromHours(30)), (reserve.Share, reserve.Token, reserve.Settings.MaxAge));
        var rate = Assert.IsType<WrapperFeedRules>(wrapper.Derived);
        Assert.Equal((token, WrapperFormula.DinariWrapped, "1.0025", Instant.FromUtc(2026, 6, 1, 0, 0)), (rate.Token, rate.Settings.Formula, rate.Settings.SnapshotRate.ToString(), rate.Settings.SnapshotAt));
        Assert.Equal(settings.Feeds.Count, settings.Publishing["arbitrum"].Count);
        Assert.Equal(("wTSLA.d", "TSLA.d"), (Assert.Single(Wrappers.WrapperDefinition.Of(settings)).Name, Assert.Single(Wrappers.WrapperDefinition.Of(settings)).Token.Name));
    }

    /// <summary>A snapshot is a rate and its time, or nothing: half of a change is refused.</summary>
    [Theory]
    [InlineData("Feeds:5:Underlying", "TSLA", "OracleNode:Feeds:5:Underlying = 'TSLA': must be the name of a token feed")]
    [InlineData("Feeds:5:Underlying", "SPYx", "must be a token whose issue 'SPYx' is one of Reserves:Issues")]
    [InlineData("Feeds:5:Token", "eip155:1/erc20:0x00000000000000000000000000000000000000aa", "OracleNode:Feeds:5:Token")]
    [InlineData("Feeds:5:Reserve:ImplausibleRatioBps", "10000", "ReserveSettings.ImplausibleRatioBps is 10000; it must be 10001 to 1000000")]
    [InlineData("Feeds:7:Token", "eip155:42161/erc20:0x12", "must be the wrapper as a CAIP-19 asset")]
    [InlineData("Feeds:7:Token", "eip155:042161/erc20:0x00000000000000000000000000000000000000aa", "must be the wrapper as a CAIP-19 asset")]
    [InlineData("Feeds:7:Token", "eip155:1/erc20:0x00000000000000000000000000000000000000aa", "on the same chain: TSLA.d is eip155:42161")]
    [InlineData("Feeds:7:Underlying", "TSLAx", "on the same chain: TSLAx-solana is solana:")]
    [InlineData("Feeds:7:Wrapper:SnapshotAt", "", "OracleNode:Feeds:7:Wrapper:SnapshotAt = ''")]
    [InlineData("Feeds:7:Wrapper:SnapshotRate", "", "OracleNode:Feeds:7:Wrapper:SnapshotRate = ''")]
    [InlineData("Feeds:7:Wrapper:SnapshotRate", "0", "WrapperSettings.SnapshotRate is none")]
    [InlineData("Feeds:7:Wrapper:Formula", "None", "WrapperSettings.Formula is None; it must be BackedWrapped, DinariWrapped, Identity")]
    [InlineData("Feeds:7:Wrapper:Formula", "BackedWrapped", "BackedWrapped is for Backed")]
    [InlineData("Feeds:7:Wrapper:CodeHash", "0xABC", "WrapperSettings.CodeHash is 0xABC")]
    [InlineData("Feeds:7:Wrapper:MaxStepBps", "1001", "WrapperSettings.MaxStepBps is 1001; it must be 0 to 1000")]
    [InlineData("Operator:StateFile", "", "OracleNode:Operator:StateFile = ''")]
    [InlineData("Reserves:Period", "00:00:00", "OracleNode:Reserves:Period = '00:00:00': must be 00:00:01 to 01:00:00")]
    [InlineData("Reserves:MaxSupplyAge", "00:01:59", "OracleNode:Reserves:MaxSupplyAge = '00:01:59': must be twice")]
    [InlineData("Reserves:Custodians:0:Name", "the bank", "OracleNode:Reserves:Custodians:0:Name = 'the bank'")]
    [InlineData("Reserves:Custodians:0:PublicKeys:0", "8f40", "OracleNode:Reserves:Custodians:0:PublicKeys:0 = '8f40'")]
    [InlineData("Reserves:Custodians:0:Statement", "ftp://bank.example/x", "OracleNode:Reserves:Custodians:0:Statement")]
    [InlineData("Reserves:Issues:0:Issue", "NONE", "must be the Issue of a token in Tokens:List")]
    [InlineData("Reserves:Issues:0:Custodians:0", "nobody", "must be all who hold shares for it")]
    [InlineData("Reserves:Issues:0:MaxStatementAge", "00:00:00", "OracleNode:Reserves:Issues:0:MaxStatementAge")]
    public void OneWrongKeyOfADerivedFeed_Checked_IsNamedWithWhatWouldBeRight(string key, string value, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped([.. RatioAndWrapper.Where(c => c.Item1 != key), (key, value)])));
        Assert.Contains(error.Errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    /// <summary>Who verifies later must be able to tell by which rules a price was made.</summary>
    [Theory]
    [InlineData("Feeds:7:Wrapper:SnapshotRate", "1.0026")]
    [InlineData("Feeds:7:Wrapper:SnapshotAt", "2026-06-02T00:00:00Z")]
    [InlineData("Feeds:7:Wrapper:MaxStepBps", "50")]
    [InlineData("Feeds:5:Reserve:MaxAge", "1.00:00:00")]
    [InlineData("Feeds:3:TokenLimits:DegradeReserveRatioBps", "10100")]
    public void RuleOfADerivedFeed_Changed_ChangesTheDigest(string key, string value)
    {
        var before = SettingsDigest.Of(NodeSettingsFactory.Create(Shipped(RatioAndWrapper)));
        var after = SettingsDigest.Of(NodeSettingsFactory.Create(Shipped([.. RatioAndWrapper.Where(c => c.Item1 != key), (key, value)])));
        Assert.NotEqual(before.Hash, after.Hash);
    }

    private static readonly (string, string)[] RatioAndWrapper = [.. Replay.ReplayFixture.RatioFeed, .. Replay.ReplayFixture.WrapperFeed];

    [Theory]
    [InlineData("Node", "", "OracleNode:Node = ''")]
    [InlineData("NodeSlot", "16", "OracleNode:NodeSlot = '16': must be 0 to 15")]
    [InlineData("Deployment", "", "OracleNode:Deployment = ''")]
    [InlineData("Nodde", "x", "OracleNode:Nodde = '...': unknown key")]
    [InlineData("Instruments:0:Figi", "short", "OracleNode:Instruments:0:Figi = 'short'")]
    [InlineData("Instruments:1:Ticker", "TSLA", "used by one instrument only")]
    [InlineData("Instruments:0:TickerValidFrom", "June", "OracleNode:Instruments:0:TickerValidFrom = 'June': must be a date")]
    [InlineData("Feeds:0:Instrument", "NONE", "OracleNode:Feeds:0:Instrument = 'NONE'")]
    [InlineData("Feeds:0:Unit", "RawToken", "OracleNode:Feeds:0:Unit = 'RawToken'")]
    [InlineData("Feeds:1:Name", "TSLA", "used by one feed only")]
    [InlineData("Feeds:2:Instrument", "TSLA", "another feed than 'TSLA'")]
    [InlineData("Feeds:3:Underlying", "NONE", "OracleNode:Feeds:3:Underlying = 'NONE'")]
    [InlineData("Feeds:3:Token", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:bad!", "OracleNode:Feeds:3:Token")]
    [InlineData("Feeds:3:Instrument", "TSLA", "not both")]
    [InlineData("Feeds:3:Unit", "UiToken", "OracleNode:Feeds:3:Unit = 'UiToken': must be RawToken: one unit of the balance that never rebases, share price times multiplier. This token's balanceOf is raw")]
    [InlineData("Feeds:3:Token", "eip155:1/erc20:0x8ad3c73f833d3f9a523ab01476625f269aeb7cf1", "OracleNode:Feeds:3:Token = 'eip155:1/erc20:0x8ad3c73f833d3f9a523ab01476625f269aeb7cf1': must be the Asset of one of Tokens:List")]
    [InlineData("Tokens:List:0:Name", "", "OracleNode:Tokens:List:0:Name = ''")]
    [InlineData("Tokens:List:1:Name", "TSLAx-solana", "OracleNode:Tokens:List:1:Name = 'TSLAx-solana': must be used by one token only")]
    [InlineData("Tokens:List:2:Asset", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", "OracleNode:Tokens:List:2:Asset")]
    [InlineData("Tokens:List:0:Asset", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:bad!", "must be a CAIP-19 asset")]
    [InlineData("Tokens:List:0:Asset", "solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", "must be on a cluster of Tokens:Solana: 5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp")]
    [InlineData("Tokens:List:1:Asset", "eip155:2/erc20:0x8ad3c73f833d3f9a523ab01476625f269aeb7cf0", "must be on a chain of Tokens:Evm: eip155:1")]
    [InlineData("Tokens:List:1:Asset", "eip155:1/erc20:0x8AD3c73F833d3F9A523aB01476625F269aEB7Cf0", "with 40 lower-case hex digits")]
    [InlineData("Tokens:List:1:Asset", "eip155:01/erc20:0x8ad3c73f833d3f9a523ab01476625f269aeb7cf0", "must be a CAIP-19 asset")]
    [InlineData("Tokens:List:1:Standard", "ScaledUiAmount", "OracleNode:Tokens:List:1:Standard = 'ScaledUiAmount': must be Backed, Erc8056, Dinari or Ondo for a token on an EVM chain")]
    [InlineData("Tokens:List:0:Standard", "Backed", "OracleNode:Tokens:List:0:Standard = 'Backed': must be ScaledUiAmount for a token on Solana")]
    [InlineData("Tokens:List:1:Standard", "Other", "OracleNode:Tokens:List:1:Standard = 'Other'")]
    [InlineData("Tokens:List:1:Standard", "Ondo", "OracleNode:Tokens:List:1:Oracle = '': must be the address of Ondo's SyntheticSharesOracle")]
    [InlineData("Tokens:List:1:Oracle", "0x8ad3c73f833d3f9a523ab01476625f269aeb7cf0", "must be empty unless Standard is Ondo")]
    [InlineData("Tokens:List:1:CodeHash", "0x12", "OracleNode:Tokens:List:1:CodeHash = '0x12': must be empty, or the keccak256 of the code")]
    [InlineData("Tokens:List:0:CodeHash", "0x5f2e07cf01d6dbd8c7bd9ed7b5a6ed6e4cba29ae2ed5d0ba8df24ad5f9d3d5a1", "must be empty: a mint's code is the chain's own program")]
    [InlineData("Tokens:List:1:Issuer", "", "OracleNode:Tokens:List:1:Issuer = ''")]
    [InlineData("Tokens:List:1:Issue", "a b", "OracleNode:Tokens:List:1:Issue = 'a b'")]
    [InlineData("Tokens:Evm:0:ChainId", "0", "OracleNode:Tokens:Evm:0:ChainId = '0'")]
    [InlineData("Tokens:Evm:0:Name", "solana", "OracleNode:Tokens:Evm:0:Name = 'solana': must be used by one chain of Tokens only")]
    [InlineData("Tokens:Evm:0:BatchSize", "101", "OracleNode:Tokens:Evm:0:BatchSize = '101': must be 1 to 100")]
    [InlineData("Tokens:Evm:0:RpcUrl", "ws://x", "OracleNode:Tokens:Evm:0:RpcUrl = '...': must be an absolute http or https URL")]
    [InlineData("Tokens:Solana:0:GenesisHash", "x", "OracleNode:Tokens:Solana:0:GenesisHash = 'x'")]
    [InlineData("Tokens:Solana:0:Commitment", "Processed", "OracleNode:Tokens:Solana:0:Commitment = 'Processed'")]
    [InlineData("Tokens:Solana:0:PollInterval", "00:00:40", "OracleNode:Tokens:Solana:0:MaxReadingAge = '00:01:00': must be at least twice PollInterval")]
    [InlineData("Tokens:Solana:0:MaxChainLag", "00:00:01", "OracleNode:Tokens:Solana:0:MaxChainLag = '00:00:01'")]
    [InlineData("Multipliers:RpcUrl", "http://x", "OracleNode:Multipliers = '(section)': unknown key")]
    [InlineData("Feeds:0:Pricing:Regular:Quorum", "0", "OracleNode:Feeds:0:Pricing")]
    [InlineData("Feeds:0:Pricing:MinPrice", "cheap", "OracleNode:Feeds:0:Pricing:MinPrice = 'cheap': must be a price")]
    [InlineData("Feeds:0:Pricing:MaxPrice", "-1", "OracleNode:Feeds:0:Pricing:MaxPrice = '-1': must be a price")]
    [InlineData("Feeds:0:Pricing:MinPrice", "5", "MinPrice is 5; it must be below MaxPrice", "Feeds:0:Pricing:MaxPrice", "4")]
    [InlineData("Feeds:0:Pricing:Breaker:Strikes", "1", "Breaker.Strikes is 1; it must be 2 to 1000")]
    [InlineData("Feeds:0:Pricing:Regular:EmaJumpLimitBps", "0", "Regular.AverageJumpLimitBps is 0")]
    [InlineData("Feeds:0:Pricing:Regular:CloseJumpLimitBps", "0", "Regular.CloseJumpLimitBps is 0")]
    [InlineData("Feeds:0:Pricing:ResumeGuard", "5", "OracleNode:Feeds:0:Pricing:ResumeGuard = '5': must be a time span")]
    [InlineData("Feeds:0:Related:0:Feed", "TSLA", "OracleNode:Feeds:0:Related:0:Feed = 'TSLA': must be the name of another share feed", "Feeds:0:Related:0:ToleranceBps", "100")]
    [InlineData("Feeds:0:Related:0:Feed", "SPY", "OracleNode:Feeds:0:Related:0:ToleranceBps = '0': must be 1 to 10000")]
    [InlineData("Feeds:3:Related:0:Feed", "SPY", "empty for a token feed")]
    [InlineData("Feeds:3:TokenLimits:MinReserveRatioBps", "0", "OracleNode:Feeds:3:TokenLimits: TokenSettings.MinReserveRatioBps is 0")]
    [InlineData("Feeds:0:Pricing:Overnight:Sources:0", "nobody", "OracleNode:Feeds:0:Pricing:Overnight:Sources = 'nobody'")]
    [InlineData("Sources:0:Upstream", "iex", "OracleNode:Sources:0:Upstream = 'iex'", "Sources:0:Url", "wss://socket.massive.com/stocks")]
    [InlineData("Publishing:Regular:DeviationBps", "0", "OracleNode:Publishing:Regular:DeviationBps = '0'")]
    [InlineData("Publishing:Closed:Attestation", "00:00:00", "OracleNode:Publishing:Closed:Attestation")]
    [InlineData("Publishing:LandingMargin", "00:00:00", "OracleNode:Publishing:LandingMargin = '00:00:00': must be 00:00:01 to 01:00:00")]
    [InlineData("Publishing:Overrides:0:Chain", "nochain", "OracleNode:Publishing:Overrides:0:Chain = 'nochain'")]
    [InlineData("Chains:Evm:1:Name", "arbitrum", "used by one chain only")]
    [InlineData("Chains:Evm:0:Contract", "0x12", "OracleNode:Chains:Evm:0:Contract = '0x12'")]
    [InlineData("Chains:Solana:0:Registry", "0", "OracleNode:Chains:Solana:0:Registry = '0'")]
    [InlineData("Redis:Configuration", "redis:6379,password=x", "without a password")]
    [InlineData("Health:Listen", "ftp://x", "OracleNode:Health:Listen = 'ftp://x'")]
    public void OneWrongKey_Checked_IsNamedWithWhatWouldBeRight(string key, string value, string expected, string? otherKey = null, string? otherValue = null)
    {
        (string, string)[] changes = otherKey is null ? [(key, value)] : [(key, value), (otherKey, otherValue!)];
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(changes)));
        Assert.Contains(error.Errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void ManyWrongKeys_Checked_AreAllNamedOnce()
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(
            ("Node", "NODE ONE"), ("NodeSlot", "99"), ("Chains:Evm:0:ChainId", "x"), ("Redis:Period", "5"))));
        Assert.Equal(4, error.Errors.Count);
    }

    [Fact]
    public void ManyWrongRules_Checked_AreAllNamed()
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(Shipped(
            ("Feeds:0:Pricing:Regular:JumpLimitBps", "0"), ("Feeds:0:Pricing:Regular:QuoteFreshness", "00:00:00"), ("Feeds:0:Pricing:Breaker:GoodWords", "0"), ("Feeds:0:Pricing:ActivationLimitBps", "0"))));
        Assert.Equal(4, error.Errors.Count);
    }

    [Fact]
    public void GuardsOfAFeed_Checked_AreLaidOverTheirDefaults()
    {
        var feeds = NodeSettingsFactory.Create(Shipped(
            ("Feeds:0:Pricing:MinPrice", "0.50"), ("Feeds:0:Pricing:Breaker:Strikes", "7"), ("Feeds:0:Pricing:Regular:OpeningGuard", "00:00:10"), ("Feeds:0:Pricing:Regular:EmaJumpLimitBps", "900"),
            ("Feeds:0:Related:0:Feed", "SPY"), ("Feeds:0:Related:0:ToleranceBps", "400"))).Feeds;
        var pricing = feeds[0].Pricing!;
        Assert.Equal(("0.5", 7, 900), (pricing.MinPrice.ToString(), pricing.Breaker.Strikes, pricing.Regular.AverageJumpLimitBps));
        Assert.Equal(NodaTime.Duration.FromSeconds(10), pricing.Regular.OpeningGuard);
        Assert.Equal(new Guards.RelatedFeed(2, 400), Assert.Single(feeds[0].Related));
        Assert.Equal(feeds[1].Pricing!.Breaker, feeds[2].Pricing!.Breaker);
    }

    [Fact]
    public void MissingSection_Checked_SaysWhereToStart()
    {
        var error = Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(new ConfigurationBuilder().Build()));
        Assert.Contains("appsettings.json", error.Message);
    }

    [Fact]
    public void EmptySection_Checked_NeverThrowsAnythingElse() =>
        Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(
            new ConfigurationBuilder().AddInMemoryCollection([new("OracleNode:Node", "x")]).Build()));

    private static IConfigurationRoot Shipped(params (string Key, string Value)[] changes) => new ConfigurationBuilder()
        .AddJsonFile(RepositoryFiles.Path("appsettings.json"))
        .AddInMemoryCollection(changes.Select(c => new KeyValuePair<string, string?>("OracleNode:" + c.Key, c.Value)))
        .Build();
}
