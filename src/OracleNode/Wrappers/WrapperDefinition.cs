using OracleNode.Chains.Evm;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Tokens;

namespace OracleNode.Wrappers;

/// <summary>A wrapper whose rate is read.</summary>
/// <param name="Name">For people: its feed's.</param>
/// <param name="Asset">Canonical asset (CAIP-19).</param>
/// <param name="Contract">The vault.</param>
/// <param name="Formula">How its rate comes about.</param>
/// <param name="Token">What it holds, on the same chain.</param>
internal sealed record WrapperDefinition(string Name, string Asset, EvmAddress Contract, WrapperFormula Formula, TokenDefinition Token)
{
    /// <summary>The wrappers that feeds are configured for.</summary>
    public static IReadOnlyList<WrapperDefinition> Of(NodeSettings settings) =>
    [
        .. from feed in settings.Feeds
           where feed.Derived is WrapperFeedRules
           let rules = (WrapperFeedRules)feed.Derived!
           let token = settings.Tokens[settings.Feeds[rules.Token].TokenPlace!.Value]
           select new WrapperDefinition(feed.Feed.Name, rules.Wrapper, AddressOf(rules.Wrapper), rules.Settings.Formula, token),
    ];

    private static EvmAddress AddressOf(string asset) =>
        CaipAsset.TryParseErc20(asset, out _, out var address) ? EvmAddress.Parse(address) : throw new ArgumentException("Validated before.", nameof(asset));
}
