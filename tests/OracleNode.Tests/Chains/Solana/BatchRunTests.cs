using FsCheck.Xunit;
using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

public class BatchRunTests
{
    [Fact]
    public void Split_EverythingFits_IsOneRun() =>
        Assert.Equal([new BatchRun(0, 3, 5)], BatchRun.Split(5, _ => true));

    [Fact]
    public void Split_ThreeFit_HalvesUntilTheyDo() =>
        Assert.Equal([new BatchRun(0, 1, 2), new BatchRun(2, 1, 2), new BatchRun(4, 2, 1)], BatchRun.Split(5, run => run.Count <= 3));

    [Fact]
    public void Split_NothingFits_IsNone() => Assert.Null(BatchRun.Split(5, _ => false));

    [Property]
    public void Split_AnySizes_CoversEveryRecordOnceInAlignedRuns(ushort records, byte most)
    {
        var count = Math.Max(1, records % 2_000);
        var runs = BatchRun.Split(count, run => run.Count <= Math.Max((byte)1, most))!;

        Assert.Equal(Enumerable.Range(0, count), runs.SelectMany(run => Enumerable.Range(run.First, run.Count)));
        Assert.All(runs, run =>
        {
            Assert.Equal(0, run.First % (1 << run.Level));
            Assert.Equal(MerkleTree.RunLength(run.First, run.Level, count), run.Count);
        });
    }
}
