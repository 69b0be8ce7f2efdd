using System.Globalization;
using System.Text;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Deployment;
using OracleNode.Market;

namespace OracleNode.Configuration;

/// <summary>Checks the section <c>Deploy</c> against the rest of the configuration; every error is reported, each with key, value and what would be right.</summary>
internal sealed class DeploySettingsFactory
{
    private const string Root = "OracleNode:Deploy";
    private const int MaxDescription = 64;

    private readonly DeployOptions _options;
    private readonly List<string> _errors;

    private DeploySettingsFactory(DeployOptions options, List<string> errors)
    {
        _options = options;
        _errors = errors;
    }

    /// <summary>Makes the settings; what is wrong goes into the errors.</summary>
    public static DeploySettings Create(NodeOptions node, DeployOptions options, ulong deployment, IReadOnlyList<FeedSettings> feeds, List<string> errors)
    {
        var factory = new DeploySettingsFactory(options, errors);
        var plan = new ContractPlan(deployment, factory.Signers(), options.Threshold, factory.Feeds(feeds, node))
        {
            MaxFutureMillis = factory.Millis(nameof(DeployOptions.MaxFuture), options.MaxFuture, TimeSpan.FromMinutes(10)),
            MaxAttestationAgeMillis = factory.Millis(nameof(DeployOptions.MaxAttestationAge), options.MaxAttestationAge, TimeSpan.FromDays(1)),
        };
        return new DeploySettings(plan, options.ProofFiles, factory.Chains(node));
    }

    private List<PlannedSigner> Signers()
    {
        var signers = new List<PlannedSigner>();
        Require(_options.Signers.Count is >= 1 and <= SignerSet.MaxKeys, "Signers", _options.Signers.Count, $"1 to {SignerSet.MaxKeys} public keys");
        Require(_options.Threshold >= 1 && _options.Threshold <= Math.Max(1, _options.Signers.Count), "Threshold", _options.Threshold, $"1 to the number of Signers, {_options.Signers.Count}");
        for (var i = 0; i < _options.Signers.Count; i++)
        {
            var text = _options.Signers[i];
            var key = EvmHex.ReadData(text);
            Require(key is { Length: 32 }, $"Signers:{i}", text, "a public key as 'keys new' prints it: 0x and 64 hex digits");
            Require(_options.Signers.Count(s => string.Equals(s, text, StringComparison.OrdinalIgnoreCase)) == 1, $"Signers:{i}", text, "listed once: a key that stands twice would vote twice");
            if (key is { Length: 32 } && i <= byte.MaxValue) signers.Add(new PlannedSigner((byte)i, key));
        }

        return signers;
    }

    private List<PlannedFeed> Feeds(IReadOnlyList<FeedSettings> feeds, NodeOptions node)
    {
        var planned = new List<PlannedFeed>();
        for (var i = 0; i < _options.Feeds.Count; i++)
        {
            var o = _options.Feeds[i];
            var min = Bound($"Feeds:{i}:{nameof(DeployFeedOptions.MinPrice)}", o.MinPrice);
            var max = Bound($"Feeds:{i}:{nameof(DeployFeedOptions.MaxPrice)}", o.MaxPrice);
            Require(min.IsNone || max.IsNone || min <= max, $"Feeds:{i}:{nameof(DeployFeedOptions.MaxPrice)}", o.MaxPrice, $"at least {nameof(DeployFeedOptions.MinPrice)}, {o.MinPrice}");
            Require(_options.Feeds.Count(f => f.Feed == o.Feed) == 1, $"Feeds:{i}:Feed", o.Feed, "listed once");
            Require(node.Feeds.Any(f => f.Name == o.Feed), $"Feeds:{i}:Feed", o.Feed, $"the name of one of Feeds: {string.Join(", ", node.Feeds.Select(f => f.Name))}");
            if (feeds.FirstOrDefault(f => f.Feed.Name == o.Feed)?.Feed is not { } feed) continue;
            var description = o.Description.Length > 0 ? o.Description : feed.IsMoney ? $"{feed.Name} / {feed.Quote}" : feed.Name;
            Require(
                description.Length <= MaxDescription && !description.AsSpan().ContainsAnyExceptInRange(' ', '~') && description.AsSpan().IndexOfAny('(', ')') < 0, $"Feeds:{i}:Description", description,
                $"at most {MaxDescription} printable ASCII characters without parentheses, in which the contract puts the unit");
            if (!min.IsNone && !max.IsNone) planned.Add(new PlannedFeed(feed, min, max, description, o.Detailed));
        }

        foreach (var feed in node.Feeds.Where(f => _options.Feeds.All(o => o.Feed != f.Name))) _errors.Add($"{Root}:Feeds: has no entry for the feed '{feed.Name}': must have one with MinPrice and MaxPrice.");
        return planned;
    }

