namespace OracleNode.Vendors.TokenMarkets;

public class TokenVenueValidatorTests
{
    private const string Asset = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB";

    private static readonly Dictionary<string, string> Tokens = new()
    {
        ["TSLAx"] = Asset,
        ["XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB"] = Asset,
        ["TSLAx-eth"] = "eip155:1/erc20:0x8ad3c73f833d3f9a523ab01476625f269aeb7cf0",
    };

    [Fact]
    public void Validate_EveryVenue_IsValid()
    {
        Assert.Empty(Errors(Kraken()));
        Assert.Empty(Errors(Bybit()));
        Assert.Empty(Errors(Raydium()));
        Assert.Empty(Errors(Bitstamp()));
    }

    [Fact]
    public void Validate_SeveralTokensOfOnePair_IsValid() =>
        Assert.Empty(Errors(Kraken(), s => s.Symbols.Add(new SymbolOptions { Symbol = "TSLAx/USD", Token = "XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB" })));

    [Theory]
    [InlineData("TSLAx", "", "TSLAx/EUR", "Symbol = 'TSLAx/EUR': must be quoted in USD, USDC, USDT")]
    [InlineData("TSLAx", "", "TSLAx", "must be quoted in")]
    [InlineData("TSLAx", "", "TSLAx USD", "must be the pair as Kraken writes it")]
    [InlineData("GONE", "", "GONE/USD", "Token = 'GONE': must be the name of a token feed")]
    [InlineData("", "", "TSLAx/USD", "set either Token, or Currency")]
    [InlineData("TSLAx", "USDC", "USDC/USD", "set either Token, or Currency")]
    [InlineData("", "EURC", "EURC/USD", "Currency = 'EURC': must be USDC or USDT")]
    [InlineData("", "USDC", "USDC/USDT", "must be USDC/USD")]
    public void Validate_WrongPair_SaysWhatWouldBeRight(string token, string currency, string symbol, string word) =>
        Assert.Contains(Errors(Kraken(), s => s.Symbols = [new SymbolOptions { Token = token, Currency = currency, Symbol = symbol }]), e => e.Contains(word, StringComparison.Ordinal));

