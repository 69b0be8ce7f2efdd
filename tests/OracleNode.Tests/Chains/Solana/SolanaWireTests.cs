using FsCheck.Xunit;

namespace OracleNode.Chains.Solana;

public class SolanaWireTests
{
    private static readonly SolanaAddress Program = new(Enumerable.Repeat((byte)7, 32).ToArray());

    [Fact]
    public void Transaction_OfOurs_GivesItsInstructionsBack()
    {
        var wire = Transaction([1, 2, 3], new byte[300]);
        var read = SolanaWire.ReadInstructions(wire)!;
        Assert.Equal([Program, Program], read.Select(i => i.Program));
        Assert.Equal([1, 2, 3], read[0].Data);
        Assert.Equal(300, read[1].Data.Length);
    }

    [Fact]
    public void Transaction_OfVersion0_IsReadToo_AndALaterOneIsNot()
    {
        var legacy = Transaction([1, 2, 3]);
        // One signature of 64 bytes after its count; then the message.
        Assert.Equal([1, 2, 3], SolanaWire.ReadInstructions([.. legacy[..65], 0x80, .. legacy[65..], 0])![0].Data);
        Assert.Null(SolanaWire.ReadInstructions([.. legacy[..65], 0x81, .. legacy[65..], 0]));
    }

    [Fact]
    public void Transaction_CutAnywhere_IsNone()
    {
        var wire = Transaction([1, 2, 3]);
        for (var length = 0; length < wire.Length; length++) Assert.Null(SolanaWire.ReadInstructions(wire.AsSpan(0, length)));
    }

    [Property(MaxTest = 1000)]
    public void AnyBytes_Read_NeverThrow(byte[] bytes) => SolanaWire.ReadInstructions(bytes);

    [Property(MaxTest = 1000)]
    public void AnyChange_Read_NeverThrows(ushort at, byte value)
    {
        var wire = Transaction([1, 2, 3], new byte[20]);
        wire[at % wire.Length] = value;
        SolanaWire.ReadInstructions(wire);
    }

    [Property(MaxTest = 1000)]
    public void AnySubmit_Read_NeverThrows(byte[] bytes)
    {
        if (SubmitData.TryDecode(bytes) is var (signatures, envelope)) Assert.Equal(bytes, SubmitData.Encode(signatures, envelope));
    }

    private static byte[] Transaction(params byte[][] data)
    {
        using var payer = SolanaKeypair.Generate();
        return SolanaTransaction.Sign(SolanaMessage.Compile(payer.Address, Program, [.. data.Select(d => new SolanaInstruction(Program, [], d))]), payer).Bytes;
    }
}
