using System.Globalization;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Tokens;

namespace OracleNode.Configuration;

/// <summary>Checks the section <c>Tokens</c> and makes the list of tokens; every error is reported, each with key, value and what would be right.</summary>
internal static class TokenListFactory
{
    private const int MaxTokens = 4096;

    /// <summary>The units that a token of a standard can be priced in.</summary>
    public static IReadOnlyList<FeedUnit> UnitsOf(TokenStandard standard) => standard is TokenStandard.Backed or TokenStandard.Dinari
        ? [FeedUnit.RawToken, FeedUnit.UiToken]
        : [FeedUnit.RawToken];

    /// <summary>What would be right for a unit, in words.</summary>
    public static string WordsOf(IReadOnlyList<FeedUnit> units) => "RawToken: one unit of the balance that never rebases, share price times multiplier"
        + (units.Contains(FeedUnit.UiToken) ? "; or UiToken: one unit of a balanceOf that is scaled already, the share price" : ". This token's balanceOf is raw, so no other unit is of use");

    /// <summary>Checks and makes.</summary>
    /// <param name="options">The section.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="errors">Receives every error.</param>
    public static List<TokenDefinition> Create(TokensOptions options, string path, List<string> errors)
    {
        CheckChains(options, path, errors);
        var tokens = new List<TokenDefinition>();
        Require(options.List.Count <= MaxTokens, "List", options.List.Count, $"at most {MaxTokens} tokens");
        for (var i = 0; i < options.List.Count; i++)
        {
            var (o, key) = (options.List[i], $"List:{i}");
            Require(IsName(o.Name), $"{key}:Name", o.Name, "1 to 32 letters, digits, dots and dashes");
            Require(options.List.Count(x => x.Name == o.Name) == 1, $"{key}:Name", o.Name, "used by one token only");
            Require(options.List.Count(x => x.Asset == o.Asset) == 1, $"{key}:Asset", o.Asset, "used by one token only");
            Require(o.Issue.Length == 0 || IsName(o.Issue), $"{key}:Issue", o.Issue, "1 to 32 letters, digits, dots and dashes, or empty for a token that is compared with none");
            Require(IsName(o.Issuer), $"{key}:Issuer", o.Issuer, "who issues it, e.g. Backed: 1 to 32 letters, digits, dots and dashes");
            Require(o.Standard != TokenStandard.Unknown, $"{key}:Standard", o.Standard, $"one of {string.Join(", ", Enum.GetNames<TokenStandard>()[1..])}");
            var isOndo = o.Standard == TokenStandard.Ondo;
            Require(isOndo ? EvmAddress.TryParse(o.Oracle, out var oracle) && !oracle.IsZero : o.Oracle.Length == 0, $"{key}:Oracle", o.Oracle, isOndo ? "the address of Ondo's SyntheticSharesOracle: 0x and 40 hex digits" : "empty unless Standard is Ondo");
            if (Place(options, o, key) is not var (chain, address)) continue;
            var isSolana = o.Standard == TokenStandard.ScaledUiAmount;
            Require(IsHash(o.CodeHash, isSolana), $"{key}:CodeHash", o.CodeHash, isSolana ? "empty: a mint's code is the chain's own program" : "empty, or the keccak256 of the code behind the contract: 0x and 64 lower-case hex digits");
            tokens.Add(new TokenDefinition(
                o.Name, o.Asset, chain, address, o.Standard, o.Issue.Length == 0 ? o.Name : o.Issue, o.Issuer, o.CodeHash.Length == 0 ? null : o.CodeHash, isOndo ? o.Oracle : null));
        }

        return tokens;

        (string Chain, string Address)? Place(TokensOptions of, TokenOptions token, string key)
        {
            if (CaipAsset.TryParseSolanaToken(token.Asset, out var reference, out var mint))
            {
                Require(token.Standard is TokenStandard.ScaledUiAmount or TokenStandard.Unknown, $"{key}:Standard", token.Standard, "ScaledUiAmount for a token on Solana");
                var cluster = of.Solana.FirstOrDefault(c => ReferenceOf(c) == reference);
                Require(cluster is not null, $"{key}:Asset", token.Asset, $"on a cluster of Tokens:Solana: {Joined(of.Solana.Select(ReferenceOf))}");
                return cluster is null || token.Standard != TokenStandard.ScaledUiAmount ? null : (cluster.Name, mint);
            }

            if (CaipAsset.TryParseErc20(token.Asset, out var chainId, out var contract))
            {
                Require(token.Standard != TokenStandard.ScaledUiAmount, $"{key}:Standard", token.Standard, "Backed, Erc8056, Dinari or Ondo for a token on an EVM chain");
                var chain = of.Evm.FirstOrDefault(c => c.ChainId == chainId);
                Require(chain is not null, $"{key}:Asset", token.Asset, $"on a chain of Tokens:Evm: {Joined(of.Evm.Select(c => string.Create(CultureInfo.InvariantCulture, $"eip155:{c.ChainId}")))}");
                return chain is null || token.Standard is TokenStandard.ScaledUiAmount or TokenStandard.Unknown ? null : (chain.Name, contract);
            }

            Require(false, $"{key}:Asset", token.Asset, "a CAIP-19 asset: solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:MINT, or eip155:CHAIN/erc20:0x... with 40 lower-case hex digits");
            return null;
        }

        void Require(bool holds, string key, object? value, string right)
        {
            if (!holds) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{key} = '{value}': must be {right}."));
        }
    }

    private static void CheckChains(TokensOptions options, string path, List<string> errors)
    {
        IEnumerable<TokenChainOptions> all = [.. options.Evm, .. options.Solana];
        var names = all.Select(c => c.Name).ToList();
        for (var i = 0; i < options.Evm.Count; i++)
        {
            errors.AddRange(options.Evm[i].Validate($"{path}:Evm:{i}"));
            Once($"Evm:{i}:Name", options.Evm[i].Name, names.Count(n => n == options.Evm[i].Name));
            Once($"Evm:{i}:ChainId", options.Evm[i].ChainId, options.Evm.Count(c => c.ChainId == options.Evm[i].ChainId));
        }

        for (var i = 0; i < options.Solana.Count; i++)
        {
            errors.AddRange(options.Solana[i].Validate($"{path}:Solana:{i}"));
            Once($"Solana:{i}:Name", options.Solana[i].Name, names.Count(n => n == options.Solana[i].Name));
            Once($"Solana:{i}:Reference", ReferenceOf(options.Solana[i]), options.Solana.Count(c => ReferenceOf(c) == ReferenceOf(options.Solana[i])));
        }

        void Once(string key, object value, int times)
        {
            if (times != 1) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{key} = '{value}': must be used by one chain of Tokens only."));
        }
    }

    private static string ReferenceOf(SolanaTokenChainOptions cluster) => cluster.Reference.Length > 0 ? cluster.Reference : CaipAsset.SolanaReference(cluster.GenesisHash);

    private static string Joined(IEnumerable<string> texts) => string.Join(", ", texts) is { Length: > 0 } text ? text : "(there is none)";

    private static bool IsName(string text) => text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    private static bool IsHash(string text, bool isSolana) => text.Length == 0 || (!isSolana && Keccak256.IsText(text));
}
