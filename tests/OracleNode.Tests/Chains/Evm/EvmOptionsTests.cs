namespace OracleNode.Chains.Evm;

public class EvmOptionsTests
{
    private static EvmOptions Valid() => new()
    {
        Name = "arbitrum",
        RpcUrl = "https://arb1.example/v2/access-key",
        ChainId = 42161,
        Contract = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        RelayerKeyFile = "/run/secrets/relayer",
    };

    [Fact]
    public void Validate_Defaults_AreValid() => Assert.Empty(Valid().Validate("Chains:0"));

    [Fact]
    public void Validate_EverythingWrong_EveryErrorAtOnceWithKeyAndValue()
    {
        var errors = new EvmOptions { Name = "Arbitrum One", RpcUrl = "ftp://x/access-key", Contract = "0x12", MaxFeePerGasWei = 0, GasMarginPercent = -1, RequestTimeout = TimeSpan.Zero }.Validate("Chains:0");
        foreach (var key in (string[])["Name = 'Arbitrum One'", "RpcUrl = ", "ChainId = '0'", "Contract = '0x12'", "RelayerKeyFile = ''", "MaxFeePerGasWei = '0'", "GasMarginPercent = '-1'", "RequestTimeout = '00:00:00'"])
        {
            Assert.Single(errors, e => e.StartsWith("Chains:0:" + key, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(errors, e => e.Contains("access-key", StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_FileAndVariable_NotBoth()
    {
        var options = Valid();
        options.RelayerKeyEnvironment = "RELAYER_KEY";
        Assert.Contains("not both", Assert.Single(options.Validate("Chains:0")), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_TipAboveTheFeeCap_Refused()
    {
        var options = Valid();
        options.MaxFeePerGasWei = 1_000;
        Assert.Contains("MaxPriorityFeePerGasWei", Assert.Single(options.Validate("Chains:0")), StringComparison.Ordinal);
    }
}
