namespace OracleNode.Configuration;

/// <summary>Tokens as CAIP-19 assets (https://chainagnostic.org/CAIPs/caip-19): <c>namespace:reference/token:address</c>.</summary>
internal static class CaipAsset
{
    /// <summary>Solana's chain reference is the first 32 characters of its genesis hash (CAIP-30).</summary>
    private const int SolanaReferenceLength = 32;

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

    /// <summary>Takes a token of an EVM chain apart, <c>eip155:42161/erc20:0x...</c>; the address may have a checksum, which then must be right.</summary>
    public static bool TryParseEvmToken(string asset, out ulong chainId, out OracleNode.Chains.Evm.EvmAddress address)
    {
        (chainId, address) = (0, default);
        var slash = asset.IndexOf("/erc20:", StringComparison.Ordinal);
        if (slash < 0 || !asset.StartsWith("eip155:", StringComparison.Ordinal)) return false;
        var digits = asset["eip155:".Length..slash];
        return digits.Length is > 0 and <= 20 && digits[0] != '0' && digits.All(char.IsAsciiDigit) && ulong.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out chainId)
            && OracleNode.Chains.Evm.EvmAddress.TryParse(asset[(slash + "/erc20:".Length)..], out address) && !address.IsZero;
    }
}
