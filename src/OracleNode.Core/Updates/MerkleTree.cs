using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>
/// Merkle tree over the encoded records of a batch: leaf = keccak(0x00 || record), node = keccak(left || right), an odd
/// node is promoted. An aligned run of 2^level records shares one path to the root. See <c>Updates/README.md</c>.
/// </summary>
public sealed class MerkleTree
{
    private const byte LeafPrefix = 0x00;

    // Level 0 holds the leaves, the last level the root; all in one array, level by level.
    private readonly byte[] _nodes;
    private readonly int[] _levelOffset;
    private readonly int[] _levelSize;

    private MerkleTree(byte[] nodes, int[] levelOffset, int[] levelSize)
    {
        _nodes = nodes;
        _levelOffset = levelOffset;
        _levelSize = levelSize;
    }

    /// <summary>Records in the tree, 1 to 65535.</summary>
    public int Count => _levelSize[0];

    /// <summary>The root.</summary>
    public Hash32 Root => new(Node(_levelSize.Length - 1, 0));

    /// <summary>Smallest level whose run covers the whole batch.</summary>
    public static int TopLevel(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var level = 0;
        while (1 << level < count) level++;
        return level;
    }

    /// <summary>Hashes one encoded record as a leaf into 32 bytes.</summary>
    public static void HashLeaf(ReadOnlySpan<byte> encodedRecord, Span<byte> destination)
    {
        Span<byte> preimage = stackalloc byte[1 + RecordCodec.TokenLength];
        preimage[0] = LeafPrefix;
        encodedRecord.CopyTo(preimage[1..]);
        Keccak256.Hash(preimage[..(1 + encodedRecord.Length)], destination);
    }

