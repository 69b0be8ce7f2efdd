using System.Buffers.Binary;
using System.Globalization;
using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;
using OracleNode.Verification;

namespace OracleNode.Chains.Solana;

/// <summary>
/// Finds on a Solana cluster the transaction that stored a feed's record: the account says in which slot, the ledger which
/// transactions of that slot name the account. The signatures, which travel in instructions of their own, are put into the envelope.
/// </summary>
/// <param name="options">Where the cluster is; who pays there does not matter.</param>
/// <param name="rpc">A client of it.</param>
/// <param name="time">Monotonic time for pauses.</param>
internal sealed class SolanaEvidence(SolanaOptions options, SolanaRpcClient rpc, TimeProvider time) : IEvidenceFinder
{
    private const int PageSize = 1_000;
    private const int MaxPages = 20;
    private const int MaxTransactionsRead = 64;
    private const int ClockLength = 40;
    private const int ClockUnixTimestamp = 32;

    private readonly SolanaRetry _retry = new(options.MaxRetries, options.RetryDelay, time);
    private readonly SolanaAddress _program = SolanaAddress.Parse(options.ProgramId);
    private readonly SolanaAddress _registry = SolanaAddress.Parse(options.Registry);

    /// <inheritdoc/>
    public async Task<ChainEvidence> FindAsync(FeedId feed, CancellationToken cancellationToken)
    {
        try
        {
            return await SearchAsync(feed, cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            throw Wrong(e.Message, e);
        }
    }

    private async Task<ChainEvidence> SearchAsync(FeedId feed, CancellationToken cancellationToken)
    {
        var genesis = await _retry.RunAsync(rpc.GetGenesisHashAsync, cancellationToken);
        if (genesis != SolanaAddress.Parse(options.GenesisHash)) throw Wrong($"{rpc.EndpointName} is of the cluster with genesis hash {genesis}, not {options.GenesisHash}.");
        var account = await AccountAsync(_registry, cancellationToken) ?? throw Wrong($"there is no registry at {_registry}.");
        if (account.Owner != _program) throw Wrong($"the registry {_registry} belongs to {account.Owner}, not to the program {_program}.");
        if (!RegistryAccount.TryDecode(account.Data, out var registry, out var error)) throw Wrong($"{_registry} is not a registry: {error}.");

        var address = FeedsAddresses.Feed(registry.Base, registry.Deployment, feed.Tag, _program);
        var evidence = new ChainEvidence(rpc.EndpointName, $"program {_program}, registry {_registry}", await ClockAsync(cancellationToken), registry.Deployment, null, null, registry.Paused, null, null, null);
        if (await AccountAsync(address, cancellationToken) is not { } found) return evidence with { StoredProblem = $"feed {feed} is not registered there: there is no account at {address}" };
        if (found.Owner != _program) return evidence with { StoredProblem = $"the account {address} belongs to {found.Owner}, not to the program" };
        if (!FeedAccount.TryDecode(found.Data, out var held, out error)) return evidence with { StoredProblem = $"{address} is no feed account: {error}" };
        if (held.Registry != _registry) return evidence with { StoredProblem = $"the account {address} belongs to the registry {held.Registry}" };
        if (held.Id != feed) return evidence with { StoredProblem = $"the account {address} is of feed {held.Id}, not {feed}" };

        evidence = evidence with { Stored = new OnChainFeed(held.Id, address.ToString(), held.Sequence, held.Record) { Paused = held.Paused } };
        if (held.Record is null) return evidence with { TransactionProblem = "nothing was stored yet" };
        var (transaction, problem) = await FindTransactionAsync(address, held, cancellationToken);
        return evidence with { Transaction = transaction, TransactionProblem = problem, Keys = transaction is null ? null : KeysOf(registry, transaction.Decoded.Header.Epoch) };
    }

    private async Task<(EvidenceTransaction? Found, string? Problem)> FindTransactionAsync(SolanaAddress address, FeedAccount held, CancellationToken cancellationToken)
    {
        var read = 0;
        string? before = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var named = await _retry.RunAsync(token => rpc.GetSignaturesForAddressAsync(address, before, PageSize, token), cancellationToken);
            foreach (var entry in named.Where(e => e.Slot == held.Slot && !e.Failed))
            {
                if (read++ == MaxTransactionsRead) return (null, $"more than {MaxTransactionsRead} transactions name the account in slot {held.Slot}");
                if (await ReadAsync(entry.Signature, held, cancellationToken) is { } found) return (found, null);
            }

            if (named.Count < PageSize || named[^1].Slot < held.Slot) break;
            before = named[^1].Signature;
        }

        return (null, $"no transaction of sequence {held.Sequence} that carried the feed among those of slot {held.Slot}, in which the account says it was stored; {rpc.EndpointName} may not keep that long a history: ask an archive");
    }

