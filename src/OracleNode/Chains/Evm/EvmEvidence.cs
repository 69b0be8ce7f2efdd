using System.Globalization;
using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;
using OracleNode.Verification;

namespace OracleNode.Chains.Evm;

/// <summary>
/// Finds on an EVM chain the transaction that stored a feed's record: the sequence carries the attestation's time, the
/// contract's limits say within which time it can have landed, and the blocks of that time are searched for the batch's event.
/// </summary>
/// <param name="options">Where the chain is; who pays there does not matter.</param>
/// <param name="http">From <see cref="EvmRpcClient.CreateHttpClient"/>.</param>
/// <param name="time">Monotonic time for timeouts.</param>
internal sealed class EvmEvidence(EvmOptions options, HttpClient http, TimeProvider time) : IEvidenceFinder
{
    /// <summary>Blocks asked for at once; endpoints that take fewer are asked for half.</summary>
    private const ulong FirstChunkBlocks = 2_000;

    private const ulong SmallestChunkBlocks = 10;

    /// <summary>Answers about events at most; at the first chunk's size that is two days of Arbitrum's blocks.</summary>
    private const int MaxSearches = 400;

    /// <summary>No chain has come anywhere near; beyond it an endpoint lies.</summary>
    private const ulong LargestBlock = 1UL << 48;

    private readonly EvmAddress _contract = EvmAddress.Parse(options.Contract);
    private readonly EvmRpcClient _rpc = new(new Uri(options.RpcUrl), http, time, options.RequestTimeout, options.MaxResponseBytes);

    /// <inheritdoc/>
    public async Task<ChainEvidence> FindAsync(FeedId feed, CancellationToken cancellationToken)
    {
        try
        {
            return await SearchAsync(feed, cancellationToken);
        }
        catch (EvmRpcException e)
        {
            var words = e.Error is { Kind: EvmRpcErrorKind.Reverted, Data.IsEmpty: false } error ? $" {EvmRevert.Decode(error.Data.Span).Words}" : "";
            throw new ChainException($"{options.Name}: {e.Message}{words}", e);
        }
        catch (FormatException e)
        {
            throw new ChainException($"{options.Name}: {_rpc.Endpoint} answers what {_contract} cannot have said: {e.Message}", e);
        }
    }

    private async Task<ChainEvidence> SearchAsync(FeedId feed, CancellationToken cancellationToken)
    {
        var chainId = await RetryAsync(_rpc.GetChainIdAsync, cancellationToken);
        if (chainId != options.ChainId) throw new ChainException($"{options.Name}: {_rpc.Endpoint} is chain {chainId}, not {options.ChainId}.");
        if ((await RetryAsync(ct => _rpc.GetCodeAsync(_contract, ct), cancellationToken)).Length == 0) throw new ChainException($"{options.Name}: there is no contract at {_contract} on chain {chainId}.");

        // Everything is read from one block, so that a batch that lands meanwhile changes nothing.
        var latest = await RetryAsync(_rpc.GetLatestBlockAsync, cancellationToken);
        if (latest.Number > LargestBlock) throw new ChainException($"{options.Name}: {_rpc.Endpoint} says that its newest block is {latest.Number}.");
        var at = EvmBlockTag.At(latest.Number);
        var evidence = new ChainEvidence(
            _rpc.Endpoint, $"{_contract} on chain {chainId}, block {latest.Number}", Instant.FromUnixTimeSeconds((long)Math.Min(latest.TimestampUnixSeconds, uint.MaxValue)),
            OracleFeedsContract.ReadUInt64(await CallAsync(OracleFeedsContract.Deployment(), at, cancellationToken)), null, null, false, null, null, null);

        var known = OracleFeedsContract.ReadIds(await CallAsync(OracleFeedsContract.FeedIds(), at, cancellationToken));
        if (!known.Contains(feed)) return evidence with { StoredProblem = $"feed {feed} is not among the {known.Length} registered there" };

        OnChainFeed stored;
        try
        {
            stored = OracleFeedsContract.ReadFeeds(await CallAsync(OracleFeedsContract.ReadMany([feed]), at, cancellationToken), [feed])[0];
        }
        catch (FormatException e)
        {
            return evidence with { StoredProblem = $"what is stored is no record: {e.Message}" };
        }

        evidence = evidence with { Stored = stored };
        if (stored.Record is null) return evidence with { TransactionProblem = "nothing was stored yet" };

        var (transaction, problem) = await FindTransactionAsync(stored, latest, at, cancellationToken);
        return evidence with
        {
            Transaction = transaction,
            TransactionProblem = problem,
            Keys = transaction is null ? null : await ReadKeysAsync(transaction.Decoded, at, cancellationToken),
        };
    }