    private Price Bound(string key, string text)
    {
        var parsed = Price.TryParse(Encoding.UTF8.GetBytes(text), out var price, out _) && !price.IsNone;
        Require(parsed, key, text, "a price above 0 with at most 8 decimals, e.g. 20 or 0.5");
        Require(!parsed || PlannedFeed.IsExactBound(price), key, text, "a number of at most three significant digits, up to 45,000,000");
        return parsed ? price : default;
    }

    private ulong Millis(string key, TimeSpan value, TimeSpan most)
    {
        var fits = value >= TimeSpan.FromSeconds(1) && value <= most;
        Require(fits, key, value, $"{TimeSpan.FromSeconds(1)} to {most}");
        return fits ? (ulong)value.TotalMilliseconds : 0;
    }

    private Dictionary<string, DeployChainOptions> Chains(NodeOptions node)
    {
        var evm = node.Chains.Evm.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var solana = node.Chains.Solana.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var chains = new Dictionary<string, DeployChainOptions>(StringComparer.Ordinal);
        for (var i = 0; i < _options.Chains.Count; i++)
        {
            var o = _options.Chains[i];
            Require(evm.Contains(o.Chain) || solana.Contains(o.Chain), $"Chains:{i}:Chain", o.Chain, $"the name of one of Chains: {string.Join(", ", evm.Concat(solana))}");
            Require(chains.TryAdd(o.Chain, o), $"Chains:{i}:Chain", o.Chain, "listed once");
            var isSolana = solana.Contains(o.Chain);
            var right = isSolana ? "the base58 of 32 bytes" : "0x and 40 hex digits, in checksum case when the case is mixed";
            Require(IsAddress(isSolana, o.Owner), $"Chains:{i}:Owner", o.Owner, $"the address of who is to own it: {right}");
            Require(o.Guardian.Length == 0 || IsAddress(isSolana, o.Guardian), $"Chains:{i}:Guardian", o.Guardian, $"empty, or an address: {right}");
            Require(o.DeployerKeyFile.Length == 0 || o.DeployerKeyEnvironment.Length == 0, $"Chains:{i}:DeployerKeyEnvironment", o.DeployerKeyEnvironment, "empty when DeployerKeyFile is set");
            Require(isSolana || !o.LookupTable, $"Chains:{i}:LookupTable", o.LookupTable, "false: there are no lookup tables on EVM chains");
        }

        foreach (var name in evm.Concat(solana).Where(name => name.Length > 0 && !chains.ContainsKey(name))) _errors.Add($"{Root}:Chains: has no entry for the chain '{name}': must have one with its Owner.");
        return chains;
    }

    private static bool IsAddress(bool isSolana, string text) =>
        isSolana ? SolanaAddress.TryParse(text, out var address) && address != default : EvmAddress.TryParse(text, out var contract) && !contract.IsZero;

    private void Require(bool holds, string key, object? value, string right)
    {
        if (!holds) _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{Root}:{key} = '{value}': must be {right}."));
    }
}