    private async Task<EvidenceTransaction?> ReadAsync(string signature, FeedAccount held, CancellationToken cancellationToken)
    {
        var landed = await _retry.RunAsync(token => rpc.GetTransactionAsync(signature, token), cancellationToken);
        if (landed is null || landed.Error is not null || SolanaWire.ReadInstructions(landed.Wire) is not { } instructions) return null;
        foreach (var (program, data) in instructions)
        {
            if (program != _program || EnvelopeOf(data, instructions) is not { } envelope) continue;
            if (DecodedEnvelope.TryDecode(envelope, out var decoded) != EnvelopeError.None || decoded is null) continue;
            if (decoded.Header.Sequence != held.Sequence || decoded.Records.All(r => r.FeedTag != held.Id.Tag)) continue;
            return new EvidenceTransaction(signature, string.Create(CultureInfo.InvariantCulture, $"slot {landed.Slot}"), envelope, decoded);
        }

        return null;
    }

    /// <summary>The envelope of a Submit with its signatures in their place; null for another instruction.</summary>
    private static byte[]? EnvelopeOf(byte[] data, IReadOnlyList<(SolanaAddress Program, byte[] Data)> instructions)
    {
        if (SubmitData.TryDecode(data) is not var (pointers, bare) || bare[BatchEnvelope.PrefixLength - 1] != 0) return null;
        var signed = new List<byte>(bare.Length + pointers.Count * BatchEnvelope.SignatureEntryLength);
        signed.AddRange(bare[..(BatchEnvelope.PrefixLength - 1)]);
        signed.Add((byte)pointers.Count);
        foreach (var (index, signer) in pointers)
        {
            if (index >= instructions.Count || Ed25519Program.ReadSignature(instructions[index].Program, instructions[index].Data) is not { } signature) return null;
            signed.Add(signer);
            signed.AddRange(signature);
        }

        signed.AddRange(bare[BatchEnvelope.PrefixLength..]);
        return [.. signed];
    }

    private static SignerKeys KeysOf(RegistryAccount registry, uint epoch)
    {
        var set = registry.Current.Epoch == epoch ? registry.Current : registry.Previous;
        if (epoch == 0 || set.Epoch != epoch)
        {
            return new SignerKeys("the registry", null, 1, new Dictionary<byte, byte[]>(), $"the registry knows epoch {registry.Current.Epoch} and before it {registry.Previous.Epoch}; the batch was signed for {epoch}");
        }

        var keys = new Dictionary<byte, byte[]>();
        for (var i = 0; i < set.Keys.Count; i++)
        {
            if (set.IsRevoked(i)) continue;
            keys[(byte)i] = new byte[SolanaAddress.Length];
            set.Keys[i].CopyTo(keys[(byte)i]);
        }

        return new SignerKeys(keys.Count == set.Keys.Count ? "the registry" : $"the registry ({set.Keys.Count - keys.Count} revoked)", epoch, set.Threshold, keys);
    }

    private async Task<Instant> ClockAsync(CancellationToken cancellationToken)
    {
        var clock = await AccountAsync(SolanaPrograms.ClockSysvar, cancellationToken);
        if (clock is null || clock.Data.Length != ClockLength) throw Wrong($"{rpc.EndpointName} does not show the cluster's clock.");
        var seconds = BinaryPrimitives.ReadInt64LittleEndian(clock.Data.AsSpan(ClockUnixTimestamp));
        return Instant.FromUnixTimeSeconds(Math.Clamp(seconds, 0, uint.MaxValue));
    }

    private Task<SolanaAccount?> AccountAsync(SolanaAddress address, CancellationToken cancellationToken) => _retry.RunAsync(token => rpc.GetAccountInfoAsync(address, token), cancellationToken);

    private ChainException Wrong(string what, Exception? inner = null) => new($"{options.Name}: {what}", inner!);
}
