using System.Globalization;

namespace OracleNode.Chains.Solana;

/// <summary>Where and how often the Token-2022 mints of the token feeds are read.</summary>
public sealed class MultiplierWatcherOptions
{
    /// <summary>JSON-RPC endpoint, http or https. May hold an access key: it is never logged beyond its host.</summary>
    public string RpcUrl { get; set; } = "";

    /// <summary>Genesis hash of the cluster in base58, checked before any mint is believed.</summary>
    public string GenesisHash { get; set; } = "";

    /// <summary>How final the account must be. Confirmed or Finalized.</summary>
    public SolanaCommitment Commitment { get; set; } = SolanaCommitment.Confirmed;

    /// <summary>Pause between two readings. 200 ms to 5 min.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>One RPC call at most. 50 ms to 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A reading older than this is not handed out any more, monotonic time. 1 s to 1 h, at least twice the pause.</summary>
    public TimeSpan MaxReadingAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Every error in these options, each with key, value and what would be right; empty when all is well.</summary>
    /// <param name="path">Where the options stand.</param>
    public IReadOnlyList<string> Validate(string path)
    {
        var errors = new List<string>();
        // The URL may hold an access key, so its value stays out of the message.
        Require(Uri.TryCreate(RpcUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", nameof(RpcUrl), RpcUrl.Length == 0 ? "" : "...", "an absolute http or https URL");
        Require(SolanaAddress.TryParse(GenesisHash, out _), nameof(GenesisHash), GenesisHash, "the cluster's genesis hash: the base58 of 32 bytes");
        Require(Commitment is SolanaCommitment.Confirmed or SolanaCommitment.Finalized, nameof(Commitment), Commitment, "Confirmed or Finalized");
        Span(nameof(PollInterval), PollInterval, TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(5));
        Span(nameof(RequestTimeout), RequestTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        Span(nameof(MaxReadingAge), MaxReadingAge, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Require(MaxReadingAge >= PollInterval * 2, nameof(MaxReadingAge), MaxReadingAge, $"at least twice {nameof(PollInterval)} ({PollInterval})");
        return errors;

        void Require(bool holds, string key, object? value, string right)
        {
            if (!holds) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{key} = '{value}': must be {right}."));
        }

        void Span(string key, TimeSpan value, TimeSpan min, TimeSpan max) => Require(value >= min && value <= max, key, value, $"{min} to {max}");
    }
}
