using System.Buffers.Text;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Vendors;

/// <summary>
/// The raw text of one JSON value inside a frame, so that an event can be understood after all its fields were seen, in
/// whatever order they came. Strings are without their quotes, arrays and objects with their brackets.
/// </summary>
internal readonly ref struct JsonValue
{
    /// <summary>Nesting that is read; the documented messages need three.</summary>
    public const int MaxDepth = 8;

    private readonly JsonTokenType _type;
    private readonly bool _escaped;

    private JsonValue(ReadOnlySpan<byte> text, JsonTokenType type, bool escaped)
    {
        Text = text;
        _type = type;
        _escaped = escaped;
    }

    /// <summary>The raw text.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The field was not there, or is null.</summary>
    public bool IsAbsent => _type is JsonTokenType.None or JsonTokenType.Null;

    /// <summary>The field was there, whatever its value.</summary>
    public bool IsSeen => _type != JsonTokenType.None;

    /// <summary>A string that needs no unescaping.</summary>
    public bool IsPlainString => _type == JsonTokenType.String && !_escaped;

    public bool IsString => _type == JsonTokenType.String;

    public bool IsNumber => _type == JsonTokenType.Number;

    public bool IsArray => _type == JsonTokenType.StartArray;

    public bool IsObject => _type == JsonTokenType.StartObject;

    public bool IsTrue => _type == JsonTokenType.True;

    public bool IsFalse => _type == JsonTokenType.False;

    /// <summary>Opens a frame under the depth limit.</summary>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> frame) =>
        new(frame, isFinalBlock: true, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));

    /// <summary>Reads the value that follows a property name.</summary>
    /// <exception cref="JsonException">Not JSON, or too deep.</exception>
    public static JsonValue Read(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> frame)
    {
        reader.Read();
        return Current(ref reader, frame);
    }

    /// <summary>Takes the value that the reader has just read.</summary>
    /// <exception cref="JsonException">Not JSON, or too deep.</exception>
    public static JsonValue Current(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> frame)
    {
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return new JsonValue(reader.ValueSpan, reader.TokenType, reader.ValueIsEscaped);
        }

        var type = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonValue(frame[start..(int)reader.BytesConsumed], type, escaped: false);
    }

    /// <summary>A price that must be there.</summary>
    public bool TryPrice(out Price price)
    {
        price = default;
        return IsNumber && Price.TryParse(Text, out price, out _);
    }

    /// <summary>One side of a quote: zero, null and absent mean that there is none.</summary>
    public bool TryQuoteSide(out Price price)
    {
        price = default;
        if (IsAbsent) return true;
        if (!IsNumber) return false;
        return Price.TryParse(Text, out price, out var error) || error == PriceError.Zero;
    }

    /// <summary>A size, rounded down to whole units; 0 when absent.</summary>
    public bool TrySize(out long size)
    {
        size = 0;
        if (IsAbsent) return true;
        if (!IsNumber) return false;
        var point = Text.IndexOf((byte)'.');
        var whole = point < 0 ? Text : Text[..point];
        if (!Utf8Parser.TryParse(whole, out size, out var used) || used != whole.Length || size < 0) return false;
        return point < 0 || Text[(point + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    /// <summary>An integer timestamp of the declared unit.</summary>
    public bool TryEpoch(EpochUnit declared, out Instant instant)
    {
        instant = default;
        return IsNumber && EpochTime.TryRead(Text, declared, out instant);
    }

    /// <summary>An integer timestamp of another unit than the declared one, as what it says.</summary>
    public bool TryMisstampedEpoch(EpochUnit declared, out Instant instant)
    {
        instant = default;
        return IsNumber && EpochTime.TryReadMisstamped(Text, declared, out instant);
    }

    /// <summary>An RFC 3339 timestamp.</summary>
    public bool TryRfc3339(out Instant instant)
    {
        instant = default;
        return IsPlainString && Rfc3339.TryParse(Text, out instant);
    }
}
