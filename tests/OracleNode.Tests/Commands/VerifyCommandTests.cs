using System.Text.Json;
using FsCheck.Xunit;
using OracleNode.Updates;
using OracleNode.Verification;

namespace OracleNode.Commands;

/// <summary>The batch side of <c>verify</c>, on the golden vectors; the chain side is tested end to end on the real engines.</summary>
public sealed class VerifyCommandTests : IDisposable
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Path("tests/vectors/batches.json"))).RootElement;

    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-verify-").FullName;

    private string BatchPath => Path.Combine(_folder, "batch");

    private string KeysPath => Path.Combine(_folder, "keys.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Runs => [.. Vectors.GetProperty("batches").EnumerateArray().SelectMany(b => b.GetProperty("runs").EnumerateArray()).Select(r => r.GetProperty("envelope").GetString()!)];

    public static TheoryData<string, string> BadEnvelopes => [.. Vectors.GetProperty("badEnvelopes").EnumerateArray().Select(e => (e.GetProperty("name").GetString()!, e.GetProperty("envelope").GetString()!))];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task EveryRunOfEveryVector_AsBinaryOrHex_IsVerified(string envelope)
    {
        WriteKeys();
        foreach (var bytes in new[] { Bytes(envelope), System.Text.Encoding.ASCII.GetBytes(envelope), System.Text.Encoding.ASCII.GetBytes(envelope[2..].ToUpperInvariant().Insert(60, "\n") + "\n") })
        {
            File.WriteAllBytes(BatchPath, bytes);
            var (code, output, error) = await RunAsync();
            Assert.Equal(("", 0), (error, code));
            Assert.Contains(": VERIFIED", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(BadEnvelopes))]
    public async Task EveryBadVector_IsNotVerifiedAndSaysWhy(string name, string envelope)
    {
        WriteKeys();
        File.WriteAllBytes(BatchPath, Bytes(envelope));
        var (code, output, error) = await RunAsync();
        Assert.Equal((1, ""), (code, error));
        Assert.True(output.Contains("FAILED", StringComparison.Ordinal), $"{name}: {output}");
    }

    [Fact]
    public async Task Json_OfAVerifiedRun_HasEveryValueOfTheVector()
    {
        WriteKeys();
        var batch = Vectors.GetProperty("batches")[1];
        File.WriteAllBytes(BatchPath, Bytes(batch.GetProperty("runs")[0].GetProperty("envelope").GetString()!));
        var (code, output, _) = await RunAsync(json: true);
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        var facts = json.RootElement.GetProperty("facts");
        Assert.Equal(batch.GetProperty("recordsRoot").GetString(), facts.GetProperty("recordsRoot").GetString());
        Assert.Equal(batch.GetProperty("message").GetString(), facts.GetProperty("signedMessage").GetString());
        Assert.Equal(batch.GetProperty("runs")[0].GetProperty("path").GetString(), facts.GetProperty("path").GetString());
        var fields = Assert.Single(json.RootElement.GetProperty("records").EnumerateArray()).GetProperty("fields");
        Assert.Equal("320.415", fields.GetProperty("price").GetProperty("value").GetString());
        Assert.Equal("0.0125", fields.GetProperty("confidence").GetProperty("value").GetString());
    }

    [Fact]
    public async Task AnyByteOfAnEnvelope_Changed_IsNotVerified()
    {
        WriteKeys();
        var envelope = Bytes(Vectors.GetProperty("batches")[1].GetProperty("runs")[0].GetProperty("envelope").GetString()!);
        for (var i = 0; i < envelope.Length; i++)
        {
            envelope[i] ^= 1;
            File.WriteAllBytes(BatchPath, envelope);
            envelope[i] ^= 1;
            Assert.True((await RunAsync()).Code == 1, $"byte {i}");
        }
    }

    [Fact]
    public async Task SolanasEnvelope_WithoutItsSignatures_IsNotVerifiedAndSaysWhereTheyAre()
    {
        WriteKeys();
        File.WriteAllBytes(BatchPath, Bytes(Vectors.GetProperty("batches")[1].GetProperty("runs")[0].GetProperty("unsigned").GetString()!));
        var (code, output, _) = await RunAsync();
        Assert.Equal(1, code);
        Assert.Contains("Ed25519 instructions", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "names no signer")]
    [InlineData("0", "line 1")]
    [InlineData("# a comment\n0 0x1234", "line 2")]
    [InlineData("256 0x7776e870b93354f2a0b24c23f2a36cc4e80e223218c1b97926fdd018396a2b9b", "signer index '256'")]
    [InlineData("threshold 0", "threshold '0'")]
    [InlineData("epoch x", "epoch 'x'")]
    [InlineData("0 0x7776e870b93354f2a0b24c23f2a36cc4e80e223218c1b97926fdd018396a2b9b\n0 0x7776e870b93354f2a0b24c23f2a36cc4e80e223218c1b97926fdd018396a2b9b", "named once")]
    public async Task KeysFile_ThatIsWrong_IsSaidWithItsLine(string text, string expected)
    {
        File.WriteAllText(KeysPath, text);
        File.WriteAllBytes(BatchPath, [1]);
        var (code, _, error) = await RunAsync();
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epoch 2", 0, 1)]
    [InlineData("threshold 2", 0, 1)]
    [InlineData("epoch 1\nthreshold 1", 0, 0)]
    [InlineData("", 1, 1)]
    public async Task KeysFile_ThatNamesOthers_DoesNotVerify(string more, int signerIndex, int expected)
    {
        WriteKeys(signerIndex, more);
        File.WriteAllBytes(BatchPath, Bytes(Vectors.GetProperty("batches")[0].GetProperty("envelope").GetString()!));
        Assert.Equal(expected, (await RunAsync()).Code);
    }

    [Fact]
    public async Task Files_MissingOrTooLarge_AreSaid()
    {
        WriteKeys();
        var missing = await RunAsync();
        Assert.Equal(2, missing.Code);
        Assert.Contains(BatchPath, missing.Error, StringComparison.Ordinal);

        using (var file = File.Create(BatchPath)) file.SetLength(64L * 1024 * 1024);
        var large = await RunAsync();
        Assert.Equal(2, large.Code);
        Assert.Contains("larger than", large.Error, StringComparison.Ordinal);

        using (var file = File.Create(BatchPath)) file.SetLength(BatchFile.MaxEnvelopeBytes + 1);
        Assert.Equal(2, (await RunAsync()).Code);
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("arbitrum", null, null, null)]
    [InlineData(null, "TSLA", null, null)]
    [InlineData("arbitrum", "TSLA", "batch", null)]
    [InlineData("arbitrum", "TSLA", null, "production")]
    public async Task Options_ThatDoNotGoTogether_AreBadUsage(string? chain, string? feed, string? batch, string? deployment)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(2, await VerifyCommand.RunAsync(new("none.json", false, chain, feed, null, batch, deployment, null, false), output, error, TestContext.Current.CancellationToken));
        Assert.Contains("--chain and --feed", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify", "--feeed", "TSLA")]
    [InlineData("verify", "--chain", "arbitrum")]
    [InlineData("verify", "--config", "/no/such.json", "--chain", "arbitrum", "--feed", "TSLA")]
    public async Task CommandLine_ThatCannotBeUsed_EndsWithTwo(params string[] arguments) => Assert.Equal(2, await NodeCommands.RunAsync(arguments));

    /// <summary>Whatever the file holds, the command ends with a verdict or an error of its own.</summary>
    [Property(MaxTest = 300)]
    public void AnyBytes_Verified_NeverThrow(byte[] bytes) => RequireVerdict(bytes);

    /// <summary>Nearly right ones, which come further.</summary>
    [Property(MaxTest = 300)]
    public void NearlyEnvelopes_Verified_NeverThrow(ushort at, byte value, ushort cut, bool grows)
    {
        var batches = Vectors.GetProperty("batches");
        var envelope = Bytes(batches[at % batches.GetArrayLength()].GetProperty("envelope").GetString()!);
        envelope[at % envelope.Length] = value;
        RequireVerdict(grows ? [.. envelope, .. new byte[cut % 300]] : envelope[..(cut % (envelope.Length + 1))]);
    }

    /// <summary>Any text as the file of signers.</summary>
    [Property(MaxTest = 300)]
    public void AnyKeysFile_Read_NeverThrows(string? text)
    {
        File.WriteAllText(KeysPath, text ?? "");
        File.WriteAllBytes(BatchPath, [1]);
        Assert.InRange(RunAsync().GetAwaiter().GetResult().Code, 1, 2);
    }

    private void RequireVerdict(byte[] bytes)
    {
        WriteKeys();
        File.WriteAllBytes(BatchPath, bytes);
        var (code, output, _) = RunAsync().GetAwaiter().GetResult();
        // Only what decodes to a well-signed envelope holds, and no change leaves one that.
        Assert.True(code == 1 || DecodedEnvelope.TryDecode(bytes, out _) == EnvelopeError.None, output);
    }

    private void WriteKeys(int signerIndex = 0, string more = "")
    {
        var key = Vectors.GetProperty("keys")[0].GetProperty("publicKey").GetString();
        File.WriteAllText(KeysPath, $"# the vectors' first key\n{signerIndex} {key}  # signs\n{more}\n");
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(bool json = false)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await VerifyCommand.RunAsync(new("none.json", false, null, null, null, BatchPath, "test-vectors", KeysPath, json), output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.AsSpan(2));
}
