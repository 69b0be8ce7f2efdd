using System.Buffers.Binary;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Market;

namespace OracleNode.Deployment;

/// <summary>The start check of a Solana cluster: genesis hash, the program's code, owner, guardian, signer set, and every configured feed.</summary>
internal sealed class SolanaRecordCheck(SolanaOptions options, ChainRecord? record, IReadOnlyList<Feed> feeds, TimeProvider time, HttpMessageHandler? handler = null) : IRecordCheck, IDisposable
{
    private readonly SolanaRpcClient _rpc = new(new Uri(options.RpcUrl), options.RequestTimeout, options.Commitment, time, handler);
    private readonly SolanaRetry _retry = new(options.MaxRetries, options.RetryDelay, time);

    /// <inheritdoc/>
    public void Dispose() => _rpc.Dispose();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken)
    {
        if (record is null) return [$"the record has no entry for chain '{options.Name}'; run deploy, or take Contracts out of the configuration"];
        try
        {
            return await CompareAsync(record, cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            throw new ChainException($"{options.Name}: checking against the deployment record: {e.Message}", e);
        }
    }

    private async Task<IReadOnlyList<string>> CompareAsync(ChainRecord known, CancellationToken cancellationToken)
    {
        var genesis = (await _retry.RunAsync(_rpc.GetGenesisHashAsync, cancellationToken)).ToString();
        if (known.Kind != ChainKind.Solana || known.ChainId != genesis) return [$"{_rpc.EndpointName} is of the cluster {genesis}, recorded is {known.Kind} {known.ChainId}"];
        if (known.Contract != options.ProgramId || known.Registry != options.Registry) return [$"configured are program {options.ProgramId} and registry {options.Registry}, recorded {known.Contract} and {known.Registry}"];
        var program = SolanaAddress.Parse(options.ProgramId);
        var found = await SolanaProgramReader.ReadAsync(options.Name, _rpc, _retry, program, cancellationToken);
        // Nothing that its accounts say means anything when the code is another.
        if (found?.CodeHash != known.CodeHash) return [$"the program {program} has code with sha256 '{found?.CodeHash}', recorded is '{known.CodeHash}'"];

        var address = SolanaAddress.Parse(options.Registry);
        var account = await _retry.RunAsync(token => _rpc.GetAccountInfoAsync(address, token), cancellationToken);
        if (account is null || account.Owner != program) return [$"there is no registry of the program at {address}"];
        if (!RegistryAccount.TryDecode(account.Data, out var registry, out var error)) return [$"{address} is not a registry: {error}"];

        var problems = new List<string?> { RecordedFeeds.ProblemOfOwner(registry.Owner.ToString(), registry.PendingOwner.ToString(), known) };
        var guardian = registry.Guardian == default ? "" : registry.Guardian.ToString();
        if (guardian != known.Guardian) problems.Add($"guardian is '{guardian}', recorded is '{known.Guardian}'");
        problems.AddRange(RecordedSigners.ProblemsOf(await SignersAsync(registry, known, cancellationToken), known));
        var ids = feeds.Select(FeedIdentity.Compute).ToArray();
        var target = new SubmitTarget(program, address, registry.Base, registry.Deployment);
        var readings = await FeedReadings.ReadAsync(_rpc, _retry, target, [.. ids.Select(id => id.Tag)], 0, cancellationToken);
        for (var i = 0; i < ids.Length; i++)
        {
            problems.Add(RecordedFeeds.ProblemOf(feeds[i], known));
            if (readings[i].Feed is not { } feed) problems.Add($"feed {feeds[i].Name}: {readings[i].Error}");
            else if (feed.Id != ids[i]) problems.Add($"feed {feeds[i].Name}: the account {readings[i].Address} is of feed {feed.Id}, not {ids[i]}");
            else problems.Add(RecordedFeeds.ProblemOf(feeds[i], feed.Unit, feed.Decimals, feed.MinPriceE8, feed.MaxPriceE8));
        }

        return [.. problems.OfType<string>()];
    }

    private async Task<ChainSigners> SignersAsync(RegistryAccount registry, ChainRecord known, CancellationToken cancellationToken)
    {
        var set = registry.Current.Epoch == known.Epoch ? registry.Current : registry.Previous;
        var isAccepted = set.Epoch == known.Epoch && (set == registry.Current || await NowUnixSecondsAsync(cancellationToken) <= set.ValidUntilUnixSeconds);
        var indexes = Enumerable.Range(0, set.Keys.Count).ToList();

        // All of them revoked, those that there are not included: the epoch, not its keys.
        isAccepted &= set.Revoked != ushort.MaxValue;
        return new ChainSigners(
            registry.Current.Epoch, isAccepted, set.Threshold, indexes.Count(i => !set.IsRevoked(i)),
            indexes.ToDictionary(i => (byte)i, i => (string?)EvmHex.Data(set.Keys[i].ToArray())), indexes.Where(set.IsRevoked).Select(i => (byte)i).ToHashSet());
    }

    private async Task<long> NowUnixSecondsAsync(CancellationToken cancellationToken)
    {
        const int ClockUnixTimestamp = 32, ClockLength = 40;
        var clock = await _retry.RunAsync(token => _rpc.GetAccountInfoAsync(SolanaPrograms.ClockSysvar, token), cancellationToken);
        if (clock is null || clock.Data.Length != ClockLength) throw new ChainException($"{options.Name}: {_rpc.EndpointName} does not show the cluster's clock");
        return BinaryPrimitives.ReadInt64LittleEndian(clock.Data.AsSpan(ClockUnixTimestamp));
    }
}