    /// <summary>Builds the tree.</summary>
    /// <param name="encodedRecords">1 to 65535 records of at most <see cref="RecordCodec.TokenLength"/> bytes.</param>
    public static MerkleTree Build(IReadOnlyList<byte[]> encodedRecords)
    {
        ArgumentNullException.ThrowIfNull(encodedRecords);
        ArgumentOutOfRangeException.ThrowIfZero(encodedRecords.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(encodedRecords.Count, ushort.MaxValue);

        var leaves = new byte[encodedRecords.Count * Hash32.Length];
        Span<byte> preimages = stackalloc byte[Keccak256Lanes.Count * (1 + RecordCodec.TokenLength)];
        for (var i = 0; i < encodedRecords.Count;)
        {
            if (!AreFourOfOneLength(encodedRecords, i))
            {
                HashLeaf(encodedRecords[i], leaves.AsSpan(i * Hash32.Length, Hash32.Length));
                i++;
                continue;
            }

            var length = 1 + encodedRecords[i].Length;
            for (var lane = 0; lane < Keccak256Lanes.Count; lane++)
            {
                preimages[lane * length] = LeafPrefix;
                encodedRecords[i + lane].CopyTo(preimages[((lane * length) + 1)..]);
            }

            Keccak256Lanes.Hash(
                preimages[..length], preimages.Slice(length, length), preimages.Slice(2 * length, length), preimages.Slice(3 * length, length), leaves.AsSpan(i * Hash32.Length));
            i += Keccak256Lanes.Count;
        }

        return OfLeaves(leaves);
    }

    /// <summary>Builds the tree whose leaves are the plain hashes of what is given.</summary>
    /// <param name="preimages">1 to 65535 of any length but 64 bytes, which a node has.</param>
    internal static MerkleTree OfHashed(IReadOnlyList<byte[]> preimages)
    {
        var leaves = new byte[preimages.Count * Hash32.Length];
        for (var i = 0; i < preimages.Count;)
        {
            var target = leaves.AsSpan(i * Hash32.Length);
            if (AreFourOfOneLength(preimages, i))
            {
                Keccak256Lanes.Hash(preimages[i], preimages[i + 1], preimages[i + 2], preimages[i + 3], target);
                i += Keccak256Lanes.Count;
            }
            else
            {
                Keccak256.Hash(preimages[i], target);
                i++;
            }
        }

        return OfLeaves(leaves);
    }

    /// <summary>Builds the tree over hashes that are leaves already.</summary>
    /// <param name="leaves">1 to 65535 hashes of 32 bytes, back to back.</param>
    private static MerkleTree OfLeaves(ReadOnlySpan<byte> leaves)
    {
        var count = leaves.Length / Hash32.Length;
        var levels = TopLevel(count) + 1;
        var offset = new int[levels];
        var size = new int[levels];
        var total = 0;
        for (int level = 0, n = count; level < levels; level++, n = (n + 1) / 2)
        {
            offset[level] = total;
            size[level] = n;
            total += n;
        }

        var nodes = new byte[total * Hash32.Length];
        leaves.CopyTo(nodes);
        var tree = new MerkleTree(nodes, offset, size);
        for (var level = 1; level < levels; level++)
        {
            for (var i = 0; i < size[level]; i++)
            {
                var target = nodes.AsSpan((offset[level] + i) * Hash32.Length);
                var left = 2 * i;
                if (Keccak256Lanes.IsSupported && left + (2 * Keccak256Lanes.Count) <= size[level - 1])
                {
                    var below = nodes.AsSpan((offset[level - 1] + left) * Hash32.Length);
                    const int Pair = 2 * Hash32.Length;
                    Keccak256Lanes.Hash(below[..Pair], below.Slice(Pair, Pair), below.Slice(2 * Pair, Pair), below.Slice(3 * Pair, Pair), target);
                    i += Keccak256Lanes.Count - 1;
                    continue;
                }

                if (left + 1 < size[level - 1]) Keccak256.Hash(nodes.AsSpan((offset[level - 1] + left) * Hash32.Length, 2 * Hash32.Length), target);
                else tree.Node(level - 1, left).CopyTo(target);
            }
        }

        return tree;
    }

    private static bool AreFourOfOneLength(IReadOnlyList<byte[]> from, int first) =>
        Keccak256Lanes.IsSupported && first + Keccak256Lanes.Count <= from.Count
        && from[first + 1].Length == from[first].Length && from[first + 2].Length == from[first].Length && from[first + 3].Length == from[first].Length;

    /// <summary>Siblings from the root of the run [first, first + 2^level) upwards, as one array of 32-byte hashes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The run is not aligned or not in the tree.</exception>
    public byte[] PathOf(int first, int level)
    {
        CheckRun(first, level, Count);
        var path = new List<byte>();
        for (var index = first >> level; level < _levelSize.Length - 1; level++, index >>= 1)
        {
            var sibling = index ^ 1;
            if (sibling < _levelSize[level]) path.AddRange(Node(level, sibling));
        }

        return [.. path];
    }

    /// <summary>The root that follows from a run of encoded records and its path; null when the path's length is wrong.</summary>
    public static Hash32? RootOf(IReadOnlyList<byte[]> run, int first, int level, int count, ReadOnlySpan<byte> path)
    {
        ArgumentNullException.ThrowIfNull(run);
        CheckRun(first, level, count);
        if (run.Count != RunLength(first, level, count)) return null;

        Span<byte> pair = stackalloc byte[2 * Hash32.Length];
        Span<byte> node = stackalloc byte[Hash32.Length];
        Build(run).Root.CopyTo(node);
        var index = first >> level;
        for (var size = (count + (1 << level) - 1) >> level; size > 1; size = (size + 1) / 2, index >>= 1)
        {
            if ((index ^ 1) >= size) continue;
            if (path.Length < Hash32.Length) return null;
            var sibling = path[..Hash32.Length];
            path = path[Hash32.Length..];
            var nodeIsRight = (index & 1) == 1;
            sibling.CopyTo(nodeIsRight ? pair : pair[Hash32.Length..]);
            node.CopyTo(nodeIsRight ? pair[Hash32.Length..] : pair);
            Keccak256.Hash(pair, node);
        }

        return path.IsEmpty ? new Hash32(node) : null;
    }

    /// <summary>Records in the run: 2^level, fewer where the batch ends.</summary>
    public static int RunLength(int first, int level, int count) => Math.Min(1 << level, count - first);

    /// <summary>Hashes in the path of a run.</summary>
    public static int PathLength(int first, int level, int count)
    {
        CheckRun(first, level, count);
        var length = 0;
        var index = first >> level;
        for (var size = (count + (1 << level) - 1) >> level; size > 1; size = (size + 1) / 2, index >>= 1)
        {
            if ((index ^ 1) < size) length++;
        }

        return length;
    }

    internal static void CheckRun(int first, int level, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, TopLevel(count));
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(first, count);
        if ((first & ((1 << level) - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first, $"A run of level {level} starts at a multiple of {1 << level}.");
        }
    }

    private Span<byte> Node(int level, int index) =>
        _nodes.AsSpan((_levelOffset[level] + index) * Hash32.Length, Hash32.Length);
}
