namespace OracleNode.Chains.Solana;

public class SolanaOptionsTests
{
    [Fact]
    public void Validate_CompleteOptions_HasNoError() => Assert.Empty(Valid().Validate("Chains:Solana:0"));

    [Fact]
    public void Validate_EverythingWrong_NamesEachKeyOnce()
    {
        var options = new SolanaOptions
        {
            Name = "Solana!",
            RpcUrl = "ftp://user:secret@host",
            GenesisHash = "?",
            LookupTable = "?",
            Commitment = SolanaCommitment.Processed,
            MaxComputeUnitPriceMicroLamports = -1,
            PriorityFeePercentile = 101,
            ComputeUnitMarginPercent = 201,
            LoadedAccountsDataLimitBytes = 1,
            RequestTimeout = TimeSpan.Zero,
            MaxRetries = 11,
            RetryDelay = TimeSpan.Zero,
            MaxParallelRequests = 0,
            ConfirmationTimeout = TimeSpan.Zero,
            StatusPollInterval = TimeSpan.Zero,
            ResendInterval = TimeSpan.Zero,
            LowBalanceLamports = -1,
        };

        var errors = options.Validate("Chains:Solana:0");

        var keys = errors.Select(error => error[..error.IndexOf(' ', StringComparison.Ordinal)]).ToArray();
        Assert.Equal(keys.Distinct(), keys);
        Assert.Equal(typeof(SolanaOptions).GetProperties().Length - 1, keys.Length); // a payer has two keys and one error
        Assert.DoesNotContain(errors, error => error.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_FloorAboveCap_IsAnError()
    {
        var options = Valid();
        options.MinComputeUnitPriceMicroLamports = options.MaxComputeUnitPriceMicroLamports + 1;

        Assert.Contains("MinComputeUnitPriceMicroLamports = '1000001'", Assert.Single(options.Validate("x")), StringComparison.Ordinal);
    }

    internal static SolanaOptions Valid() => new()
    {
        Name = "solana",
        RpcUrl = "http://127.0.0.1:8899/",
        GenesisHash = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
        ProgramId = "VfM3oXqby3ZnyiPVbdbqpBJYRrtJV1wt8V1sUAevHmQ",
        Registry = "FzikoVT32BqBN7RmLGJ8us7nRgzPme5W4pin7rN2F4EN",
        PayerKeyFile = "payer.json",
    };
}
