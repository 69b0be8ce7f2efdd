using System.Text.Json;

namespace OracleNode.Vendors.TokenMarkets;

/// <summary>Walks the members of one JSON object, or the items of one array, in order.</summary>
internal ref struct JsonWalk
{
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;

    private JsonWalk(ReadOnlySpan<byte> text, JsonTokenType opens)
    {
        _text = text;
        _reader = JsonValue.Open(text);
        if (!_reader.Read() || _reader.TokenType != opens) throw new JsonException();
    }

    /// <exception cref="JsonException">Not JSON, or no object.</exception>
    public static JsonWalk Object(ReadOnlySpan<byte> text) => new(text, JsonTokenType.StartObject);

    /// <exception cref="JsonException">Not JSON, or no array.</exception>
    public static JsonWalk Array(ReadOnlySpan<byte> text) => new(text, JsonTokenType.StartArray);

    /// <summary>The next member; false after the last. A name with escapes is given as empty, so no one knows it.</summary>
    /// <exception cref="JsonException">Not JSON, too deep, or something follows.</exception>
    public bool NextField(out ReadOnlySpan<byte> name, out JsonValue value)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.PropertyName)
        {
            name = default;
            value = default;
            return End();
        }

        name = _reader.ValueIsEscaped ? default : _reader.ValueSpan;
        value = JsonValue.Read(ref _reader, _text);
        return true;
    }

    /// <summary>The next item; false after the last.</summary>
    /// <exception cref="JsonException">Not JSON, too deep, or something follows.</exception>
    public bool NextItem(out JsonValue value)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndArray)
        {
            value = default;
            return End();
        }

        value = JsonValue.Current(ref _reader, _text);
        return true;
    }

    /// <summary>Keeps a member's value; false when it came before: one of the two is a lie, and which one is not for us to guess.</summary>
    public static bool Take(ref JsonValue field, in JsonValue value)
    {
        if (field.IsSeen) return false;
        field = value;
        return true;
    }

    private bool End() => _reader.Read() ? throw new JsonException() : false;
}
