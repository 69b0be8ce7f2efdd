using System.Globalization;
using System.Text.Json.Nodes;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Deployment;
using OracleNode.Signing;

namespace OracleNode.Commands;

/// <summary>The verbs as an operator runs them, on the shipped example, against real engines.</summary>
public sealed class DeployCommandTests(LocalEvmChain evm, LocalSolanaCluster solana) : IClassFixture<LocalEvmChain>, IClassFixture<LocalSolanaCluster>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-deploy-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Config => Path.Combine(_folder, "appsettings.json");

    private string Contracts => Path.Combine(_folder, "contracts.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ShippedExample_PlannedDeployedAndChecked_IsGoodUntilSomethingDiffers()
    {
        await PrepareAsync();

        Assert.Equal(0, await DeployAsync(execute: false));
        Assert.Contains("[to do] feed SPYx: register SPYx", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("nothing was sent", _output.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Contracts));

        Assert.Equal(0, await DeployAsync(execute: true));
        Assert.Equal("", _error.ToString());
        var nonceBefore = _output.ToString().Length;
        Assert.Equal(0, await DeployAsync(execute: true));
        Assert.DoesNotContain("to do", _output.ToString()[nonceBefore..], StringComparison.Ordinal);

        Assert.Equal(0, await CheckAsync());
        Assert.Contains("arbitrum: good.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("solana: good.", _output.ToString(), StringComparison.Ordinal);

        // A chain that differs is named, the other is still good.
        var record = DeploymentRecordFile.Open(Contracts, "example", Updates.BatchMessage.DeploymentId("example"));
        record.Put(record.Record.Of("arbitrum")! with { CodeHash = "0x" + new string('0', 64) });
        Assert.Equal(1, await CheckAsync());
        Assert.Contains("arbitrum: not as the deployment record says: the code at", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("solana:", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_ForAContract_IsAProofThatVerifiesForItAlone()
    {
        await PrepareAsync();
        var contract = EvmAccount.Create().Address;
        var path = Path.Combine(_folder, "proof.json");

        Assert.Equal(0, await ProveCommand.RunAsync(Config, "arbitrum", contract.ToString(), path, _output, _error, Token));

        var proof = ProofFile.Read(path);
        var message = Updates.ProofOfPossession.ForEvm(Updates.BatchMessage.DeploymentId("example"), 42161, contract.ToArray(), 1, 0, proof.PublicKeyBytes);
        Assert.True(SignerProofs.Verifies(proof.PublicKeyBytes, message, proof.ProofBytes));
        Assert.Equal(1, await ProveCommand.RunAsync(Config, "none", contract.ToString(), path + "2", _output, _error, Token));
        Assert.Equal(1, await ProveCommand.RunAsync(Config, "arbitrum", "0x12", path + "2", _output, _error, Token));
    }

    [Fact]
    public async Task Deploy_WithoutItsSection_IsAnErrorInWords()
    {
        File.Copy(RepositoryFiles.Path("appsettings.json"), Config);
        Assert.Equal(1, await DeployAsync(execute: false));
        Assert.Contains("OracleNode:Deploy: the section is missing", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> DeployAsync(bool execute) => DeployCommand.RunAsync(Config, null, execute, Contracts, _output, _error, Token);

    private async Task<int> CheckAsync()
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Config, Token))!;
        json["OracleNode"]![nameof(Contracts)] = Contracts;
        await File.WriteAllTextAsync(Config, json.ToJsonString(), Token);
        return await CheckCommand.RunAsync(Config, true, _output, _error, Token);
    }

    /// <summary>The shipped example with one EVM chain and Solana on the local engines, keys of its own, and a section Deploy.</summary>
    private async Task PrepareAsync()
    {
        var key = "0x" + Convert.ToHexStringLower(KeyFile.Create(Path.Combine(_folder, "signer.pem")));
        var relayer = EvmAccount.CreateFile(Path.Combine(_folder, "relayer.hex"));
        using var payer = SolanaKeyFile.Create(Path.Combine(_folder, "payer.json"));
        await evm.Chain.SetBalanceAsync(relayer.Address, 1_000_000_000_000_000_000, Token);
        await solana.Chain.AirdropAsync(payer.Address, 10_000_000_000, Token);

        var json = JsonNode.Parse(await File.ReadAllTextAsync(RepositoryFiles.Path("appsettings.json"), Token))!;
        var node = json["OracleNode"]!;
        node["Signing"]!["KeyFile"] = Path.Combine(_folder, "signer.pem");
        var chains = node["Chains"]!;
        chains["Evm"]!.AsArray().RemoveAt(1);
        node["Publishing"]!.AsObject().Remove("Overrides");
        var arbitrum = chains["Evm"]![0]!;
        (arbitrum["RpcUrl"], arbitrum["Contract"], arbitrum["RelayerKeyFile"]) = (evm.Chain.RpcUrl.ToString(), "", Path.Combine(_folder, "relayer.hex"));
        arbitrum["ReceiptPollInterval"] = "00:00:00.050";
        var cluster = chains["Solana"]![0]!;
        (cluster["RpcUrl"], cluster["GenesisHash"]) = (solana.Chain.RpcUrl.ToString(), solana.Chain.GenesisHash.ToString());
        (cluster["ProgramId"], cluster["Registry"], cluster["PayerKeyFile"]) = ("", "", Path.Combine(_folder, "payer.json"));
        cluster["StatusPollInterval"] = "00:00:00.050";
        node["Deploy"] = new JsonObject
        {
            ["Signers"] = new JsonArray(key),
            ["Feeds"] = new JsonArray([.. node["Feeds"]!.AsArray().Select(f => new JsonObject { ["Feed"] = f!["Name"]!.GetValue<string>(), ["MinPrice"] = "1", ["MaxPrice"] = (100_000).ToString(CultureInfo.InvariantCulture) })]),
            ["Chains"] = new JsonArray(
                new JsonObject { ["Chain"] = "arbitrum", ["Owner"] = relayer.Address.ToString() },
                new JsonObject { ["Chain"] = "solana", ["Owner"] = payer.Address.ToString(), ["LookupTable"] = true }),
        };
        await File.WriteAllTextAsync(Config, json.ToJsonString(), Token);
    }
}
