using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>An aligned run of a batch's records that travels in one transaction.</summary>
/// <param name="First">Index of its first record, a multiple of 2^level.</param>
/// <param name="Level">The run covers up to 2^level records.</param>
/// <param name="Count">Records in it.</param>
internal readonly record struct BatchRun(int First, int Level, int Count)
{
    /// <summary>
    /// Cuts a batch into the fewest aligned runs that fit: a run that does not is halved. Null when not even one record
    /// fits, which takes more signatures than a packet carries.
    /// </summary>
    public static IReadOnlyList<BatchRun>? Split(int records, Func<BatchRun, bool> fits)
    {
        var runs = new List<BatchRun>();
        return Add(0, MerkleTree.TopLevel(records)) ? runs : null;

        bool Add(int first, int level)
        {
            var run = new BatchRun(first, level, MerkleTree.RunLength(first, level, records));
            if (fits(run))
            {
                runs.Add(run);
                return true;
            }

            if (level == 0) return false;
            var second = first + (1 << (level - 1));
            return Add(first, level - 1) && (second >= records || Add(second, level - 1));
        }
    }
}
