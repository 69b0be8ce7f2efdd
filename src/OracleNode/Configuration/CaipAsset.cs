namespace OracleNode.Configuration;

/// <summary>Tokens as CAIP-19 assets (https://chainagnostic.org/CAIPs/caip-19): <c>namespace:reference/token:address</c>.</summary>
internal static class CaipAsset
{
    /// <summary>Solana's chain reference is the first 32 characters of its genesis hash (CAIP-30).</summary>
    private const int SolanaReferenceLength = 32;

    /// <summary>The address at the end of an asset.</summary>
    public static string AddressOf(string asset) => asset[(asset.LastIndexOf(':') + 1)..];

    /// <summary>Takes a Solana token apart; the mint is checked to be the base58 of 32 bytes.</summary>
    public static bool TryParseSolanaToken(string asset, out string? mint)
    {
        mint = null;
        var slash = asset.IndexOf("/token:", StringComparison.Ordinal);
        if (slash < 0 || !asset.StartsWith("solana:", StringComparison.Ordinal)) return false;
        var reference = asset["solana:".Length..slash];
        var address = asset[(slash + "/token:".Length)..];
        if (reference.Length != SolanaReferenceLength || !OracleNode.Chains.Solana.SolanaAddress.TryParse(address, out _)) return false;
        mint = address;
        return true;
    }
}
