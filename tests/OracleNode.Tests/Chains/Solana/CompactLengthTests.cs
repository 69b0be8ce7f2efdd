using FsCheck.Xunit;

namespace OracleNode.Chains.Solana;

public class CompactLengthTests
{
    [Fact]
    public void Write_VectorsOfAnotherClient_GivesTheSameBytes()
    {
        var vectors = Vectors.Transactions["compactLengths"]!.AsArray();
        Assert.NotEmpty(vectors);
        var buffer = new byte[3];
        foreach (var vector in vectors)
        {
            var size = CompactLength.Write(buffer, (int)vector!["value"]!);
            Assert.Equal(Vectors.Bytes(vector["bytes"]), buffer[..size]);
        }
    }

    [Property]
    public void TryRead_WhatWasWritten_GivesItBack(ushort value)
    {
        var buffer = new byte[3];
        var size = CompactLength.Write(buffer, value);

        Assert.True(CompactLength.TryRead(buffer, out var read, out var readSize));
        Assert.Equal((value, size), (read, readSize));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8080")]
    [InlineData("8000")]
    [InlineData("808000")]
    [InlineData("808004")]
    [InlineData("ffff04")]
    [InlineData("808080")]
    public void TryRead_CutOffOverlongOrTooLarge_IsRefused(string hex) =>
        Assert.False(CompactLength.TryRead(Convert.FromHexString(hex), out _, out _));

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void SizeOf_OutOfRange_Throws(int value) => Assert.Throws<ArgumentOutOfRangeException>(() => CompactLength.SizeOf(value));
}
