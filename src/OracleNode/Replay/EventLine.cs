using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Vendors;

namespace OracleNode.Replay;

/// <summary>
/// One line of an event file as keys and values, before anybody knows what it means. Reused line after line; every error names the line,
/// the key, the value and what would be right.
/// </summary>
internal sealed class EventLine
{
    private const int MaxNameLength = 32;

    private readonly Slot[] _slots = new Slot[Enum.GetValues<EventKey>().Length];
    private ReadOnlyMemory<byte> _text;
    private ulong _seen;

    /// <summary>Number of the line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Takes a line apart.</summary>
    public void Read(ReadOnlyMemory<byte> text, long number)
    {
        _text = text;
        _seen = 0;
        Number = number;
        try
        {
            Read(text.Span);
        }
        catch (JsonException e)
        {
            throw Error($"is not a JSON object: {e.Message}");
        }
    }

    public bool Has(EventKey key) => (_seen >> (int)key & 1) != 0;

    /// <summary>Has it the keys it must have, and no others?</summary>
    public void Require(ulong required, ulong allowed, string what)
    {
        if ((required & ~_seen) is not 0 and var missing) throw Error($"{what} needs {EventFormat.Describe(missing)}");
        if ((_seen & ~allowed) is not 0 and var odd) throw Error($"{what} has no {EventFormat.Describe(odd)}; it may have {EventFormat.Describe(allowed)}");
    }

    public EventFileException Error(string problem) => new(Number, problem);

    public EventFileException Error(EventKey key, string right) =>
        Error($"{EventFormat.Describe(1ul << (int)key)} = '{(Has(key) ? Shown(key) : "")}': must be {right}");

    /// <summary>The raw text of a value, strings without their quotes.</summary>
    public ReadOnlySpan<byte> Raw(EventKey key) => _text.Span.Slice(_slots[(int)key].Start, _slots[(int)key].Length);

    /// <summary>An object's or array's text; it stays valid.</summary>
    public byte[] Object(EventKey key) => _slots[(int)key].Type == JsonTokenType.StartObject ? Raw(key).ToArray() : throw Error(key, "an object");

    public bool IsNull(EventKey key) => _slots[(int)key].Type == JsonTokenType.Null;

    /// <summary>A name without escapes.</summary>
    public ReadOnlySpan<byte> Name(EventKey key)
    {
        ref readonly var slot = ref _slots[(int)key];
        return slot.Type == JsonTokenType.String && !slot.IsEscaped ? Raw(key) : throw Error(key, "a string without escapes");
    }

