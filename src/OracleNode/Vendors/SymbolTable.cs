using System.Buffers.Binary;
using System.Text;
using OracleNode.Market;

namespace OracleNode.Vendors;

/// <summary>A vendor's symbol for an instrument.</summary>
/// <param name="Symbol">As the vendor writes it, e.g. <c>BRK.B</c>.</param>
/// <param name="Instrument">What it names.</param>
public readonly record struct VendorSymbol(string Symbol, InstrumentId Instrument)
{
    /// <summary>Which of the instrument's tickers it is: its place among them.</summary>
    public byte Alias { get; init; }
}

/// <summary>
/// The symbols of one source, looked up by the UTF-8 bytes of a frame without allocating. Open addressing with linear
/// probing at a load of at most one half; fixed after construction.
/// </summary>
public sealed class SymbolTable
{
    /// <summary>Longest symbol, in characters.</summary>
    public const int MaxSymbolLength = 16;

    private const int EmptySlot = -1;

    private readonly int[] _slots;
    private readonly byte[][] _keys;
    private readonly VendorSymbol[] _symbols;
    private readonly int _mask;

    /// <summary>Makes the table.</summary>
    /// <exception cref="ArgumentException">A symbol is not writable on the wire, or occurs twice.</exception>
    public SymbolTable(IEnumerable<VendorSymbol> symbols)
    {
        _symbols = [.. symbols];
        _keys = new byte[_symbols.Length][];
        var size = 4;
        while (size < _symbols.Length * 2) size *= 2;
        _mask = size - 1;
        _slots = new int[size];
        _slots.AsSpan().Fill(EmptySlot);

        for (var i = 0; i < _symbols.Length; i++)
        {
            var symbol = _symbols[i].Symbol;
            if (!IsWritable(symbol)) throw new ArgumentException($"'{symbol}' is not a symbol: 1 to {MaxSymbolLength} of A-Z a-z 0-9 . - / _", nameof(symbols));
            if (TryFind(Encoding.ASCII.GetBytes(symbol), out _)) throw new ArgumentException($"Symbol '{symbol}' occurs twice.", nameof(symbols));
            _keys[i] = Encoding.ASCII.GetBytes(symbol);
            _slots[FindSlot(_keys[i])] = i;
        }
    }

    /// <summary>The symbols, in the order given.</summary>
    public ReadOnlySpan<VendorSymbol> Symbols => _symbols;

    /// <summary>How many.</summary>
    public int Count => _symbols.Length;

    /// <summary>Whether a symbol can stand in a subscription without changing its meaning.</summary>
    public static bool IsWritable(string? symbol)
    {
        if (symbol is null || symbol.Length is 0 or > MaxSymbolLength) return false;
        foreach (var c in symbol)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '/' or '_')) return false;
        }

        return true;
    }

    /// <summary>Finds the instrument that a symbol names.</summary>
    public bool TryFind(ReadOnlySpan<byte> symbol, out InstrumentId instrument)
    {
        var index = _slots[FindSlot(symbol)];
        instrument = index == EmptySlot ? default : _symbols[index].Instrument;
        return index != EmptySlot;
    }

    /// <summary>Finds the instrument that a symbol names, and which of its tickers that is.</summary>
    public bool TryFind(ReadOnlySpan<byte> symbol, out InstrumentId instrument, out byte alias)
    {
        var index = _slots[FindSlot(symbol)];
        (instrument, alias) = index == EmptySlot ? default : (_symbols[index].Instrument, _symbols[index].Alias);
        return index != EmptySlot;
    }

    private int FindSlot(ReadOnlySpan<byte> symbol)
    {
        var slot = (int)(Hash(symbol) & (uint)_mask);
        while (_slots[slot] != EmptySlot && !symbol.SequenceEqual(_keys[_slots[slot]])) slot = (slot + 1) & _mask;
        return slot;
    }

    private static uint Hash(ReadOnlySpan<byte> symbol)
    {
        ulong hash = (uint)symbol.Length;
        while (symbol.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(symbol));
            symbol = symbol[sizeof(ulong)..];
        }

        ulong rest = 0;
        foreach (var b in symbol) rest = (rest << 8) | b;
        return (uint)(Mix(hash ^ rest) >> 32);
    }

    // Fibonacci hashing: one multiplication spreads near-equal tickers over the high bits.
    private static ulong Mix(ulong value) => unchecked(value * 0x9E37_79B9_7F4A_7C15UL);
}
