using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Deployment;

/// <summary>The start check of an EVM chain: chain id, code, owner, guardian, signer set, and every configured feed.</summary>
internal sealed class EvmRecordCheck(EvmOptions options, ChainRecord? record, IReadOnlyList<Feed> feeds, HttpClient http, TimeProvider time) : IRecordCheck
{
    private readonly EvmRpcClient _rpc = new(new Uri(options.RpcUrl), http, time, options.RequestTimeout, options.MaxResponseBytes);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken)
    {
        if (record is null) return [$"the record has no entry for chain '{options.Name}'; run deploy, or take Contracts out of the configuration"];
        try
        {
            return await CompareAsync(record, cancellationToken);
        }
        catch (Exception e) when (e is EvmRpcException or FormatException)
        {
            throw new ChainException($"{options.Name}: checking against the deployment record: {e.Message}", e);
        }
    }

    private async Task<IReadOnlyList<string>> CompareAsync(ChainRecord known, CancellationToken cancellationToken)
    {
        var chainId = (await EvmRetry.RunAsync(_rpc.GetChainIdAsync, options, time, cancellationToken)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (known.Kind != ChainKind.Evm || known.ChainId != chainId) return [$"{_rpc.Endpoint} is chain {chainId}, recorded is {known.Kind} {known.ChainId}"];
        var contract = EvmAddress.Parse(options.Contract);
        if (!EvmAddress.TryParse(known.Contract, out var recorded) || recorded != contract) return [$"the configured contract is {contract}, recorded is {known.Contract}"];
        var reader = new EvmContractReader(options, _rpc, contract, time);
        var code = await reader.CodeAsync(cancellationToken);
        // Nothing else that it says means anything when the code is another.
        if (EvmContractState.HashOf(code) is var hash && hash != known.CodeHash) return [$"the code at {contract} has hash {hash} ({code.Length} bytes), recorded is '{known.CodeHash}'"];

        var state = await reader.StateAsync(cancellationToken) ?? throw new FormatException("the code is gone");
        var problems = new List<string?> { RecordedFeeds.ProblemOfOwner(state.Owner.ToString(), state.PendingOwner.ToString(), known) };
        var guardian = state.Guardian.IsZero ? "" : state.Guardian.ToString();
        if (guardian != known.Guardian) problems.Add($"guardian is '{guardian}', recorded is '{known.Guardian}'");
        problems.AddRange(RecordedSigners.ProblemsOf(await SignersAsync(reader, state.CurrentEpoch, known, cancellationToken), known));
        var registered = await reader.FeedIdsAsync(cancellationToken);
        foreach (var feed in feeds)
        {
            problems.Add(RecordedFeeds.ProblemOf(feed, known));
            var id = FeedIdentity.Compute(feed);
            if (!registered.Contains(id))
            {
                problems.Add($"feed {feed.Name} ({id}) is not registered at {contract}");
                continue;
            }

            var (unit, decimals, min, max, _) = (await reader.FeedAsync(id, cancellationToken)).Info;
            problems.Add(RecordedFeeds.ProblemOf(feed, unit, decimals, min, max));
        }

        return [.. problems.OfType<string>()];
    }

    private async Task<ChainSigners> SignersAsync(EvmContractReader reader, uint currentEpoch, ChainRecord known, CancellationToken cancellationToken)
    {
        var block = await EvmRetry.RunAsync(_rpc.GetLatestBlockAsync, options, time, cancellationToken);
        var (threshold, count, validUntil) = await reader.EpochAsync(known.Epoch, cancellationToken);
        var keys = new Dictionary<byte, string?>();
        var revoked = new HashSet<byte>();
        foreach (var signer in known.Signers)
        {
            var key = await reader.SignerAsync(known.Epoch, signer.Index, cancellationToken);
            keys[signer.Index] = key == default ? null : key.ToString();
            if (key == default && EvmHex.ReadData(signer.PublicKey) is { Length: Hash32.Length } recorded && await reader.IsKeyRevokedAsync(new Hash32(recorded), cancellationToken)) revoked.Add(signer.Index);
        }

        return new ChainSigners(currentEpoch, threshold != 0 && validUntil >= block.TimestampUnixSeconds, threshold, count, keys, revoked);
    }
}
