using OracleNode.Market;

namespace OracleNode.Chains.Evm;

/// <summary>
/// The deterministic deployment proxy, the same on Arbitrum, Base and nearly every EVM chain: what it creates (CREATE2)
/// lands at an address that salt and creation code give. Whoever finds code there knows from what creation code it came.
/// https://github.com/Arachnid/deterministic-deployment-proxy
/// </summary>
internal static class DeterministicDeployer
{
    /// <summary>Where it is.</summary>
    public static readonly EvmAddress Address = EvmAddress.Parse("0x4e59b44847b379578588920cA78FbF26c0B4956C");

    /// <summary>Where a creation lands (EIP-1014).</summary>
    /// <param name="salt">32 bytes.</param>
    /// <param name="creationCode">With its constructor's arguments.</param>
    public static EvmAddress AddressOf(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> creationCode)
    {
        Span<byte> preimage = stackalloc byte[1 + EvmAddress.Length + 32 + Keccak256.Length];
        preimage[0] = 0xFF;
        Address.CopyTo(preimage[1..]);
        salt.CopyTo(preimage[21..53]);
        Keccak256.Hash(creationCode, preimage[53..]);
        Span<byte> hash = stackalloc byte[Keccak256.Length];
        Keccak256.Hash(preimage, hash);
        return new EvmAddress(hash[12..]);
    }

    /// <summary>Call data for it.</summary>
    public static byte[] Creation(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> creationCode) => [.. salt, .. creationCode];
}
