using System.Buffers;
using System.Globalization;

namespace OracleNode.Chains.Solana;

/// <summary>One Solana cluster: where it is, who pays there, and how far a transaction may go.</summary>
public sealed class SolanaOptions
{
    /// <summary>Bound on the configurable priority fee: at 200,000 compute units it is 2 SOL a transaction.</summary>
    internal const long LargestComputeUnitPriceMicroLamports = 10_000_000_000;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Name for people, logs and metrics, e.g. <c>solana</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>JSON-RPC endpoint, http or https. May hold an access key: it is never logged beyond its host.</summary>
    public string RpcUrl { get; set; } = "";

    /// <summary>Genesis hash of the cluster in base58, checked at connect; 5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d is mainnet.</summary>
    public string GenesisHash { get; set; } = "";

    /// <summary>Address of the oracle feeds program, base58; empty takes it from the deployment record (<c>Contracts</c>).</summary>
    public string ProgramId { get; set; } = "";

    /// <summary>Address of the deployment's registry account, base58; empty takes it from the deployment record (<c>Contracts</c>).</summary>
    public string Registry { get; set; } = "";

    /// <summary>
    /// Address lookup table that holds the registry, both sysvars and the feeds, base58: with it a transaction carries about 10 share
    /// records instead of 6. Empty takes it from the deployment record (<c>Contracts</c>), and is none when that names none.
    /// </summary>
    public string LookupTable { get; set; } = "";

    /// <summary>Key file of the account that pays, as solana-keygen writes it, readable by its owner only.</summary>
    public string PayerKeyFile { get; set; } = "";

    /// <summary>Environment variable with the same JSON; used when <see cref="PayerKeyFile"/> is empty.</summary>
    public string PayerKeyEnvironment { get; set; } = "";

    /// <summary>How final a transaction must be to count as landed, and what reads see. Confirmed or Finalized.</summary>
    public SolanaCommitment Commitment { get; set; } = SolanaCommitment.Confirmed;

    /// <summary>Priority fee at least, micro-lamports per compute unit. 0 to the maximum.</summary>
    public long MinComputeUnitPriceMicroLamports { get; set; } = 1_000;

    /// <summary>Priority fee at most, micro-lamports per compute unit, whatever the market asks. 0 to 10,000,000,000.</summary>
    public long MaxComputeUnitPriceMicroLamports { get; set; } = 1_000_000;

    /// <summary>Which percentile of recent priority fees on our accounts to pay. 0 to 100.</summary>
    public int PriorityFeePercentile { get; set; } = 75;

    /// <summary>Added to the simulated compute units to give the limit, percent of them. 0 to 200.</summary>
    public int ComputeUnitMarginPercent { get; set; } = 20;

    /// <summary>Account data one transaction may load, bytes: the program, the registry and the feeds. 32 KiB to 64 MiB.</summary>
    public int LoadedAccountsDataLimitBytes { get; set; } = 256 * 1024;

    /// <summary>One RPC call at most. 50 ms to 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often one RPC call is tried again when the endpoint fails. 0 to 10.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Pause before such a retry, doubled each time. 1 ms to 10 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>RPC calls of one batch in flight at most. 1 to 64.</summary>
    public int MaxParallelRequests { get; set; } = 8;

