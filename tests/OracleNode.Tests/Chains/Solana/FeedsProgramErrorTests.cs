using System.Text.RegularExpressions;

namespace OracleNode.Chains.Solana;

public partial class FeedsProgramErrorTests
{
    private static readonly string Readme = File.ReadAllText(RepositoryFiles.Path("src", "onchain", "solana", "README.md"));

    [Fact]
    public void Describe_EveryCodeOfTheProgramsTable_HasItsName()
    {
        var table = Readme[Readme.IndexOf("## Errors", StringComparison.Ordinal)..];
        var codes = CodeAndName().Matches(table).ToDictionary(match => uint.Parse(match.Groups[1].Value), match => match.Groups[2].Value);

        Assert.Equal(Enumerable.Range(1, 37).Select(code => (uint)code), codes.Keys.Order());
        Assert.All(codes, pair => Assert.StartsWith(pair.Value, FeedsProgramError.Describe(pair.Key), StringComparison.Ordinal));
    }

    [Fact]
    public void DescribeSkip_EveryReasonOfTheProgramsTable_HasItsName()
    {
        var from = Readme.IndexOf("| reason |", StringComparison.Ordinal);
        var table = Readme[from..Readme.IndexOf("### 7", from, StringComparison.Ordinal)];
        var reasons = CodeAndName().Matches(table).ToDictionary(match => uint.Parse(match.Groups[1].Value), match => match.Groups[2].Value);

        Assert.Equal(Enumerable.Range(1, 10).Select(code => (uint)code), reasons.Keys.Order());
        Assert.All(reasons, pair => Assert.StartsWith(pair.Value, FeedsProgramError.DescribeSkip(pair.Key), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(261u, "NothingStored: no record was stored, the first because NotNewer")]
    [InlineData(256u, "unknown error 256")]
    [InlineData(38u, "unknown error 38")]
    [InlineData(uint.MaxValue, "unknown error 4294967295")]
    [InlineData(300u, "NothingStored: no record was stored, the first because unknown skip reason 44")]
    public void Describe_CodesBeyondTheTable_AreSaidAsTheyAre(uint code, string words) =>
        Assert.StartsWith(words, FeedsProgramError.Describe(code), StringComparison.Ordinal);

    [Theory]
    [InlineData(3, "Custom", 2u, "the Ed25519 program refused signature 0: InvalidSignature")]
    [InlineData(4, "Custom", 27u, "the program refused: WrongDeployment")]
    [InlineData(4, "ComputationalBudgetExceeded", null, "the program failed: ComputationalBudgetExceeded")]
    [InlineData(0, "InvalidInstructionData", null, "instruction 0 failed with InvalidInstructionData")]
    public void Describe_InstructionError_SaysWhichProgramRefused(int index, string name, uint? code, string words) =>
        Assert.StartsWith(words, SubmitTransaction.Describe(new SolanaTransactionError("InstructionError", index, name, code), signatures: 1), StringComparison.Ordinal);

    [GeneratedRegex(@"\| (\d+)(?: \|)? ([A-Z]\w+)")]
    private static partial Regex CodeAndName();
}
