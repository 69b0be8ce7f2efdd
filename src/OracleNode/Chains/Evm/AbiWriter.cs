using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using OracleNode.Market;

namespace OracleNode.Chains.Evm;

/// <summary>Writes call data: a selector, one word per argument, then what the dynamic arguments hold.</summary>
internal sealed class AbiWriter
{
    private const int WordLength = AbiReader.WordLength;
    private const int SelectorLength = 4;

    private readonly ArrayBufferWriter<byte> _head = new();
    private readonly ArrayBufferWriter<byte> _tail = new();
    private readonly int _arguments;

    /// <param name="signature">Canonical signature, e.g. <c>submit(bytes)</c>.</param>
    /// <param name="arguments">How many arguments follow.</param>
    public AbiWriter(string signature, int arguments)
    {
        _arguments = arguments;
        _head.Write(Selector(signature));
    }

    /// <summary>First 4 bytes of keccak256 over a canonical signature.</summary>
    public static byte[] Selector(string signature) => Hash(signature)[..SelectorLength];

    /// <summary>keccak256 over a canonical signature: an event's first topic.</summary>
    public static byte[] Hash(string signature)
    {
        var hash = new byte[Keccak256.Length];
        Keccak256.Hash(Encoding.ASCII.GetBytes(signature), hash);
        return hash;
    }

    public AbiWriter Unsigned(UInt128 value)
    {
        Span<byte> word = stackalloc byte[WordLength];
        BinaryPrimitives.WriteUInt128BigEndian(word[16..], value);
        _head.Write(word);
        return this;
    }

    public AbiWriter Signed(long value)
    {
        Span<byte> word = stackalloc byte[WordLength];
        if (value < 0) word.Fill(0xFF);
        BinaryPrimitives.WriteInt64BigEndian(word[24..], value);
        _head.Write(word);
        return this;
    }

    public AbiWriter Bytes32(ReadOnlySpan<byte> value)
    {
        if (value.Length != WordLength) throw new ArgumentException($"bytes32 is {WordLength} bytes, not {value.Length}.", nameof(value));
        _head.Write(value);
        return this;
    }

    public AbiWriter Address(EvmAddress value)
    {
        Span<byte> word = stackalloc byte[WordLength];
        value.CopyTo(word[12..]);
        _head.Write(word);
        return this;
    }

    public AbiWriter Bytes(ReadOnlySpan<byte> value)
    {
        StartTail(value.Length);
        _tail.Write(value);
        var over = value.Length % WordLength;
        if (over != 0) _tail.Write((ReadOnlySpan<byte>)stackalloc byte[WordLength - over]);
        return this;
    }

    public AbiWriter Text(string ascii) => Bytes(Encoding.ASCII.GetBytes(ascii));

    public AbiWriter Ids(IReadOnlyList<FeedId> ids)
    {
        StartTail(ids.Count);
        foreach (var id in ids) _tail.Write(id.ToArray());
        return this;
    }

    /// <summary>The call data.</summary>
    public byte[] ToArray()
    {
        if (_head.WrittenCount != SelectorLength + WordLength * _arguments) throw new InvalidOperationException($"Call data with {(_head.WrittenCount - SelectorLength) / WordLength} arguments instead of {_arguments}.");
        return [.. _head.WrittenSpan, .. _tail.WrittenSpan];
    }

    private void StartTail(int length)
    {
        Unsigned((UInt128)(WordLength * _arguments + _tail.WrittenCount));
        Span<byte> word = stackalloc byte[WordLength];
        BinaryPrimitives.WriteInt32BigEndian(word[28..], length);
        _tail.Write(word);
    }
}
