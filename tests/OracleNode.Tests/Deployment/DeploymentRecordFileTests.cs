using OracleNode.Chains;

namespace OracleNode.Deployment;

public sealed class DeploymentRecordFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-record-").FullName;

    private string RecordPath => Path.Combine(_folder, "sub", "example.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Put_ThenRead_IsTheSame()
    {
        var file = DeploymentRecordFile.Open(RecordPath, "example", 7);
        Assert.False(File.Exists(RecordPath));
        file.Put(Chain("arbitrum"));
        file.Put(Chain("base"));
        file.Put(Chain("arbitrum") with { Epoch = 2 });

        var read = DeploymentRecordFile.Read(RecordPath);

        Assert.Equal(["base", "arbitrum"], read.Chains.Select(c => c.Chain));
        Assert.Equal(2u, read.Of("arbitrum")!.Epoch);
        Assert.Null(read.Of("solana"));
        Assert.False(File.Exists(RecordPath + ".new"));
    }

    [Fact]
    public void Open_AfterACrashWhileWriting_HasTheLastWholeOne()
    {
        DeploymentRecordFile.Open(RecordPath, "example", 7).Put(Chain("arbitrum"));
        File.WriteAllText(RecordPath + ".new", "{ \"schema\": 1, \"deplo");
        Assert.NotNull(DeploymentRecordFile.Open(RecordPath, "example", 7).Record.Of("arbitrum"));
    }

    [Fact]
    public void Open_OfAnotherDeployment_IsRefused()
    {
        DeploymentRecordFile.Open(RecordPath, "example", 7).Put(Chain("arbitrum"));
        Assert.Contains("not of 'other'", Assert.Throws<ChainException>(() => DeploymentRecordFile.Open(RecordPath, "other", 8)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "schema": 1, "deployment": "a", "deploymentId": "0x", "chains": null }""")]
    [InlineData("""{ "schema": 1, "deployment": "a", "deploymentId": "0x", "chains": [], "more": 1 }""")]
    [InlineData("""{ "schema": 2, "deployment": "a", "deploymentId": "0x", "chains": [] }""")]
    [InlineData("""{ "schema": 1, "deployment": "a", "deploymentId": "0x", "chains": [ { "chain": "x" } ] }""")]
    public void Read_OfWhatIsNoRecord_IsRefusedInWords(string text)
    {
        var path = Path.Combine(_folder, "bad.json");
        File.WriteAllText(path, text);
        Assert.Contains(path, Assert.Throws<ChainException>(() => DeploymentRecordFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfTheShippedExample_IsGood()
    {
        var record = DeploymentRecordFile.Read(RepositoryFiles.Path("deploy", "contracts", "example.json"));
        Assert.Equal(["arbitrum", "solana"], record.Chains.Select(c => c.Chain));
    }

    private static ChainRecord Chain(string name) => new(
        name, ChainKind.Evm, "42161", "0x1111111111111111111111111111111111111111", "0x22", null, "0x3", "0x4", "", 1, 1, [new SignerRecord(0, "0x55")], [], null, null, [new TransactionRecord("contract", "0x66")]);
}
