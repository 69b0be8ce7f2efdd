using System.Globalization;
using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors;

namespace OracleNode.Operator;

/// <summary>
/// The commands document: <c>{"commands":[{"id","action","feed","price","until","by","note"}, ...]}</c>. The document is the state: at a start all of it is given again,
/// in its order; later only what is new is. An id stands for one command for ever. To take a command away undoes nothing; a <c>Resume</c> does.
/// </summary>
internal sealed class StandingCommands(IReadOnlyDictionary<string, FeedId> feeds)
{
    /// <summary>Most commands in a document.</summary>
    public const int MaxCommands = 1024;

    private const int MaxIdLength = 64;
    private const int MaxTextLength = 200;

    private readonly Dictionary<string, OperatorCommand> _given = new(StringComparer.Ordinal);

    /// <summary>What is new in a document, in its order.</summary>
    /// <exception cref="DocumentException">It is malformed or changes a command that was given; nothing of it counts.</exception>
    public IReadOnlyList<OperatorCommand> Take(ReadOnlyMemory<byte> file)
    {
        var fresh = Read(file).Where(c => !_given.ContainsKey(c.Id)).ToList();
        foreach (var (id, command) in fresh) _given.Add(id, command);
        return fresh.ConvertAll(c => c.Command);
    }

    private List<(string Id, OperatorCommand Command)> Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = 8 });
            var list = Members(document.RootElement, "the document", "commands")["commands"];
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxCommands) throw new DocumentException($"'commands' must be a list of at most {MaxCommands}");
            var commands = new List<(string Id, OperatorCommand Command)>();
            var ids = new HashSet<string>(StringComparer.Ordinal);
            foreach (var element in list.EnumerateArray())
            {
                var (id, command) = ReadOne(element, $"commands[{commands.Count}]");
                if (!ids.Add(id)) throw new DocumentException($"commands[{commands.Count}].id = '{id}': occurs twice");
                if (_given.TryGetValue(id, out var before) && before != command)
                    throw new DocumentException($"commands[{commands.Count}].id = '{id}': was given before with other content; a new command has a new id");
                commands.Add((id, command));
            }

            return commands;
        }
        catch (JsonException e)
        {
            throw new DocumentException($"it is not JSON: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            // Half of a surrogate pair as an escape: well-formed JSON, and no text.
            throw new DocumentException($"it holds what is no text: {e.Message}");
        }
    }

    private (string Id, OperatorCommand Command) ReadOne(JsonElement element, string path)
    {
        var members = Members(element, path, "id", "action", "feed", "price", "until", "by", "note");
        var id = Text("id", required: true, MaxIdLength);
        var actionName = Text("action", required: true, MaxIdLength);
        if (!Enum.TryParse<OperatorAction>(actionName, ignoreCase: false, out var action) || action == OperatorAction.None || action.ToString() != actionName)
            throw Wrong("action", actionName, "one of " + string.Join(", ", Enum.GetNames<OperatorAction>().Skip(1)));
        var feedName = Text("feed", required: false, MaxIdLength);
        FeedId? feed = null;
        if (feedName.Length > 0) feed = feeds.TryGetValue(feedName, out var known) ? known : throw Wrong("feed", feedName, $"null for every feed, or one of {string.Join(", ", feeds.Keys)}");
        var until = Until();
        var price = PriceOf(action);
        if (action == OperatorAction.Confirm && (feed is null || until is null)) throw new DocumentException($"{path}: a Confirm needs 'feed' and 'until': a price is confirmed for one feed and a while");
        if (action is OperatorAction.Retire or OperatorAction.Resume && until is not null) throw new DocumentException($"{path}.until: a {action} has no end");
        return (id, new OperatorCommand(action, feed, price, until, Text("by", required: true, MaxTextLength), Text("note", required: false, MaxTextLength)));

        string Text(string key, bool required, int most)
        {
            if (!members.TryGetValue(key, out var value) || value.ValueKind == JsonValueKind.Null) return required ? throw new DocumentException($"{path}: '{key}' is missing") : "";
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, value.GetRawText(), "a string");
            return text.Length <= most && (text.Length > 0 || !required) && !text.Any(char.IsControl) ? text : throw Wrong(key, text, $"1 to {most} characters, none of them a control character");
        }

        Instant? Until()
        {
            var text = Text("until", required: false, MaxIdLength);
            if (text.Length == 0) return null;
            return Rfc3339.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var at) ? at : throw Wrong("until", text, "a time like 2026-06-10T14:00:00Z");
        }

        Price PriceOf(OperatorAction of)
        {
            var isThere = members.TryGetValue("price", out var value) && value.ValueKind != JsonValueKind.Null;
            if (isThere != (of == OperatorAction.Confirm)) throw new DocumentException($"{path}.price: a Confirm has one, and nothing else does");
            if (!isThere) return default;
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            return Price.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var price, out var error) ? price : throw Wrong("price", text, $"a positive price with at most 8 decimals ({error})");
        }

        DocumentException Wrong(string key, string value, string right) =>
            new(string.Create(CultureInfo.InvariantCulture, $"{path}.{key} = '{(value.Length > 80 ? value[..80] : value)}': must be {right}"));
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new DocumentException($"{path} must be an object");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name)) throw new DocumentException($"{path} has no '{member.Name}'; it may have {string.Join(", ", known!)}");
            if (!members.TryAdd(member.Name, member.Value)) throw new DocumentException($"{path}.{member.Name} occurs twice");
        }

        return path == "the document" && !members.ContainsKey("commands") ? throw new DocumentException("the document needs 'commands'") : members;
    }
}
