using System.Text.Json.Nodes;

namespace OracleNode.Chains.Solana;

/// <summary>Reads <c>tests/vectors/solana/transactions.json</c>, made by an independent client.</summary>
internal static class Vectors
{
    public static JsonNode Transactions { get; } =
        JsonNode.Parse(File.ReadAllText(RepositoryFiles.Path("tests", "vectors", "solana", "transactions.json")))!;

    public static byte[] Bytes(JsonNode? node)
    {
        var text = (string)node!;
        Assert.StartsWith("0x", text);
        return Convert.FromHexString(text.AsSpan(2));
    }

    public static SolanaAddress Address(JsonNode? node) => SolanaAddress.Parse((string)node!);
}