    /// <summary>
    /// How long a batch may take from its first transaction until all have landed; expired blockhashes are replaced within it.
    /// 1 s to 10 min.
    /// </summary>
    public TimeSpan ConfirmationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause between two looks for the transactions' status. 10 ms to 10 s.</summary>
    public TimeSpan StatusPollInterval { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Pause before the same bytes are sent again. 100 ms to 60 s.</summary>
    public TimeSpan ResendInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Below this balance of the payer, in lamports, a warning is logged at connect. 0 or more.</summary>
    public long LowBalanceLamports { get; set; } = 100_000_000;

    /// <summary>Every error in these options, each with key, value and what would be right; empty when all is well.</summary>
    /// <param name="path">Where the options stand, e.g. <c>Chains:Solana:0</c>.</param>
    /// <param name="deployed">False while nothing stands yet: program and registry may be empty.</param>
    public IReadOnlyList<string> Validate(string path, bool deployed = true)
    {
        var errors = ValidateDelivery(path, deployed);
        if (PayerKeyFile.Length == 0 == (PayerKeyEnvironment.Length == 0))
        {
            errors.Add($"{path}:{nameof(PayerKeyFile)} = '{PayerKeyFile}': must be set, or else {nameof(PayerKeyEnvironment)}, and not both.");
        }

        return errors;
    }

    /// <summary>As <see cref="Validate"/>, but not where the payer's key is: whoever has the key in hand need not name it.</summary>
    internal List<string> ValidateDelivery(string path, bool deployed = true)
    {
        var errors = new List<string>();
        Require(Name.Length is > 0 and <= 32 && !Name.AsSpan().ContainsAnyExcept(NameCharacters), nameof(Name), Name, "1 to 32 of a-z, 0-9 and -");
        // The URL may hold an access key, so its value stays out of the message.
        Require(Uri.TryCreate(RpcUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", nameof(RpcUrl), RpcUrl.Length == 0 ? "" : "...", "an absolute http or https URL");
        Address(nameof(GenesisHash), GenesisHash, "the cluster's genesis hash: the base58 of 32 bytes");
        if (deployed || ProgramId.Length > 0) Address(nameof(ProgramId), ProgramId, "the program's address: the base58 of 32 bytes");
        if (deployed || Registry.Length > 0) Address(nameof(Registry), Registry, "the registry's address: the base58 of 32 bytes");
        if (LookupTable.Length != 0) Address(nameof(LookupTable), LookupTable, "the lookup table's address, the base58 of 32 bytes, or empty for none");
        Require(Commitment is SolanaCommitment.Confirmed or SolanaCommitment.Finalized, nameof(Commitment), Commitment, "Confirmed or Finalized");
        Range(nameof(MaxComputeUnitPriceMicroLamports), MaxComputeUnitPriceMicroLamports, 0, LargestComputeUnitPriceMicroLamports);
        Range(nameof(MinComputeUnitPriceMicroLamports), MinComputeUnitPriceMicroLamports, 0, MaxComputeUnitPriceMicroLamports);
        Range(nameof(PriorityFeePercentile), PriorityFeePercentile, 0, 100);
        Range(nameof(ComputeUnitMarginPercent), ComputeUnitMarginPercent, 0, 200);
        Range(nameof(LoadedAccountsDataLimitBytes), LoadedAccountsDataLimitBytes, 32 * 1024, 64 * 1024 * 1024);
        Span(nameof(RequestTimeout), RequestTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        Range(nameof(MaxRetries), MaxRetries, 0, 10);
        Span(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        Range(nameof(MaxParallelRequests), MaxParallelRequests, 1, 64);
        Span(nameof(ConfirmationTimeout), ConfirmationTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Span(nameof(StatusPollInterval), StatusPollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));
        Span(nameof(ResendInterval), ResendInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Range(nameof(LowBalanceLamports), LowBalanceLamports, 0, long.MaxValue);
        return errors;

        void Require(bool holds, string key, object? value, string right)
        {
            if (!holds) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{key} = '{value}': must be {right}."));
        }

        void Address(string key, string value, string right) => Require(SolanaAddress.TryParse(value, out var address) && address != default, key, value, right);
        void Range(string key, long value, long min, long max) => Require(value >= min && value <= max, key, value, string.Create(CultureInfo.InvariantCulture, $"{min} to {max}"));
        void Span(string key, TimeSpan value, TimeSpan min, TimeSpan max) => Require(value >= min && value <= max, key, value, $"{min} to {max}");
    }
}
