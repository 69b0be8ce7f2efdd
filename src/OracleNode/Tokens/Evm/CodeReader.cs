using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Tokens;

/// <summary>
/// Finds the code that answers for a contract: behind EIP-1967 proxies and beacons and EIP-1167 clones, in the state of one block. Code that was fetched is
/// kept by its address for a while, since the slots that point to it are what an upgrade changes.
/// </summary>
internal sealed class CodeReader(EvmRpcClient rpc, int batchSize, TimeProvider time)
{
    /// <summary>A proxy of a proxy of a proxy; deeper is nobody's design.</summary>
    private const int MaxDepth = 4;

    /// <summary>Code at an address changes only where it can be destroyed and made anew.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private static readonly byte[] ImplementationSlot = SlotOf("eip1967.proxy.implementation");
    private static readonly byte[] BeaconSlot = SlotOf("eip1967.proxy.beacon");
    private static readonly byte[] ImplementationOfBeacon = AbiWriter.Selector("implementation()");

    private readonly Dictionary<EvmAddress, (Hash32? Hash, EvmAddress? Clone, long At)> _code = [];

    /// <summary>By contract: the hash of the code that answers, or why there is none.</summary>
    /// <exception cref="EvmRpcException">The endpoint failed.</exception>
    public async Task<IReadOnlyDictionary<EvmAddress, (Hash32? Hash, string? Error)>> ReadAsync(Hash32 block, IReadOnlyCollection<EvmAddress> contracts, CancellationToken cancellationToken)
    {
        var found = new Dictionary<EvmAddress, (Hash32? Hash, string? Error)>();
        var standing = contracts.ToDictionary(c => c, c => c);
        for (var depth = 0; standing.Count > 0; depth++)
        {
            if (depth == MaxDepth)
            {
                foreach (var contract in standing.Keys) found[contract] = (null, $"more than {MaxDepth} proxies stand in front of its code");
                break;
            }

            var next = await StepAsync(block, standing.Values.Distinct().ToList(), cancellationToken);
            foreach (var (contract, at) in standing.ToList())
            {
                var (to, hash, error) = next[at];
                if (to is { } target)
                {
                    standing[contract] = target;
                    continue;
                }

                standing.Remove(contract);
                found[contract] = (hash, error);
            }
        }

        return found;
    }

    /// <summary>By address: where it points to, or the hash of the code that stands there.</summary>
    private async Task<Dictionary<EvmAddress, (EvmAddress? To, Hash32? Hash, string? Error)>> StepAsync(Hash32 block, List<EvmAddress> addresses, CancellationToken cancellationToken)
    {
        var slots = await rpc.AskAsync(block, [.. addresses.SelectMany(a => new[] { EvmStateQuery.Storage(a, ImplementationSlot), EvmStateQuery.Storage(a, BeaconSlot) })], batchSize, cancellationToken);
        var steps = new Dictionary<EvmAddress, (EvmAddress? To, Hash32? Hash, string? Error)>();
        var beacons = new List<(EvmAddress Proxy, EvmAddress Beacon)>();
        var ends = new List<EvmAddress>();
        for (var i = 0; i < addresses.Count; i++)
        {
            if (ReadAddress(slots[2 * i].Data) is { } implementation) steps[addresses[i]] = (implementation, null, null);
            else if (ReadAddress(slots[2 * i + 1].Data) is { } beacon) beacons.Add((addresses[i], beacon));
            else ends.Add(addresses[i]);
        }

        if (beacons.Count > 0)
        {
            var distinct = beacons.Select(b => b.Beacon).Distinct().ToList();
            var implementations = await rpc.AskAsync(block, [.. distinct.Select(b => EvmStateQuery.Call(b, ImplementationOfBeacon))], batchSize, cancellationToken);
            foreach (var (proxy, beacon) in beacons)
            {
                var to = ReadAddress(implementations[distinct.IndexOf(beacon)].Data);
                steps[proxy] = to is null ? (null, null, $"its beacon {beacon} names no implementation") : (to, null, null);
            }
        }

        await FetchAsync(block, [.. ends.Where(IsUnknown)], cancellationToken);
        foreach (var end in ends)
        {
            var (hash, clone, _) = _code[end];
            steps[end] = clone is not null ? (clone, null, null) : hash is null ? (null, null, $"no code stands at {end}") : (null, hash, null);
        }

        return steps;
    }

    private bool IsUnknown(EvmAddress address) => !_code.TryGetValue(address, out var known) || time.GetElapsedTime(known.At) > KeptFor || known.Hash is null;

    private async Task FetchAsync(Hash32 block, List<EvmAddress> addresses, CancellationToken cancellationToken)
    {
        // One at a time: code is the largest answer there is.
        foreach (var address in addresses)
        {
            var code = (await rpc.AskAsync(block, [EvmStateQuery.Code(address)], 1, cancellationToken))[0].Data;
            _code[address] = (code.IsEmpty ? null : HashOf(code.Span), CloneTarget(code.Span), time.GetTimestamp());
        }
    }

    /// <summary>An EIP-1167 clone carries the address it delegates to in its code.</summary>
    private static EvmAddress? CloneTarget(ReadOnlySpan<byte> code)
    {
        ReadOnlySpan<byte> before = [0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73];
        ReadOnlySpan<byte> after = [0x5a, 0xf4, 0x3d, 0x82, 0x80, 0x3e, 0x90, 0x3d, 0x91, 0x60, 0x2b, 0x57, 0xfd, 0x5b, 0xf3];
        return code.Length == before.Length + EvmAddress.Length + after.Length && code.StartsWith(before) && code.EndsWith(after)
            ? new EvmAddress(code.Slice(before.Length, EvmAddress.Length))
            : null;
    }

    /// <summary>An address in a word; null for zero and for what is none.</summary>
    private static EvmAddress? ReadAddress(ReadOnlyMemory<byte> word)
    {
        if (word.Length != AbiReader.WordLength || word.Span[..12].ContainsAnyExcept((byte)0)) return null;
        var address = new EvmAddress(word.Span[12..]);
        return address.IsZero ? null : address;
    }

    private static Hash32 HashOf(ReadOnlySpan<byte> code)
    {
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak256.Hash(code, hash);
        return new Hash32(hash);
    }

    /// <summary>keccak256 of the name, less one (EIP-1967).</summary>
    private static byte[] SlotOf(string name)
    {
        var slot = AbiWriter.Hash(name);
        for (var i = slot.Length - 1; slot[i]-- == 0; i--)
        {
        }

        return slot;
    }
}
