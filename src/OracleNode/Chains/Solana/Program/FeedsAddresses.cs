using System.Globalization;

namespace OracleNode.Chains.Solana;

/// <summary>Where the program keeps its accounts: seeded addresses of the registry's base key.</summary>
internal static class FeedsAddresses
{
    /// <summary>Seed of the registry.</summary>
    public static string RegistrySeed(ulong deployment) => "registry" + Hex(deployment);

    /// <summary>Seed of a feed account.</summary>
    public static string FeedSeed(ulong deployment, ulong feedTag) => Hex(deployment) + Hex(feedTag);

    public static SolanaAddress Registry(SolanaAddress baseAddress, ulong deployment, SolanaAddress program) =>
        SolanaAddress.WithSeed(baseAddress, RegistrySeed(deployment), program);

    public static SolanaAddress Feed(SolanaAddress baseAddress, ulong deployment, ulong feedTag, SolanaAddress program) =>
        SolanaAddress.WithSeed(baseAddress, FeedSeed(deployment, feedTag), program);

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);
}
