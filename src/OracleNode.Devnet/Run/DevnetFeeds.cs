using System.Globalization;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Market;
using OracleNode.MarketData;
using OracleNode.Tokens;

namespace OracleNode.Run;

/// <summary>An instrument of a run and what is known of it.</summary>
internal sealed record DevnetInstrument(string Ticker, string Figi, string Isin, string Mic, bool IsEtf);

/// <summary>A token of a run: its mint stands on the local cluster.</summary>
internal sealed record DevnetToken(string Name, string Title, string Underlying, string Mint, double Multiplier)
{
    /// <summary>Solana mainnet in CAIP-19 assets.</summary>
    public const string SolanaMainnet = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";

    /// <summary>The token as a CAIP-19 asset of Solana mainnet, whose mint it is.</summary>
    public string Asset => $"solana:{SolanaMainnet}/token:{Mint}";
}

/// <summary>A token of a run that stands on a local EVM chain.</summary>
/// <param name="Name">Its feed's.</param>
/// <param name="Underlying">The share's feed.</param>
/// <param name="Issue">The product.</param>
/// <param name="Issuer">Whose it is.</param>
/// <param name="Standard">How it tells its multiplier.</param>
/// <param name="ChainId">Where it stands.</param>
/// <param name="MultiplierE18">Its first multiplier.</param>
internal sealed record DevnetEvmToken(string Name, string Underlying, string Issue, string Issuer, TokenStandard Standard, ulong ChainId, UInt128 MultiplierE18)
{
    /// <summary>The first contract that the owner of the tokens creates on its chain.</summary>
    public static EvmAddress Address { get; } = EvmAddress.OfCreation(TokenContracts.Owner, 0);

    /// <summary>The token as a CAIP-19 asset.</summary>
    public string Asset => string.Create(CultureInfo.InvariantCulture, $"eip155:{ChainId}/erc20:{EvmHex.Data(Address.ToArray())}");
}

/// <summary>What a run publishes: the symbols of its data, and the tokens that are known to stand for them.</summary>
internal static class DevnetFeeds
{
    private static readonly DevnetInstrument[] Known =
    [
        new("TSLA", "BBG000N9MNX3", "US88160R1014", "XNAS", false),
        new("AAPL", "BBG000B9XRY4", "US0378331005", "XNAS", false),
        new("SPY", "BBG000BDTBL9", "US78462F1030", "ARCX", true),
        new("IBM", "BBG000BLNNH6", "US4592001014", "XNYS", false),
        new("BAC", "BBG000BCTLF6", "US0605051046", "XNYS", false),
    ];

    // SPYx carries reinvested dividends in its multiplier; TSLA pays none.
    private static readonly DevnetToken[] Tokens =
    [
        new("TSLAx", "Tesla xStock", "TSLA", "XsDoVfqeBukxuZHWhdvWHBhgEHjGNst4MLodqsJHzoB", 1.0),
        new("SPYx", "SP500 xStock", "SPY", "XsoCS1TfEyfFhfvj8EtZ528L3CaKBDBRqRapnBbDF2W", 1.005715),
    ];

    private static readonly DevnetEvmToken[] EvmTokens =
    [
        new("TSLAx-arbitrum", "TSLA", "TSLAx", "Backed", TokenStandard.Backed, 42161, 1_000_000_000_000_000_000),
        new("AAPL-rh", "AAPL", "AAPL-rh", "Robinhood", TokenStandard.Erc8056, 8453, 1_003_269_000_000_000_000),
    ];

    /// <summary>What stands for a dollar, and is none.</summary>
    public static IReadOnlyList<string> Currencies { get; } = ["USDC", "USDT"];

    public static IReadOnlyList<DevnetInstrument> InstrumentsOf(MarketTimeline timeline) =>
        [.. timeline.Symbols.Select(s => Known.FirstOrDefault(k => k.Ticker == s.Name) ?? new DevnetInstrument(s.Name, MadeUpFigi(s.Name), "", "XNYS", false))];

    /// <summary>Tokens only for the generated day: the recorded ones are of years before there were any.</summary>
    public static IReadOnlyList<DevnetToken> TokensOf(MarketTimeline timeline) =>
        timeline.IsGenerated ? [.. Tokens.Where(t => timeline.Symbols.Any(s => s.Name == t.Underlying))] : [];

    /// <summary>Likewise: TSLAx on a second chain, and a token of another issuer. One on each chain.</summary>
    public static IReadOnlyList<DevnetEvmToken> EvmTokensOf(MarketTimeline timeline) =>
        timeline.IsGenerated ? [.. EvmTokens.Where(t => timeline.Symbols.Any(s => s.Name == t.Underlying))] : [];

    /// <summary>What Kraken lists of a run's tokens, one share each, and the currencies near one dollar.</summary>
    public static IReadOnlyList<TokenPairSpec> KrakenPairsOf(IReadOnlyList<DevnetToken> tokens) => tokens.Count == 0 ? [] :
        [.. tokens.Select(t => new TokenPairSpec($"{t.Name}/USD", t.Underlying)), .. Currencies.Select(c => TokenPairSpec.OfCurrency(c + "/USD", c))];

    /// <summary>What Bybit lists of them, one raw token each.</summary>
    public static IReadOnlyList<TokenPairSpec> BybitPairsOf(IReadOnlyList<DevnetToken> tokens) =>
        [.. tokens.Select(t => new TokenPairSpec(BybitSymbolOf(t), t.Underlying, (decimal)t.Multiplier, "USDT"))];

    /// <summary>What Bitstamp prices in dollars.</summary>
    public static IReadOnlyList<TokenPairSpec> BitstampPairsOf(IReadOnlyList<DevnetToken> tokens) =>
        tokens.Count == 0 ? [] : [.. Currencies.Select(c => TokenPairSpec.OfCurrency(c.ToLowerInvariant() + "usd", c))];

    public static string BybitSymbolOf(DevnetToken token) => token.Name.ToUpperInvariant() + "USDT";

    public static Token2022Mint MintOf(DevnetToken token) =>
        new(SolanaAddress.Parse(token.Mint), token.Title, token.Name, token.Multiplier) { Supply = SupplyOf(token) * (ulong)Price.One };

    /// <summary>Whole raw tokens in circulation.</summary>
    public static uint SupplyOf(DevnetToken token) => token.Name == "TSLAx" ? 250_000u : 1_000_000u;

    // Recorded files may be of any symbol; FIGIs never begin so, which shows that this one is not real.
    private static string MadeUpFigi(string ticker) => "DEV" + ticker.Replace(".", "", StringComparison.Ordinal).PadLeft(9, '0')[..9];
}