    private async Task<(EvidenceTransaction? Found, string? Problem)> FindTransactionAsync(OnChainFeed stored, EvmBlock latest, EvmBlockTag at, CancellationToken cancellationToken)
    {
        var maxFuture = OracleFeedsContract.ReadUInt64(await CallAsync(OracleFeedsContract.MaxFutureMillis(), at, cancellationToken));
        var maxAge = OracleFeedsContract.ReadUInt64(await CallAsync(OracleFeedsContract.MaxAttestationAgeMillis(), at, cancellationToken));
        var attested = stored.Sequence >> 4;
        var earliest = (attested > maxFuture ? attested - maxFuture : 0) / 1000;
        var last = Math.Min(attested + Math.Min(maxAge, uint.MaxValue), ulong.MaxValue - 1000) / 1000 + 1;

        var begin = await FirstBlockFromAsync(earliest, latest, cancellationToken);
        var topics = OracleFeedsContract.BatchStoredTopics(stored.Sequence);
        var notes = new List<string>();
        var chunk = FirstChunkBlocks;
        var from = begin;
        for (var searches = 0; from <= latest.Number; searches++)
        {
            if (searches == MaxSearches) return (null, $"not found in blocks {begin} to {from - 1}; the search ends after {MaxSearches} answers");
            var to = Math.Min(latest.Number, from + chunk - 1);
            IReadOnlyList<EvmFoundLog> logs;
            try
            {
                logs = await RetryAsync(ct => _rpc.GetLogsAsync(_contract, topics, from, to, ct), cancellationToken);
            }
            catch (EvmRpcException e) when (e.Failure == EvmRpcFailure.Refused && chunk > SmallestChunkBlocks)
            {
                chunk = Math.Max(SmallestChunkBlocks, chunk / 2);
                continue;
            }

            foreach (var log in logs)
            {
                var (found, note) = await ReadAsync(log, stored, cancellationToken);
                if (found is not null) return (found, null);
                if (note is not null) notes.Add(note);
            }

            from = to + 1;
            if (from <= latest.Number && await TimestampAsync(to, cancellationToken) is { } reached && reached > last) break;
        }

        return (null, $"no transaction of sequence {stored.Sequence} that carried the feed in blocks {begin} to {from - 1}, the time in which the contract would have taken it{(notes.Count == 0 ? "" : ": " + string.Join("; ", notes))}");
    }

    /// <summary>The envelope behind an event, if it carried the feed and the contract stored it.</summary>
    private async Task<(EvidenceTransaction? Found, string? Note)> ReadAsync(EvmFoundLog log, OnChainFeed stored, CancellationToken cancellationToken)
    {
        if (OracleFeedsContract.ReadSkipped([log.Log], _contract, stored.Sequence) is not { } skipped) return (null, null);
        if (await RetryAsync(ct => _rpc.GetTransactionAsync(log.TransactionHash, ct), cancellationToken) is not { } transaction) return (null, $"{_rpc.Endpoint} does not have transaction {log.TransactionHash} any more: ask an archive");
        if (transaction.To != _contract) return (null, $"transaction {log.TransactionHash} calls {transaction.To?.ToString() ?? "nothing"}, which passed the batch on: its envelope cannot be read from the call's data");

        byte[]? envelope;
        try
        {
            envelope = OracleFeedsContract.ReadSubmit(transaction.Input.Span);
        }
        catch (FormatException e)
        {
            return (null, $"transaction {log.TransactionHash}: {e.Message}");
        }

        var error = EnvelopeError.Length;
        DecodedEnvelope? decoded = null;
        if (envelope is not null) error = DecodedEnvelope.TryDecode(envelope, out decoded);
        if (envelope is null || decoded is null) return (null, $"the data of transaction {log.TransactionHash} hold no envelope ({error})");

        for (var i = 0; i < decoded.Records.Count; i++)
        {
            if (decoded.Records[i].FeedTag != stored.Id.Tag || skipped.Any(s => s.Position == decoded.First + i)) continue;
            return (new EvidenceTransaction(log.TransactionHash.ToString(), string.Create(CultureInfo.InvariantCulture, $"block {log.BlockNumber}"), envelope, decoded), null);
        }

        return (null, null);
    }

    /// <summary>The first block at or after a time: back from the newest in doubling steps, then by halves.</summary>
    private async Task<ulong> FirstBlockFromAsync(ulong unixSeconds, EvmBlock latest, CancellationToken cancellationToken)
    {
        var high = latest.Number;
        var low = 0ul;
        for (var step = 64ul; ; step *= 2)
        {
            if (step >= high) break;
            var probe = latest.Number > step ? latest.Number - step : 0;
            // A block that the endpoint has no more is before everything it can show.
            if (probe == 0 || await TimestampAsync(probe, cancellationToken) is not { } stamp || stamp < unixSeconds)
            {
                low = probe;
                break;
            }

            high = probe;
        }

        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (await TimestampAsync(middle, cancellationToken) is { } stamp && stamp >= unixSeconds) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private async Task<ulong?> TimestampAsync(ulong block, CancellationToken cancellationToken) =>
        (await RetryAsync(ct => _rpc.GetBlockAsync(block, ct), cancellationToken))?.TimestampUnixSeconds;

    private async Task<SignerKeys> ReadKeysAsync(DecodedEnvelope envelope, EvmBlockTag at, CancellationToken cancellationToken)
    {
        var epoch = envelope.Header.Epoch;
        var info = OracleFeedsContract.ReadEpochInfo(await CallAsync(OracleFeedsContract.EpochInfo(epoch), at, cancellationToken));
        var keys = new Dictionary<byte, byte[]>();
        foreach (var (index, _) in envelope.Signatures)
        {
            var key = OracleFeedsContract.ReadBytes32(await CallAsync(OracleFeedsContract.SignerKey(epoch, index), at, cancellationToken));
            if (key == default) continue;
            keys[index] = new byte[Hash32.Length];
            key.CopyTo(keys[index]);
        }

        var problem = info switch
        {
            { Threshold: 0 } => $"signer epoch {epoch} was never activated there",
            { ValidUntilUnixSeconds: 0 } => $"signer epoch {epoch} is no longer accepted there: it was revoked, or replaced without overlap, so its keys may be in other hands",
            _ => null,
        };
        return new SignerKeys($"the contract ({info.Signers} registered)", epoch, info.Threshold, keys, problem);
    }

    private Task<byte[]> CallAsync(byte[] data, EvmBlockTag at, CancellationToken cancellationToken) =>
        RetryAsync(ct => _rpc.CallAsync(new EvmCall(default, _contract, data), at, ct), cancellationToken);

    private Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) => EvmRetry.RunAsync(call, options, time, cancellationToken);
}
