using System.Globalization;

namespace OracleNode.Chains.Evm;

/// <summary>One EVM chain: where it is, who pays there, and how far a transaction may go.</summary>
public sealed class EvmOptions
{
    internal const long GweiInWei = 1_000_000_000;
    internal const long LargestMaxFeePerGasWei = 100_000 * GweiInWei;
    internal const long LargestMaxPriorityFeePerGasWei = 10_000 * GweiInWei;

    /// <summary>Name for people, logs and metrics, e.g. <c>arbitrum</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>JSON-RPC endpoint, http or https. May hold an access key: it is never logged beyond its host.</summary>
    public string RpcUrl { get; set; } = "";

    /// <summary>EIP-155 chain id, checked at connect; 42161 is Arbitrum One, 8453 Base.</summary>
    public ulong ChainId { get; set; }

    /// <summary>Address of the OracleFeeds contract; empty takes it from the deployment record (<c>Contracts</c>).</summary>
    public string Contract { get; set; } = "";

    /// <summary>File with the secp256k1 key that pays, 64 hex digits, readable by its owner only.</summary>
    public string RelayerKeyFile { get; set; } = "";

    /// <summary>Environment variable with the key; used when <see cref="RelayerKeyFile"/> is empty.</summary>
    public string RelayerKeyEnvironment { get; set; } = "";

    /// <summary>Base fee and tip together at most, wei per gas. Above it nothing is sent. 1 wei to 100,000 gwei.</summary>
    public long MaxFeePerGasWei { get; set; } = 100 * GweiInWei;

    /// <summary>Tip of a first attempt at most, wei per gas; replacements may raise it up to <see cref="MaxFeePerGasWei"/>. 0 to 10,000 gwei.</summary>
    public long MaxPriorityFeePerGasWei { get; set; } = 2 * GweiInWei;

    /// <summary>Gas limit of one transaction at most; an estimate above it is refused. 100,000 to 100,000,000.</summary>
    public long MaxGasLimit { get; set; } = 15_000_000;

    /// <summary>Added to a gas estimate, percent of it. 0 to 200.</summary>
    public int GasMarginPercent { get; set; } = 25;

    /// <summary>Records in one transaction at most; a larger batch goes in several. 1 to 1024.</summary>
    public int MaxRecordsPerTransaction { get; set; } = 256;

    /// <summary>One RPC call at most. 50 ms to 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Size of one RPC answer at most, bytes. 64 KiB to 32 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How often one RPC call is tried again when the endpoint fails. 0 to 10.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Pause before such a retry, doubled each time. 1 ms to 10 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a transaction may take from its first send to its receipt. 1 s to 10 min.</summary>
    public TimeSpan ReceiptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause between two looks for a receipt. 10 ms to 10 s.</summary>
    public TimeSpan ReceiptPollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a transaction may stay without a receipt before one with a higher fee takes its nonce. 100 ms to 5 min.</summary>
    public TimeSpan ReplaceAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How much more a replacement pays than what it replaces, bps. 1000 (what nodes ask at least) to 10000.</summary>
    public int ReplacementBumpBps { get; set; } = 1250;

    /// <summary>Replacements of one transaction at most. 0 to 100.</summary>
    public int MaxReplacements { get; set; } = 20;

    /// <summary>Every error in these options, each with key, value and what would be right; empty when all is well.</summary>
    /// <param name="path">Where the options stand, e.g. <c>Chains:Evm:0</c>.</param>
    /// <param name="deployed">False while the contract does not stand yet: its address may be empty.</param>
    public IReadOnlyList<string> Validate(string path, bool deployed = true)
    {
        var errors = new List<string>(ValidateDelivery(path, deployed));
        if (RelayerKeyFile.Length == 0 == (RelayerKeyEnvironment.Length == 0))
        {
            errors.Add($"{path}:{nameof(RelayerKeyFile)} = '{RelayerKeyFile}': must be set, or else {nameof(RelayerKeyEnvironment)} ('{RelayerKeyEnvironment}'), and not both.");
        }

        return errors;
    }

    /// <summary>The same without the key reference, for those who are given an account.</summary>
    internal IReadOnlyList<string> ValidateDelivery(string path, bool deployed = true)
    {
        var errors = new List<string>();
        void Require(bool holds, string key, object? value, string right)
        {
            if (!holds) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{key} = '{value}': must be {right}."));
        }

        Require(Name.Length is > 0 and <= 32 && !Name.AsSpan().ContainsAnyExcept(NameCharacters), nameof(Name), Name, "1 to 32 of a-z, 0-9 and -");
        // The URL may hold an access key, so its value stays out of the message.
        Require(Uri.TryCreate(RpcUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", nameof(RpcUrl), RpcUrl.Length == 0 ? "" : "...", "an absolute http or https URL");
        Require(ChainId > 0, nameof(ChainId), ChainId, "the chain's EIP-155 id, e.g. 42161 for Arbitrum One, 8453 for Base");
        Require((!deployed && Contract.Length == 0) || EvmAddress.TryParse(Contract, out var contract) && !contract.IsZero, nameof(Contract), Contract, "the address of OracleFeeds: 0x and 40 hex digits, in checksum case when the case is mixed");
        Range(nameof(MaxFeePerGasWei), MaxFeePerGasWei, 1, LargestMaxFeePerGasWei);
        Range(nameof(MaxPriorityFeePerGasWei), MaxPriorityFeePerGasWei, 0, LargestMaxPriorityFeePerGasWei);
        Require(MaxPriorityFeePerGasWei <= MaxFeePerGasWei, nameof(MaxPriorityFeePerGasWei), MaxPriorityFeePerGasWei, $"at most {nameof(MaxFeePerGasWei)}");
        Range(nameof(MaxGasLimit), MaxGasLimit, 100_000, 100_000_000);
        Range(nameof(GasMarginPercent), GasMarginPercent, 0, 200);
        Range(nameof(MaxRecordsPerTransaction), MaxRecordsPerTransaction, 1, 1024);
        Span(nameof(RequestTimeout), RequestTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        Range(nameof(MaxResponseBytes), MaxResponseBytes, 64 * 1024, 32 * 1024 * 1024);
        Range(nameof(MaxRetries), MaxRetries, 0, 10);
        Span(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        Span(nameof(ReceiptTimeout), ReceiptTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Span(nameof(ReceiptPollInterval), ReceiptPollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));
        Span(nameof(ReplaceAfter), ReplaceAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        Range(nameof(ReplacementBumpBps), ReplacementBumpBps, 1000, 10_000);
        Range(nameof(MaxReplacements), MaxReplacements, 0, 100);
        return errors;

        void Range(string key, long value, long min, long max) => Require(value >= min && value <= max, key, value, string.Create(CultureInfo.InvariantCulture, $"{min} to {max}"));
        void Span(string key, TimeSpan value, TimeSpan min, TimeSpan max) => Require(value >= min && value <= max, key, value, $"{min} to {max}");
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
}
