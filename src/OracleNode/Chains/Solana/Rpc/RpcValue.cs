using System.Text.Json;

namespace OracleNode.Chains.Solana;

/// <summary>
/// A value of an RPC answer and the way to it. Every accessor checks what it reads, because the endpoint is not trusted.
/// </summary>
internal readonly record struct RpcValue(JsonElement Element, string Path)
{
    private const int MaxItems = 65_536;

    public bool IsNull => Element.ValueKind == JsonValueKind.Null;

    /// <summary>A member that must be there.</summary>
    public RpcValue this[string name] =>
        Member(name) ?? throw Wrong($"an object with '{name}'");

    /// <summary>A member that may be missing.</summary>
    public RpcValue? Member(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Wrong("an object");
        return Element.TryGetProperty(name, out var member) ? new RpcValue(member, $"{Path}.{name}") : null;
    }

    public ulong UInt64() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetUInt64(out var value) ? value : throw Wrong("an unsigned 64-bit integer");

    public long Int64() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out var value) ? value : throw Wrong("a 64-bit integer");

    public bool Boolean() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false"),
    };

    public string Text() => Element.ValueKind == JsonValueKind.String ? StringValue() : throw Wrong("a string");

    /// <summary>An address or hash: base58 of 32 bytes.</summary>
    public SolanaAddress Address() => SolanaAddress.TryParse(Text(), out var address) ? address : throw Wrong("the base58 of 32 bytes");

    /// <summary>The items of an array; exactly as many as asked for, where a number is given.</summary>
    public IReadOnlyList<RpcValue> Items(int? exactly = null)
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Wrong("an array");
        var count = Element.GetArrayLength();
        if (exactly is { } wanted && count != wanted) throw Wrong($"an array of {wanted}");
        if (count > MaxItems) throw Wrong($"an array of at most {MaxItems}");
        var items = new RpcValue[count];
        var i = 0;
        foreach (var item in Element.EnumerateArray())
        {
            items[i] = new RpcValue(item, $"{Path}[{i}]");
            i++;
        }

        return items;
    }

    /// <summary>Account data: a pair of base64 text and the word "base64".</summary>
    public byte[] Base64Pair()
    {
        var items = Items(2);
        if (items[1].Text() != "base64") throw items[1].Wrong("\"base64\"");
        items[0].Text();
        return items[0].Element.TryGetBytesFromBase64(out var bytes) ? bytes : throw items[0].Wrong("base64");
    }

    /// <summary>The failure to throw when this value is not what it must be.</summary>
    public SolanaRpcException Wrong(string expected) =>
        new(SolanaRpcFailure.Malformed, $"{Path}: expected {expected}, found {Shown()}");

    /// <summary>The value as a person may read it: cut short, control characters replaced.</summary>
    public string Shown() => Printable(Element.GetRawText(), 160);

    /// <summary>Text from outside, made harmless for a log line.</summary>
    public static string Printable(string text, int maxLength)
    {
        var cut = text.Length > maxLength ? string.Concat(text.AsSpan(0, maxLength), "...") : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }

    private string StringValue()
    {
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate escape: valid JSON, not valid text.
            throw Wrong("valid text");
        }
    }
}
