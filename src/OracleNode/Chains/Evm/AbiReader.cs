using System.Buffers.Binary;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>Reads contract ABI words from bytes that nobody vouches for: padding that is not canonical is refused.</summary>
internal ref struct AbiReader(ReadOnlySpan<byte> data)
{
    /// <summary>Every static value takes one word.</summary>
    public const int WordLength = 32;

    private readonly ReadOnlySpan<byte> _data = data;
    private int _at;

    /// <summary>Bytes after the last word read.</summary>
    public readonly int Remaining => _data.Length - _at;

    public ReadOnlySpan<byte> ReadWord()
    {
        if (Remaining < WordLength) throw new FormatException($"the data end after {_data.Length} bytes, inside word {_at / WordLength}");
        var word = _data.Slice(_at, WordLength);
        _at += WordLength;
        return word;
    }

    public UInt128 ReadUnsigned(int bits)
    {
        var word = ReadWord();
        var value = BinaryPrimitives.ReadUInt128BigEndian(word[16..]);
        var fits = !word[..16].ContainsAnyExcept((byte)0) && (bits == 128 || value >> bits == 0);
        return fits ? value : throw new FormatException($"word {_at / WordLength - 1} does not fit uint{bits}");
    }

    public ulong ReadUInt64() => (ulong)ReadUnsigned(64);

    public uint ReadUInt32() => (uint)ReadUnsigned(32);

    public byte ReadByte() => (byte)ReadUnsigned(8);

    public bool ReadBool() => ReadUnsigned(1) == 1;

    public long ReadInt64()
    {
        var word = ReadWord();
        var value = BinaryPrimitives.ReadInt64BigEndian(word[24..]);
        return !word[..24].ContainsAnyExcept(value < 0 ? (byte)0xFF : (byte)0) ? value : throw new FormatException($"word {_at / WordLength - 1} does not fit int64");
    }

    public Hash32 ReadBytes32() => new(ReadWord());

    public EvmAddress ReadAddress()
    {
        var word = ReadWord();
        return !word[..12].ContainsAnyExcept((byte)0) ? new EvmAddress(word[12..]) : throw new FormatException($"word {_at / WordLength - 1} is no address");
    }

    /// <summary>Reads an offset or a length: never more than the data could hold.</summary>
    public int ReadSize()
    {
        var value = ReadUnsigned(128);
        return value <= (UInt128)_data.Length ? (int)value : throw new FormatException($"word {_at / WordLength - 1} points past the end of {_data.Length} bytes");
    }

    /// <summary>Reads an offset from here and the byte string it points to, counted from the start of the data.</summary>
    public readonly ReadOnlySpan<byte> BytesAt(int offset)
    {
        var tail = new AbiReader(_data[offset..]);
        var length = tail.ReadSize();
        return length <= tail.Remaining ? tail._data.Slice(WordLength, length) : throw new FormatException($"{length} bytes at offset {offset} pass the end of {_data.Length} bytes");
    }

    /// <summary>Ends the reading: bytes after the last word are refused.</summary>
    public readonly void End()
    {
        if (Remaining != 0) throw new FormatException($"{Remaining} bytes too many after word {_at / WordLength}");
    }
}
