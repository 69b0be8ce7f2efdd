using OracleNode.Chains;
using OracleNode.Chains.Evm;

namespace OracleNode.Deployment;

public sealed class ProofTests : IDisposable
{
    private static readonly byte[] Message = [1, 2, 3];

    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-proofs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task FindAsync_OfAKeyOfAnother_TakesTheFileThatVerifies()
    {
        using var own = new KeySigner();
        using var other = new KeySigner();
        var wrong = await FileAsync(other, [9]);
        var right = await FileAsync(other, Message);
        var proofs = new SignerProofs(own, [wrong, right]);

        Assert.Equal(right.ProofBytes, await proofs.FindAsync(other.Key, Message, TestContext.Current.CancellationToken));
        Assert.NotNull(await proofs.FindAsync(own.Key, Message, TestContext.Current.CancellationToken));
        Assert.Null(await proofs.FindAsync(other.Key, [4], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task File_WrittenAndRead_IsTheSameAndNeverOverwritten()
    {
        using var signer = new KeySigner();
        var path = Path.Combine(_folder, "proof.json");
        var file = await FileAsync(signer, Message);
        file.Write(path);
        Assert.Equal(file, ProofFile.Read(path));
        Assert.Throws<ChainException>(() => file.Write(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{ "chain": "a", "contract": "b", "epoch": 1, "signerIndex": 0, "publicKey": "0x00", "proof": "0x00" }""")]
    public void File_OfSomethingElse_IsRefusedInWords(string text)
    {
        var path = Path.Combine(_folder, "bad.json");
        File.WriteAllText(path, text);
        Assert.Contains(path, Assert.Throws<ChainException>(() => ProofFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static async Task<ProofFile> FileAsync(KeySigner signer, byte[] message) =>
        new("arbitrum", "0x", 1, 0, EvmHex.Data(signer.Key), EvmHex.Data(await signer.SignAsync(message, TestContext.Current.CancellationToken)));
}
