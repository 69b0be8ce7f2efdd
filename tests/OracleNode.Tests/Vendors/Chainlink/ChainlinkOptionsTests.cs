namespace OracleNode.Vendors.Chainlink;

/// <summary>A source of aggregators in the configuration: the good one, and each key that is wrong.</summary>
public class ChainlinkOptionsTests
{
    private const string Usdc = "0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6";

    [Fact]
    public void Validate_GoodSource_IsValid() => Assert.Empty(Errors(_ => { }));

    [Fact]
    public void Validate_EveryOptionAtItsBounds_IsValid()
    {
        Assert.Empty(Errors(s => s.Chainlink = new ChainlinkOptions
        {
            ChainId = 42161,
            Block = ChainlinkBlock.Safe,
            PollPeriod = TimeSpan.FromSeconds(1),
            RequestTimeout = TimeSpan.FromMilliseconds(100),
            BatchSize = 1,
            MaxBlockAge = TimeSpan.FromHours(1),
            Heartbeat = TimeSpan.FromMinutes(1),
            HeartbeatMargin = TimeSpan.Zero,
            DeviationBps = 1_000,
            RequireBounds = false,
            SequencerFeed = "0xFdB631F5EE196F0ed6FAa767959853A9F217697D",
            SequencerGrace = TimeSpan.Zero,
        }));
        Assert.Empty(Errors(s => s.Url = "http://127.0.0.1:8545"));
        Assert.Empty(Errors(s => s.Symbols[0].Symbol = s.Symbols[0].Symbol.ToLowerInvariant()));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "no url", "Sources:0:Url = '': must be an absolute address such as that of an EVM JSON-RPC endpoint" },
        { "plain url", "must begin with https:// (http:// only on this machine), because anybody on the way could make a price" },
        { "websocket", "must begin with https://" },
        { "other upstream", "Sources:0:Upstream = 'kraken': Chainlink has chainlink" },
        { "key", "Sources:0:ApiKey: Chainlink is public and has none" },
        { "no symbols", "Sources:0:Symbols is empty" },
        { "instrument", "Sources:0:Symbols:0:Instrument = 'TSLA': Chainlink is a market of tokens and says nothing of a share" },
        { "token", "Sources:0:Symbols:0:Token = 'TSLAx': Chainlink " },
        { "no currency", "Currency" },
        { "other currency", "Sources:0:Symbols:0:Currency = 'EURC': must be USDC or USDT" },
        { "currency twice", "Sources:0:Symbols:1:Currency = 'USDC': occurs twice" },
        { "address twice", "prices a currency and can stand for nothing else" },
        { "pair", "Sources:0:Symbols:0:Symbol = 'USDC/USD': must be a contract's address" },
        { "checksum", "must be a contract's address: 0x and 40 hex digits, in the checksum case of EIP-55" },
        { "short address", "must be a contract's address" },
        { "zero address", "must be a contract's address" },
        { "ChainId", "Sources:0:Chainlink:ChainId = '0': must be the chain's EIP-155 id" },
        { "Block", "Sources:0:Chainlink:Block = 'Unknown': must be Latest or Safe" },
        { "PollPeriod", "Sources:0:Chainlink:PollPeriod = '00:00:00': must be 00:00:01 to 00:05:00" },
        { "RequestTimeout", "Sources:0:Chainlink:RequestTimeout = '00:02:00'" },
        { "BatchSize", "Sources:0:Chainlink:BatchSize = '101': must be 1 to 100" },
        { "MaxBlockAge", "Sources:0:Chainlink:MaxBlockAge = '00:00:09'" },
        { "Heartbeat", "Sources:0:Chainlink:Heartbeat = '8.00:00:00'" },
        { "HeartbeatMargin", "Sources:0:Chainlink:HeartbeatMargin = '-00:00:01'" },
        { "DeviationBps", "Sources:0:Chainlink:DeviationBps = '0': must be 1 to 1000" },
        { "SequencerFeed", "Sources:0:Chainlink:SequencerFeed = 'arbitrum': must be a contract's address" },
        { "SequencerGrace", "Sources:0:Chainlink:SequencerGrace = '2.00:00:00'" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_WrongKey_SaysKeyValueAndWhatWouldBeRight(string what, string word)
    {
        var errors = Errors(s =>
        {
            var (symbol, chainlink) = (s.Symbols[0], s.Chainlink);
            switch (what)
            {
                case "no url": s.Url = ""; break;
                case "plain url": s.Url = "http://rpc.example.com/secret"; break;
                case "websocket": s.Url = "wss://rpc.example.com/secret"; break;
                case "other upstream": s.Upstream = VendorUpstreams.Kraken; break;
                case "key": s.ApiKey = "env:KEY"; break;
                case "no symbols": s.Symbols = []; break;
                case "instrument": symbol.Instrument = "TSLA"; break;
                case "token": (symbol.Token, symbol.Currency) = ("TSLAx", ""); break;
                case "no currency": symbol.Currency = ""; break;
                case "other currency": symbol.Currency = "EURC"; break;
                case "currency twice": s.Symbols.Add(new SymbolOptions { Symbol = "0x3E7d1eAB13ad0104d2750B8863b489D65364e32D", Currency = "USDC" }); break;
                case "address twice": s.Symbols.Add(new SymbolOptions { Symbol = Usdc, Currency = "USDT" }); break;
                case "pair": symbol.Symbol = "USDC/USD"; break;
                case "checksum": symbol.Symbol = "0x8FffFfd4AfB6115b954Bd326cbe7B4BA576818f6"; break;
                case "short address": symbol.Symbol = Usdc[..^1]; break;
                case "zero address": symbol.Symbol = "0x" + new string('0', 40); break;
                case "ChainId": chainlink.ChainId = 0; break;
                case "Block": chainlink.Block = ChainlinkBlock.Unknown; break;
                case "PollPeriod": chainlink.PollPeriod = TimeSpan.Zero; break;
                case "RequestTimeout": chainlink.RequestTimeout = TimeSpan.FromMinutes(2); break;
                case "BatchSize": chainlink.BatchSize = 101; break;
                case "MaxBlockAge": chainlink.MaxBlockAge = TimeSpan.FromSeconds(9); break;
                case "Heartbeat": chainlink.Heartbeat = TimeSpan.FromDays(8); break;
                case "HeartbeatMargin": chainlink.HeartbeatMargin = TimeSpan.FromSeconds(-1); break;
                case "DeviationBps": chainlink.DeviationBps = 0; break;
                case "SequencerFeed": chainlink.SequencerFeed = "arbitrum"; break;
                default: chainlink.SequencerGrace = TimeSpan.FromDays(2); break;
            }
        });
        Assert.Contains(errors, e => e.Contains(word, StringComparison.Ordinal));
        Assert.All(errors, e => Assert.DoesNotContain("secret", e, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Errors(Action<SourceOptions> change)
    {
        var source = new SourceOptions
        {
            Name = "chainlink",
            Vendor = VendorKind.Chainlink,
            Upstream = VendorUpstreams.Chainlink,
            Url = "https://rpc.example.com/secret",
            Symbols = [new SymbolOptions { Currency = "USDC", Symbol = Usdc }],
            Chainlink = new ChainlinkOptions { ChainId = 1 },
        };
        change(source);
        return SourceOptionsValidator.Validate([source], new HashSet<string> { "TSLA" }, new Dictionary<string, string> { ["TSLAx"] = "eip155:1/erc20:0x8ad3c73f833d3f9a523ab01476625f269aeb7cf0" });
    }
}
