using FsCheck.Xunit;

namespace OracleNode.Market;

public sealed class Keccak256LanesTests
{
    /// <summary>Every length up to three blocks, so that each padding is met.</summary>
    [Fact]
    public void Hash_FourMessagesOfEveryLength_AreTheHashesOfEach()
    {
        for (var length = 0; length <= 3 * 136; length++)
        {
            var messages = Enumerable.Range(1, 4).Select(lane => Enumerable.Range(0, length).Select(i => unchecked((byte)((i * 31 * lane) + lane + length))).ToArray()).ToArray();
            RequireSame(messages);
        }
    }

    [Property(MaxTest = 500)]
    public void Hash_AnyMessagesOfOneLength_AreTheHashesOfEach(byte[] text)
    {
        var length = text.Length / 4;
        RequireSame([.. Enumerable.Range(0, 4).Select(lane => text[(lane * length)..((lane + 1) * length)])]);
    }

    [Fact]
    public void Hash_LengthsDiffer_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Keccak256Lanes.Hash(new byte[3], new byte[3], new byte[4], new byte[3], new byte[128]));

    [Fact]
    public void Hash_NoRoom_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Keccak256Lanes.Hash(new byte[3], new byte[3], new byte[3], new byte[3], new byte[127]));

    private static void RequireSame(byte[][] messages)
    {
        var hashes = new byte[128];
        Keccak256Lanes.Hash(messages[0], messages[1], messages[2], messages[3], hashes);
        for (var lane = 0; lane < 4; lane++)
        {
            var alone = new byte[32];
            Keccak256.Hash(messages[lane], alone);
            Assert.Equal(alone, hashes[(lane * 32)..((lane + 1) * 32)]);
        }
    }
}
