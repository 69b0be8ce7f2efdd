using System.Text.Json;

namespace OracleNode.Vendors;

/// <summary>Walks a frame of the shape that both streaming vendors use: one array of flat event objects.</summary>
internal ref struct JsonFrame
{
    private readonly ReadOnlySpan<byte> _frame;
    private Utf8JsonReader _reader;

    /// <exception cref="JsonException">Not JSON, or not an array.</exception>
    public JsonFrame(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
        _reader = JsonValue.Open(frame);
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
    }

    /// <summary>Moves to the next event object; false after the last.</summary>
    /// <exception cref="JsonException">Not JSON, or an element is no object.</exception>
    public bool NextEvent()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartObject) return true;
        if (_reader.TokenType != JsonTokenType.EndArray) throw new JsonException();
        if (_reader.Read()) throw new JsonException();
        return false;
    }

    /// <summary>Moves to the next field of the event; false at its end. A name with escapes is given as empty, so no one knows it.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    public bool NextField(out ReadOnlySpan<byte> name)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.PropertyName)
        {
            name = _reader.ValueIsEscaped ? default : _reader.ValueSpan;
            return true;
        }

        name = default;
        return false;
    }

    /// <summary>Reads the field's value.</summary>
    /// <exception cref="JsonException">Not JSON, or too deep.</exception>
    public JsonValue Value() => JsonValue.Read(ref _reader, _frame);
}
