using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OracleNode.Configuration;

/// <summary>
/// Tokens as CAIP-19 assets (https://chainagnostic.org/CAIPs/caip-19): <c>namespace:reference/kind:address</c>. An asset is part of feed ids, so each token
/// has one spelling only: EVM addresses in lower case.
/// </summary>
internal static class CaipAsset
{
    /// <summary>Solana's chain reference is the first 32 characters of its genesis hash (CAIP-30).</summary>
    private const int SolanaReferenceLength = 32;

    private const string Solana = "solana:";
    private const string Evm = "eip155:";

    /// <summary>The reference of the cluster with a genesis hash.</summary>
    public static string SolanaReference(string genesisHash) => genesisHash.Length <= SolanaReferenceLength ? genesisHash : genesisHash[..SolanaReferenceLength];

    /// <summary>The address at the end of an asset.</summary>
    public static string AddressOf(string asset) => asset[(asset.LastIndexOf(':') + 1)..];

    /// <summary>Takes a Solana token apart; the mint is checked to be the base58 of 32 bytes.</summary>
    public static bool TryParseSolanaToken(string asset, [NotNullWhen(true)] out string? reference, [NotNullWhen(true)] out string? mint)
    {
        (reference, mint) = (null, null);
        if (!TrySplit(asset, Solana, "/token:", out var chain, out var address)) return false;
        if (chain.Length != SolanaReferenceLength || !OracleNode.Chains.Solana.SolanaAddress.TryParse(address, out _)) return false;
        (reference, mint) = (chain, address);
        return true;
    }

    /// <summary>Takes an ERC-20 token apart; the address is 0x and 40 lower-case hex digits.</summary>
    public static bool TryParseErc20(string asset, out ulong chainId, [NotNullWhen(true)] out string? address)
    {
        (chainId, address) = (0, null);
        if (!TrySplit(asset, Evm, "/erc20:", out var chain, out var contract)) return false;
        if (!ulong.TryParse(chain, NumberStyles.None, CultureInfo.InvariantCulture, out chainId) || chainId == 0 || chain[0] == '0') return false;
        if (contract.AsSpan().ContainsAnyInRange('A', 'F') || !OracleNode.Chains.Evm.EvmAddress.TryParse(contract, out var parsed) || parsed.IsZero) return false;
        address = contract;
        return true;
    }

    private static bool TrySplit(string asset, string prefix, string separator, [NotNullWhen(true)] out string? chain, [NotNullWhen(true)] out string? address)
    {
        (chain, address) = (null, null);
        var slash = asset.IndexOf(separator, StringComparison.Ordinal);
        if (!asset.StartsWith(prefix, StringComparison.Ordinal) || slash < prefix.Length) return false;
        (chain, address) = (asset[prefix.Length..slash], asset[(slash + separator.Length)..]);
        return true;
    }
}
