namespace OracleNode.Chains.Solana;

/// <summary>What was found at a feed's address: the feed, or why it is none.</summary>
/// <param name="Address">Where the feed has to be.</param>
/// <param name="Feed">Null when there is none.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="IsPaused">The feed, or the registry as it was in the same slot, is stopped.</param>
internal readonly record struct FeedReading(SolanaAddress Address, FeedAccount? Feed, string? Error, bool IsPaused = false);

/// <summary>Reads feed accounts, checked against program and registry.</summary>
internal static class FeedReadings
{
    /// <summary>One reading per feed tag, in order.</summary>
    /// <exception cref="SolanaRpcException">The endpoint failed or answered nonsense.</exception>
    public static async Task<IReadOnlyList<FeedReading>> ReadAsync(
        SolanaRpcClient rpc, SolanaRetry retry, SubmitTarget target, IReadOnlyList<ulong> feedTags, ulong minContextSlot, CancellationToken cancellationToken)
    {
        var addresses = feedTags.Select(target.FeedAccount).ToArray();
        var readings = new List<FeedReading>(addresses.Length);
        foreach (var chunk in addresses.Chunk(SolanaRpcClient.MaxAccountsPerCall - 1))
        {
            // The registry comes along: while it is stopped, so is every feed.
            SolanaAddress[] asked = [target.Registry, .. chunk];
            var accounts = await retry.RunAsync(token => rpc.GetMultipleAccountsAsync(asked, minContextSlot, token), cancellationToken);
            var (isPaused, registryError) = Registry(target, accounts.Value[0]);
            for (var i = 0; i < chunk.Length; i++)
            {
                readings.Add(registryError is null ? Check(target, chunk[i], accounts.Value[i + 1], isPaused) : new FeedReading(chunk[i], null, registryError));
            }
        }

        return readings;
    }

    private static (bool IsPaused, string? Error) Registry(SubmitTarget target, SolanaAccount? account)
    {
        if (account is null) return (false, $"there is no registry at {target.Registry} any more");
        if (account.Owner != target.Program) return (false, $"the registry {target.Registry} belongs to {account.Owner}, not to the program {target.Program}");
        return RegistryAccount.TryDecode(account.Data, out var registry, out var error) ? (registry.Paused, null) : (false, $"{target.Registry} is not a registry: {error}");
    }

    private static FeedReading Check(SubmitTarget target, SolanaAddress address, SolanaAccount? account, bool isRegistryPaused)
    {
        if (account is null) return new FeedReading(address, null, $"there is no account at {address}; register the feed");
        if (account.Owner != target.Program) return new FeedReading(address, null, $"the account {address} belongs to {account.Owner}, not to the program {target.Program}");
        if (!FeedAccount.TryDecode(account.Data, out var feed, out var error)) return new FeedReading(address, null, $"{address} is not a feed: {error}");
        return feed.Registry == target.Registry
            ? new FeedReading(address, feed, null, feed.Paused || isRegistryPaused)
            : new FeedReading(address, null, $"the account {address} belongs to the registry {feed.Registry}, not {target.Registry}");
    }
}
