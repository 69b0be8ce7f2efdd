using System.Text;

namespace OracleNode.Market;

public class Keccak256Tests
{
    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Hash_PublishedVector_Matches(string text, string expected) => Assert.Equal(expected, Hash(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Hash_MoreThanOneBlock_MatchesIndependentComputation() =>
        Assert.Equal("dc924469b334aed2a19fac7252e9961aea41f8d91996366029dbe0884229bf36", Hash(Enumerable.Range(0, 256).Select(i => (byte)i).ToArray()));

    [Fact]
    public void Hash_AfterAnotherHash_CarriesNothingOver()
    {
        var first = Hash([1, 2, 3]);
        Hash(new byte[1000]);
        Assert.Equal(first, Hash([1, 2, 3]));
    }

    [Fact]
    public void Hash_LongerDestination_WritesOnly32Bytes()
    {
        var destination = new byte[33];
        destination[32] = 0xAA;
        Keccak256.Hash([], destination);
        Assert.Equal(0xAA, destination[32]);
    }

    [Fact]
    public void Hash_ShortDestination_IsRefusedAndHarmless()
    {
        Assert.Throws<ArgumentException>(() => Keccak256.Hash([1], new byte[31]));
        Assert.Equal("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", Hash([]));
    }

    private static string Hash(byte[] data)
    {
        var hash = new byte[32];
        Keccak256.Hash(data, hash);
        return Convert.ToHexStringLower(hash);
    }
}
