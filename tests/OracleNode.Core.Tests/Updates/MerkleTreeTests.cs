using FsCheck;
using FsCheck.Xunit;

namespace OracleNode.Updates;

public class MerkleTreeTests
{
    [Fact]
    public void OneRecord_Root_IsItsLeaf()
    {
        var leaf = new byte[32];
        MerkleTree.HashLeaf(Record(1), leaf);
        Assert.Equal(new Hash32(leaf), MerkleTree.Build([Record(1)]).Root);
    }

    [Fact]
    public void ThreeRecords_Root_PromotesTheOddOne()
    {
        Span<byte> pair = stackalloc byte[64];
        MerkleTree.HashLeaf(Record(0), pair);
        MerkleTree.HashLeaf(Record(1), pair[32..]);
        Market.Keccak256.Hash(pair, pair);
        MerkleTree.HashLeaf(Record(2), pair[32..]);
        var root = new byte[32];
        Market.Keccak256.Hash(pair, root);

        Assert.Equal(new Hash32(root), MerkleTree.Build([Record(0), Record(1), Record(2)]).Root);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(65535, 16)]
    public void TopLevel_OfCount_IsTheSmallestThatCovers(int count, int level) => Assert.Equal(level, MerkleTree.TopLevel(count));

    [Property(MaxTest = 60)]
    public void EveryAlignedRun_WithItsPath_LeadsToTheRoot(PositiveInt size)
    {
        var records = Enumerable.Range(0, size.Get % 70 + 1).Select(Record).ToArray();
        var tree = MerkleTree.Build(records);
        for (var level = 0; level <= MerkleTree.TopLevel(records.Length); level++)
        {
            for (var first = 0; first < records.Length; first += 1 << level)
            {
                var run = records[first..(first + MerkleTree.RunLength(first, level, records.Length))];
                var path = tree.PathOf(first, level);
                Assert.Equal(32 * MerkleTree.PathLength(first, level, records.Length), path.Length);
                Assert.Equal(tree.Root, MerkleTree.RootOf(run, first, level, records.Length, path));
            }
        }
    }

    [Fact]
    public void AChangedRecord_WithTheOldPath_DoesNotLeadToTheRoot()
    {
        var records = Enumerable.Range(0, 5).Select(Record).ToArray();
        var tree = MerkleTree.Build(records);
        Assert.NotEqual(tree.Root, MerkleTree.RootOf([Record(99)], 3, 0, 5, tree.PathOf(3, 0)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 0)]
    [InlineData(0, 4)]
    [InlineData(-1, 0)]
    public void ARunThatIsNotInTheTree_Asked_IsRefused(int first, int level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.Build([.. Enumerable.Range(0, 5).Select(Record)]).PathOf(first, level));

    private static byte[] Record(int i)
    {
        var bytes = new byte[RecordCodec.ShareLength];
        BitConverter.TryWriteBytes(bytes, i + 1);
        return bytes;
    }
}
