using System.Text;
using Microsoft.Extensions.Configuration;

namespace OracleNode.Configuration;

public class DeploySettingsFactoryTests
{
    private const string Good = """
        "Signers": [ "0x1111111111111111111111111111111111111111111111111111111111111111" ],
        "Feeds": [
          { "Feed": "TSLA", "MinPrice": "20", "MaxPrice": "5000", "Detailed": true }, { "Feed": "AAPL", "MinPrice": "0.5", "MaxPrice": "5000", "Description": "Apple / USD" },
          { "Feed": "SPY", "MinPrice": "50", "MaxPrice": "5000" }, { "Feed": "TSLAx", "MinPrice": "1", "MaxPrice": "100000" }, { "Feed": "SPYx", "MinPrice": "1", "MaxPrice": "100000" }
        ],
        "Chains": [
          { "Chain": "arbitrum", "Owner": "0x3333333333333333333333333333333333333333" }, { "Chain": "base", "Owner": "0x3333333333333333333333333333333333333333" },
          { "Chain": "solana", "Owner": "Stake11111111111111111111111111111111111111", "LookupTable": true }
        ]
        """;

    [Fact]
    public void GoodSection_Checked_IsThePlanOfEveryChain()
    {
        var deploy = NodeSettingsFactory.Create(With(Good)).Deploy!;

        Assert.Equal(["TSLA / USD", "Apple / USD", "SPY / USD", "TSLAx / USD", "SPYx / USD"], deploy.Plan.Feeds.Select(f => f.Description));
        Assert.Equal([true, false, false, false, false], deploy.Plan.Feeds.Select(f => f.Detailed));
        Assert.Equal((50_000_000L, 500_000_000_000L), (deploy.Plan.Feeds[1].Min.E8, deploy.Plan.Feeds[1].Max.E8));
        Assert.Equal((30_000ul, 120_000ul, (byte)1), (deploy.Plan.MaxFutureMillis, deploy.Plan.MaxAttestationAgeMillis, deploy.Plan.Threshold));
        Assert.True(deploy.Chains["solana"].LookupTable);
    }

    [Fact]
    public void MissingContract_CheckedBeforeDeploying_IsNoError()
    {
        var configuration = With(Good, ("Chains:Evm:0:Contract", ""), ("Chains:Solana:0:ProgramId", ""), ("Chains:Solana:0:Registry", ""));
        Assert.NotNull(NodeSettingsFactory.Create(configuration, deployed: false).Deploy);
        Assert.Contains("Chains:Evm:0:Contract = ''", Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(configuration)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deploy:Signers:0", "0x11", "Deploy:Signers:0 = '0x11': must be a public key")]
    [InlineData("Deploy:Signers:1", "0x1111111111111111111111111111111111111111111111111111111111111111", "listed once")]
    [InlineData("Deploy:Threshold", "2", "Deploy:Threshold = '2': must be 1 to the number of Signers, 1")]
    [InlineData("Deploy:MaxFuture", "00:20:00", "Deploy:MaxFuture = '00:20:00': must be 00:00:01 to 00:10:00")]
    [InlineData("Deploy:Feeds:0:MinPrice", "0", "Deploy:Feeds:0:MinPrice = '0': must be a price above 0")]
    [InlineData("Deploy:Feeds:0:MaxPrice", "10", "Deploy:Feeds:0:MaxPrice = '10': must be at least MinPrice, 20")]
    [InlineData("Deploy:Feeds:0:MaxPrice", "9234.5678", "at most three significant digits")]
    [InlineData("Deploy:Feeds:0:Feed", "NONE", "Deploy:Feeds: has no entry for the feed 'TSLA'")]
    [InlineData("Deploy:Feeds:0:Description", "caf\u00e9", "printable ASCII")]
    [InlineData("Deploy:Feeds:0:Description", "TSLA (RawToken)", "without parentheses")]
    [InlineData("Deploy:Feeds:0:Detaild", "true", "unknown key")]
    [InlineData("Deploy:Chains:0:Owner", "", "Deploy:Chains:0:Owner = '': must be the address of who is to own it")]
    [InlineData("Deploy:Chains:0:Chain", "bace", "has no entry for the chain 'arbitrum'")]
    [InlineData("Deploy:Chains:0:LookupTable", "true", "no lookup tables on EVM chains")]
    [InlineData("Deploy:Chains:2:Owner", "0x3333333333333333333333333333333333333333", "the base58 of 32 bytes")]
    [InlineData("Contracts", "none.json", "OracleNode:Contracts = 'none.json': Deployment record 'none.json' is missing")]
    public void WrongValue_Checked_IsNamedWithWhatWouldBeRight(string key, string value, string expected) =>
        Assert.Contains(expected, Assert.Throws<ConfigurationException>(() => NodeSettingsFactory.Create(With(Good, (key, value)))).Message, StringComparison.Ordinal);

    private static IConfigurationRoot With(string deploy, params (string Key, string Value)[] changes) => new ConfigurationBuilder()
        .AddJsonFile(RepositoryFiles.Path("appsettings.json"))
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "OracleNode": { "Deploy": { {{deploy}} } } }""")))
        .AddInMemoryCollection(changes.Select(c => KeyValuePair.Create("OracleNode:" + c.Key, (string?)c.Value)))
        .Build();
}
