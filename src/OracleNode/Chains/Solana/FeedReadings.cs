namespace OracleNode.Chains.Solana;

/// <summary>What was found at a feed's address: the feed, or why it is none.</summary>
internal readonly record struct FeedReading(SolanaAddress Address, FeedAccount? Feed, string? Error);

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
        foreach (var chunk in addresses.Chunk(SolanaRpcClient.MaxAccountsPerCall))
        {
            var accounts = await retry.RunAsync(token => rpc.GetMultipleAccountsAsync(chunk, minContextSlot, token), cancellationToken);
            for (var i = 0; i < chunk.Length; i++) readings.Add(Check(target, chunk[i], accounts.Value[i]));
        }

        return readings;
    }

    private static FeedReading Check(SubmitTarget target, SolanaAddress address, SolanaAccount? account)
    {
        if (account is null) return new FeedReading(address, null, $"there is no account at {address}; register the feed");
        if (account.Owner != target.Program) return new FeedReading(address, null, $"the account {address} belongs to {account.Owner}, not to the program {target.Program}");
        if (!FeedAccount.TryDecode(account.Data, out var feed, out var error)) return new FeedReading(address, null, $"{address} is not a feed: {error}");
        return feed.Registry == target.Registry
            ? new FeedReading(address, feed, null)
            : new FeedReading(address, null, $"the account {address} belongs to the registry {feed.Registry}, not {target.Registry}");
    }
}