    [Fact]
    public void Validate_ShareOrKey_IsRefused()
    {
        Assert.Contains("says nothing of a share", Assert.Single(Errors(Kraken(), s => s.Symbols[0].Instrument = "TSLA")), StringComparison.Ordinal);
        Assert.Contains("is public and has none", Assert.Single(Errors(Kraken(), s => s.ApiKey = "env:KEY")), StringComparison.Ordinal);
        Assert.Contains("only Massive and Alpaca tell one", Assert.Single(Errors(Kraken(), s => s.MarketStatus = true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BybitCurrency_IsRefusedBecauseItPricesNothingInDollars() =>
        Assert.Contains("only Kraken, Bitstamp, Chainlink do", Assert.Single(Errors(Bybit(), s => s.Symbols.Add(new SymbolOptions { Currency = "USDC", Symbol = "USDCUSDT" }))), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "USDC", "USDC/USD", "Symbol = 'USDC/USD': must be usdcusd, the pair that prices it in dollars")]
    [InlineData("", "USDC", "usdtusd", "Symbol = 'usdtusd': must be usdcusd")]
    [InlineData("", "USDC", "USDCUSD", "must be usdcusd")]
    [InlineData("", "USDT", "", "Symbol = '': must be usdtusd")]
    [InlineData("", "EURC", "eurcusd", "Currency = 'EURC': must be USDC or USDT")]
    [InlineData("", "usdc", "usdcusd", "Currency = 'usdc': must be USDC or USDT")]
    [InlineData("", "", "usdcusd", "set either Token, or Currency")]
    [InlineData("TSLAx", "", "tslaxusd", "Token = 'TSLAx': Bitstamp is read for currencies only; remove it and name the Currency")]
    public void Validate_WrongPairOfBitstamp_SaysWhatWouldBeRight(string token, string currency, string symbol, string word) =>
        Assert.Contains(word, Assert.Single(Errors(Bitstamp(), s => s.Symbols = [new SymbolOptions { Token = token, Currency = currency, Symbol = symbol }])), StringComparison.Ordinal);

    [Fact]
    public void Validate_BitstampsOtherKeys_AreChecked()
    {
        Assert.Contains("name the Currency", Assert.Single(Errors(Bitstamp(), s => s.Symbols[0].Instrument = "TSLA")), StringComparison.Ordinal);
        Assert.Contains("is public and has none", Assert.Single(Errors(Bitstamp(), s => s.ApiKey = "env:KEY")), StringComparison.Ordinal);
        Assert.Contains("Upstream = 'kraken': Bitstamp has bitstamp", Assert.Single(Errors(Bitstamp(), s => s.Upstream = "kraken")), StringComparison.Ordinal);
        Assert.Contains("anybody on the way could make a price", Assert.Single(Errors(Bitstamp(), s => s.Url = "ws://ws.bitstamp.net")), StringComparison.Ordinal);
        Assert.Contains("PingInterval = '00:00:31': must be at most half of SilenceTimeout (00:01:00)", Assert.Single(Errors(Bitstamp(), s => s.PingInterval = TimeSpan.FromSeconds(31))), StringComparison.Ordinal);
        Assert.Contains("name it once", Errors(Bitstamp(), s => s.Symbols.Add(s.Symbols[0]))[^1], StringComparison.Ordinal);
        Assert.Contains("Symbols is empty", Assert.Single(Errors(Bitstamp(), s => s.Symbols = [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BybitPerpetual_IsRefused() =>
        Assert.Contains("another market than the token's", Assert.Single(Errors(Bybit(), s => s.Url = "wss://stream.bybit.com/v5/public/linear")), StringComparison.Ordinal);

    [Fact]
    public void Validate_PlainConnection_OnlyOnThisMachine()
    {
        Assert.Contains("anybody on the way could make a price", Assert.Single(Errors(Kraken(), s => s.Url = "ws://example.com/v2")), StringComparison.Ordinal);
        Assert.Empty(Errors(Kraken(), s => s.Url = "ws://127.0.0.1:99/v2"));
        Assert.Contains("anybody on the way", Assert.Single(Errors(Bybit(), s => s.Bybit.InstrumentsUrl = "http://example.com/")), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_PoolWithoutEndpointOrAddress_SaysWhatWouldBeRightAndShowsNoKey()
    {
        Assert.Contains("must be an absolute address", Assert.Single(Errors(Raydium(), s => s.Url = "")), StringComparison.Ordinal);
        Assert.Contains("must be a token on Solana", Assert.Single(Errors(Raydium(), s => s.Symbols[0].Token = "TSLAx-eth")), StringComparison.Ordinal);
        Assert.Contains("must be the address of a pool", Assert.Single(Errors(Raydium(), s => s.Symbols[0].Symbol = "TSLAx-USDC")), StringComparison.Ordinal);
        var error = Assert.Single(Errors(Raydium(), s => s.Url = "ws://rpc.example.com/secret"));
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Options_AreBounded()
    {
        Assert.Equal(2, Errors(Kraken(), s => (s.Kraken.DepthBps, s.Kraken.Unit) = (0, OracleNode.Market.FeedUnit.WrapperShare)).Count);
        Assert.Equal(2, Errors(Bybit(), s => (s.Bybit.DepthBps, s.Bybit.InstrumentsPeriod) = (2_000, TimeSpan.Zero)).Count);
        Assert.Equal(3, Errors(Raydium(), s => (s.Raydium.PollPeriod, s.Raydium.QuoteMint, s.Raydium.GenesisHash) = (TimeSpan.Zero, "x", "y")).Count);
    }

    [Fact]
    public void Validate_TokenOfAShareSource_IsRefused()
    {
        var source = new SourceOptions { Name = "a", Vendor = VendorKind.Massive, Upstream = VendorUpstreams.NasdaqBasic, ApiKey = "env:K", Symbols = [new SymbolOptions { Instrument = "TSLA", Token = "TSLAx" }] };
        Assert.Contains("only a market of tokens", Assert.Single(SourceOptionsValidator.Validate([source], new HashSet<string> { "TSLA" }, Tokens)), StringComparison.Ordinal);
    }

    private static SourceOptions Kraken() => new()
    {
        Name = "kraken",
        Vendor = VendorKind.Kraken,
        Upstream = VendorUpstreams.Kraken,
        Symbols = [new SymbolOptions { Token = "TSLAx", Symbol = "TSLAx/USD" }, new SymbolOptions { Currency = "USDC", Symbol = "USDC/USD" }],
    };

    private static SourceOptions Bybit() => new()
    {
        Name = "bybit",
        Vendor = VendorKind.Bybit,
        Upstream = VendorUpstreams.Bybit,
        Symbols = [new SymbolOptions { Token = "TSLAx", Symbol = "TSLAXUSDT" }],
    };

    private static SourceOptions Bitstamp() => new()
    {
        Name = "bitstamp",
        Vendor = VendorKind.Bitstamp,
        Upstream = VendorUpstreams.Bitstamp,
        Symbols = [new SymbolOptions { Currency = "USDC", Symbol = "usdcusd" }, new SymbolOptions { Currency = "USDT", Symbol = "usdtusd" }],
    };

    private static SourceOptions Raydium() => new()
    {
        Name = "raydium",
        Vendor = VendorKind.Raydium,
        Upstream = VendorUpstreams.RaydiumClmm,
        Url = "https://rpc.example.com/key",
        Symbols = [new SymbolOptions { Token = "TSLAx", Symbol = "8sLbNZoA1cfnvMJLPfp98ZLAnFSYCFApfJKMbiXNLwxj" }],
    };

    private static IReadOnlyList<string> Errors(SourceOptions source, Action<SourceOptions>? change = null)
    {
        change?.Invoke(source);
        return SourceOptionsValidator.Validate([source], new HashSet<string> { "TSLA" }, Tokens);
    }
}
