using System.Globalization;
using OracleNode.Chains.Solana;

namespace OracleNode.Tokens;

/// <summary>The tokens that feeds are made for and those that they are compared with, and the chains that their multipliers are read from.</summary>
public sealed class TokensOptions
{
    /// <summary>EVM chains to read from, one endpoint each. They need not be chains that are published to.</summary>
    public List<EvmTokenChainOptions> Evm { get; set; } = [];

    /// <summary>Solana clusters to read from.</summary>
    public List<SolanaTokenChainOptions> Solana { get; set; } = [];

    /// <summary>The tokens.</summary>
    public List<TokenOptions> List { get; set; } = [];
}

/// <summary>A token.</summary>
public sealed class TokenOptions
{
    /// <summary>Unique name for logs and event files, e.g. TSLAx-arbitrum. 1 to 32 letters, digits, dots and dashes.</summary>
    public string Name { get; set; } = "";

    /// <summary>The token as a CAIP-19 asset: solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:MINT or eip155:42161/erc20:0x....</summary>
    public string Asset { get; set; } = "";

    /// <summary>The product, e.g. TSLAx. Tokens of one issue must have one multiplier on all chains. Empty: the token's name, so it is compared with none.</summary>
    public string Issue { get; set; } = "";

    /// <summary>Who may pause and upgrade it, e.g. Backed: a change of the code of one token pauses the feeds of all of this issuer.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>How its chain tells its multiplier.</summary>
    public TokenStandard Standard { get; set; }

    /// <summary>EVM: keccak256 of the code that answers, behind every proxy, as accepted by you; empty takes the first that is seen after each start.</summary>
    public string CodeHash { get; set; } = "";

    /// <summary>Ondo: address of the SyntheticSharesOracle. Empty for others.</summary>
    public string Oracle { get; set; } = "";
}

/// <summary>What every chain that tokens are read from has.</summary>
public abstract class TokenChainOptions
{
    private const int MaxNameLength = 32;
    private static readonly System.Buffers.SearchValues<char> NameCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Unique name in logs. 1 to 32 of a-z, 0-9 and -.</summary>
    public string Name { get; set; } = "";

    /// <summary>JSON-RPC endpoint, http or https. May hold an access key: it is never logged beyond its host.</summary>
    public string RpcUrl { get; set; } = "";

    /// <summary>Pause between two readings; shorter when a staged multiplier is about to be due. 200 ms to 5 min.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>One RPC call at most. 50 ms to 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A reading is not used any more when the chain's time has not moved on for this long, monotonic time. 1 s to 1 h, at least twice the pause.
    /// </summary>
    public TimeSpan MaxReadingAge { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far the chain's time may lie behind the node's before its word is of the past. 10 s to 1 day.</summary>
    public TimeSpan MaxChainLag { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Every error in these options, each with key, value and what would be right; empty when all is well.</summary>
    /// <param name="path">Where the options stand.</param>
    public virtual IReadOnlyList<string> Validate(string path)
    {
        var errors = new List<string>();
        Require(errors, Name.Length is > 0 and <= MaxNameLength && !Name.AsSpan().ContainsAnyExcept(NameCharacters), path, nameof(Name), Name, $"1 to {MaxNameLength} of a-z, 0-9 and -");
        // The URL may hold an access key, so its value stays out of the message.
        Require(errors, Uri.TryCreate(RpcUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", path, nameof(RpcUrl), RpcUrl.Length == 0 ? "" : "...", "an absolute http or https URL");
        Span(nameof(PollInterval), PollInterval, TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(5));
        Span(nameof(RequestTimeout), RequestTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        Span(nameof(MaxReadingAge), MaxReadingAge, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Span(nameof(MaxChainLag), MaxChainLag, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1));
        Require(errors, MaxReadingAge >= PollInterval * 2, path, nameof(MaxReadingAge), MaxReadingAge, $"at least twice {nameof(PollInterval)} ({PollInterval})");
        return errors;

        void Span(string key, TimeSpan value, TimeSpan min, TimeSpan max) => Require(errors, value >= min && value <= max, path, key, value, $"{min} to {max}");
    }

    private protected static void Require(List<string> errors, bool holds, string path, string key, object? value, string right)
    {
        if (!holds) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{key} = '{value}': must be {right}."));
    }
}

/// <summary>An EVM chain that tokens are read from.</summary>
public sealed class EvmTokenChainOptions : TokenChainOptions
{
    /// <summary>EIP-155 id, checked before any contract is believed.</summary>
    public ulong ChainId { get; set; }

    /// <summary>Questions per JSON-RPC batch. 1 (for endpoints that take no batches) to 100.</summary>
    public int BatchSize { get; set; } = 50;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Validate(string path)
    {
        var errors = new List<string>(base.Validate(path));
        Require(errors, ChainId > 0, path, nameof(ChainId), ChainId, "the chain's EIP-155 id, e.g. 1 for Ethereum, 42161 for Arbitrum One, 4663 for Robinhood Chain");
        Require(errors, BatchSize is >= 1 and <= OracleNode.Chains.Evm.EvmRpcClient.MaxBatch, path, nameof(BatchSize), BatchSize, $"1 to {OracleNode.Chains.Evm.EvmRpcClient.MaxBatch}");
        return errors;
    }
}

/// <summary>A Solana cluster that tokens are read from.</summary>
public sealed class SolanaTokenChainOptions : TokenChainOptions
{
    /// <summary>Genesis hash of the cluster in base58, checked before any mint is believed.</summary>
    public string GenesisHash { get; set; } = "";

    /// <summary>The cluster's name in CAIP-19 assets; empty: the first 32 characters of its genesis hash, as CAIP-30 says.</summary>
    public string Reference { get; set; } = "";

    /// <summary>How final the account must be. Confirmed or Finalized.</summary>
    public SolanaCommitment Commitment { get; set; } = SolanaCommitment.Confirmed;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Validate(string path)
    {
        var errors = new List<string>(base.Validate(path));
        Require(errors, SolanaAddress.TryParse(GenesisHash, out _), path, nameof(GenesisHash), GenesisHash, "the cluster's genesis hash: the base58 of 32 bytes");
        Require(errors, Reference.Length is 0 or 32, path, nameof(Reference), Reference, "empty, or the 32 characters that stand for the cluster in CAIP-19 assets");
        Require(errors, Commitment is SolanaCommitment.Confirmed or SolanaCommitment.Finalized, path, nameof(Commitment), Commitment, "Confirmed or Finalized");
        return errors;
    }
}