    /// <summary>What kind of event it is.</summary>
    public EventKind Kind()
    {
        if (!Has(EventKey.Kind)) throw Error("an event needs kind");
        var name = Name(EventKey.Kind);
        Span<char> text = stackalloc char[MaxNameLength];
        return name.Length <= MaxNameLength && Encoding.UTF8.TryGetChars(name, text, out var length)
            && EventFormat.KindOf.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var kind)
            ? kind
            : throw Error(EventKey.Kind, "one of " + string.Join(", ", EventFormat.KindOf.OrderBy(k => k.Value).Select(k => k.Key)));
    }

    /// <summary>Text, whatever is in it; empty when the key is not there.</summary>
    public string Text(EventKey key)
    {
        if (!Has(key)) return "";
        ref readonly var slot = ref _slots[(int)key];
        if (slot.Type != JsonTokenType.String) throw Error(key, "a string");
        if (!slot.IsEscaped) return Encoding.UTF8.GetString(Raw(key));
        var reader = new Utf8JsonReader(_text.Span.Slice(slot.Start - 1, slot.Length + 2));
        reader.Read();
        return StringOf(ref reader, key);
    }

    public Instant Time(EventKey key)
    {
        var text = Name(key);
        if (Rfc3339.TryParse(text, out var instant)) return instant;

        // What the outside says may lie in any year: a mint with nothing staged says 1970.
        var parsed = InstantPattern.ExtendedIso.Parse(Encoding.UTF8.GetString(text));
        return parsed.Success ? parsed.Value : throw Error(key, "a time like 2024-06-03T13:50:00.250Z");
    }

    /// <summary>A price that must be one.</summary>
    public Price Price(EventKey key) =>
        Market.Price.TryParse(NumberText(key), out var price, out var error) ? price : throw Error(key, $"a positive price with at most 8 decimals ({error})");

    /// <summary>A price, or none where the key is absent, null or zero.</summary>
    public Price PriceOrNone(EventKey key)
    {
        if (!Has(key) || IsNull(key)) return default;
        return Market.Price.TryParse(NumberText(key), out var price, out var error) || error == PriceError.Zero
            ? price
            : throw Error(key, $"a price with at most 8 decimals, or 0 or null for none ({error})");
    }

    /// <summary>A number scaled by 1e18.</summary>
    public Multiplier E18(EventKey key) =>
        Multiplier.TryParse(NumberText(key), out var value) ? value : throw Error(key, "a plain decimal number with at most 18 decimals");

    public long WholeOrZero(EventKey key)
    {
        if (!Has(key)) return 0;
        return Utf8Parser.TryParse(NumberText(key), out long value, out var used) && used == NumberText(key).Length && value >= 0 ? value : throw Error(key, "a whole number, 0 or more");
    }

    public ulong UnsignedOrZero(EventKey key)
    {
        if (!Has(key)) return 0;
        return Utf8Parser.TryParse(NumberText(key), out ulong value, out var used) && used == NumberText(key).Length ? value : throw Error(key, $"a whole number from 0 to {ulong.MaxValue}");
    }

    /// <summary>Milliseconds with up to six decimals.</summary>
    public Duration Millis(EventKey key)
    {
        if (!Has(key)) return Duration.Zero;
        const decimal MaxMillis = 1e12m;
        return decimal.TryParse(NumberText(key), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var millis)
            && Math.Abs(millis) <= MaxMillis && decimal.IsInteger(millis * 1_000_000)
            ? Duration.FromNanoseconds((long)(millis * 1_000_000))
            : throw Error(key, "milliseconds with at most 6 decimals");
    }

    public bool Flag(EventKey key, bool otherwise) => !Has(key) ? otherwise : _slots[(int)key].Type switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Error(key, "true or false"),
    };

    /// <summary>A date.</summary>
    public LocalDate Date(EventKey key)
    {
        var parsed = LocalDatePattern.Iso.Parse(Encoding.UTF8.GetString(Name(key)));
        return parsed.Success ? parsed.Value : throw Error(key, "a date like 2024-06-10");
    }

    /// <summary>Whole numbers to either side of a colon: shares after, shares before.</summary>
    public (long New, long Old) Ratio(EventKey key)
    {
        var text = Name(key);
        var colon = text.IndexOf((byte)':');
        return colon > 0 && Utf8Parser.TryParse(text[..colon], out long now, out var used) && used == colon && now > 0
            && Utf8Parser.TryParse(text[(colon + 1)..], out long old, out used) && used == text.Length - colon - 1 && old > 0
            ? (now, old)
            : throw Error(key, "shares after and shares before, like 10:1");
    }

    /// <summary>The name of a member of an enum, other than its nought.</summary>
    public T Member<T>(EventKey key) where T : struct, Enum
    {
        var name = Encoding.UTF8.GetString(Name(key));
        return TryMember<T>(name, out var member) ? member : throw Error(key, "one of " + string.Join(", ", Enum.GetNames<T>().Skip(1)));
    }

    /// <summary>The name of a session, or a list of those that are possible.</summary>
    public SessionClaims Claims(EventKey key)
    {
        var right = "one or a list of " + string.Join(", ", Enum.GetNames<MarketSession>().Skip(1));
        ref readonly var slot = ref _slots[(int)key];
        if (slot.Type == JsonTokenType.String) return TryMember<MarketSession>(Encoding.UTF8.GetString(Name(key)), out var only) ? ClaimOf(only) : throw Error(key, right);
        if (slot.Type != JsonTokenType.StartArray) throw Error(key, right);
        var claims = SessionClaims.None;
        var reader = new Utf8JsonReader(Raw(key));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || !TryMember<MarketSession>(StringOf(ref reader, key), out var session)) throw Error(key, right);
            claims |= ClaimOf(session);
        }

        return claims != SessionClaims.None ? claims : throw Error(key, right);
    }

    private static SessionClaims ClaimOf(MarketSession session) => (SessionClaims)(1 << (int)session);

    /// <summary>A list of names of flags, as one value.</summary>
    public ConditionFlags Conditions(EventKey key)
    {
        var flags = ConditionFlags.None;
        if (!Has(key)) return flags;
        var right = "a list of " + string.Join(", ", Enum.GetNames<ConditionFlags>().Skip(1));
        if (_slots[(int)key].Type != JsonTokenType.StartArray) throw Error(key, right);
        var reader = new Utf8JsonReader(Raw(key));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || !TryMember<ConditionFlags>(StringOf(ref reader, key), out var flag)) throw Error(key, right);
            flags |= flag;
        }

        return flags;
    }

    private string StringOf(ref Utf8JsonReader reader, EventKey key)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair as an escape: well-formed JSON, and no text.
            throw Error(key, "text");
        }
    }

    private static bool TryMember<T>(string name, out T member) where T : struct, Enum =>
        Enum.TryParse(name, ignoreCase: false, out member) && Array.IndexOf(Enum.GetNames<T>(), name) > 0;

    private ReadOnlySpan<byte> NumberText(EventKey key)
    {
        ref readonly var slot = ref _slots[(int)key];
        return slot.Type is JsonTokenType.Number or JsonTokenType.String ? Raw(key) : throw Error(key, "a number, or a string of one");
    }

    private void Read(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text)) throw Error("is not UTF-8");
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Error("is not a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped || !TryKey(reader.ValueSpan, out var key))
                throw Error($"'{Encoding.UTF8.GetString(reader.ValueSpan)}' is no key of any event; the keys are {EventFormat.Describe(ulong.MaxValue)}");
            if (Has(key)) throw Error($"'{Encoding.UTF8.GetString(reader.ValueSpan)}' comes twice");
            _seen |= 1ul << (int)key;
            reader.Read();
            _slots[(int)key] = SlotOf(ref reader);
        }

        while (reader.Read())
        {
        }
    }

    private static Slot SlotOf(ref Utf8JsonReader reader)
    {
        var type = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        if (type is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            reader.Skip();
            return new Slot(start, (int)reader.BytesConsumed - start, type, false);
        }

        return type == JsonTokenType.String
            ? new Slot(start + 1, reader.ValueSpan.Length, type, reader.ValueIsEscaped)
            : new Slot(start, reader.ValueSpan.Length, type, false);
    }

    private bool TryKey(ReadOnlySpan<byte> name, out EventKey key)
    {
        key = default;
        Span<char> text = stackalloc char[MaxNameLength];
        return name.Length <= text.Length && Encoding.UTF8.TryGetChars(name, text, out var length)
            && EventFormat.KeyOf.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out key);
    }

    private string Shown(EventKey key)
    {
        const int Longest = 80;
        var raw = Encoding.UTF8.GetString(Raw(key));
        return raw.Length <= Longest ? raw : raw[..Longest] + "...";
    }

    private readonly record struct Slot(int Start, int Length, JsonTokenType Type, bool IsEscaped);
}
