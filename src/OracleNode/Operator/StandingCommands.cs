using System.Text.Json;
using NodaTime;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Operator;

/// <summary>
/// The commands document: <c>{"issuedAt", "commands":[{"id","action","feed","price","until","by","note"}, ...]}</c>. The document is the state: at a start all of it is
/// given, in its order; later only what is new is. So that both lead to the same, a document that would lead elsewhere after a restart (a standing command was taken
/// out, or the order changed) is refused. An id stands for one command for ever.
/// </summary>
/// <param name="feeds">The node's feeds by name; null where any name is taken, which is where nothing is given.</param>
/// <param name="editions">What was taken over before.</param>
internal sealed class StandingCommands(IReadOnlyDictionary<string, FeedId>? feeds, DocumentEditions editions)
{
    /// <summary>Name of the document.</summary>
    public const string Name = "commands";

    /// <summary>Most commands in a document.</summary>
    public const int MaxCommands = 1024;

    private readonly Dictionary<string, OperatorCommand> _given = new(StringComparer.Ordinal);
    private readonly List<OperatorCommand> _inOrder = [];

    /// <summary>Gives what is new in a document, in its order. What the pipeline has no room for stays ungiven, with all that follows it, and is given at the next look.</summary>
    /// <param name="file">The document; genuine.</param>
    /// <param name="now">Market time.</param>
    /// <param name="give">Hands one to the pipeline; false when it has no room.</param>
    /// <returns>What was given.</returns>
    /// <exception cref="DocumentException">It is malformed, older than the last one, or contradicts what was given; nothing of it counts.</exception>
    public (IReadOnlyList<OperatorCommand> Fresh, string? Warning) Take(ReadOnlyMemory<byte> file, Instant now, Func<OperatorCommand, bool> give)
    {
        var (issuedAt, commands) = DocumentEntry.ReadList(file, "commands", MaxCommands, ReadOne);
        editions.Require(Name, issuedAt, file.Span, now);
        RequireDistinct(commands);
        var fresh = commands.Where(c => !_given.ContainsKey(c.Id)).ToList();
        RequireSameAfterRestart([.. _inOrder, .. fresh.Select(c => c.Command)], [.. commands.Select(c => c.Command)], now);
        var given = new List<OperatorCommand>();
        foreach (var (id, command) in fresh)
        {
            if (!give(command)) break;
            _given.Add(id, command);
            _inOrder.Add(command);
            given.Add(command);
        }

        var warning = editions.Keep(Name, issuedAt, file.Span);
        return (given, given.Count < fresh.Count ? $"{fresh.Count - given.Count} command(s) are not given yet: {RareInputQueue.IsFull}" : warning);
    }

    /// <summary>Is it a document that a node with such feeds would read?</summary>
    /// <param name="file">The document, not signed yet.</param>
    /// <exception cref="DocumentException">No; it says why.</exception>
    public static void RequireWellFormed(ReadOnlyMemory<byte> file)
    {
        var reader = new StandingCommands(null, DocumentEditions.Open(""));
        reader.RequireDistinct(DocumentEntry.ReadList(file, "commands", MaxCommands, reader.ReadOne).Entries);
    }

    private void RequireDistinct(IReadOnlyList<(string Id, OperatorCommand Command)> commands)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < commands.Count; i++)
        {
            var (id, command) = commands[i];
            if (!ids.Add(id)) throw new DocumentException($"commands[{i}].id = '{id}': occurs twice");
            if (_given.TryGetValue(id, out var before) && before != command) throw new DocumentException($"commands[{i}].id = '{id}': was given before with other content; a new command has a new id");
        }
    }

    private void RequireSameAfterRestart(List<OperatorCommand> running, List<OperatorCommand> restarted, Instant now)
    {
        foreach (var (name, feed) in feeds ?? throw new InvalidOperationException("Commands are given to known feeds only."))
        {
            var (here, there) = (StandsFor(feed, running, now), StandsFor(feed, restarted, now));
            if (here == there) continue;
            throw new DocumentException($"for {name} this node would have {here}, and one that starts with this document {there}: a command that stands may not be taken out or moved; to undo it add one, such as a Resume");
        }
    }

    private static Standing StandsFor(FeedId feed, List<OperatorCommand> commands, Instant now)
    {
        var standing = default(Standing);
        foreach (var command in commands)
        {
            if (command.Feed is { } of && of != feed) continue;
            var isOver = command.Until <= now;
            standing = command.Action switch
            {
                OperatorAction.Pause or OperatorAction.Halt when !isOver => standing with { Stop = command.Action, Until = command.Until },
                OperatorAction.Pause or OperatorAction.Halt or OperatorAction.Resume => standing with { Stop = OperatorAction.None, Until = null },
                OperatorAction.Confirm => standing with { Confirmed = isOver ? default : command.Price, ConfirmedUntil = isOver ? null : command.Until },
                OperatorAction.Retire => standing with { IsRetired = true },
                _ => standing,
            };
        }

        return standing;
    }

    private (string Id, OperatorCommand Command) ReadOne(JsonElement element, string path)
    {
        var entry = new DocumentEntry(element, path, "id", "action", "feed", "price", "until", "by", "note");
        var id = entry.Text("id", DocumentEntry.MaxNameLength);
        var action = entry.Member<OperatorAction>("action");
        var name = entry.TextOrEmpty("feed", DocumentEntry.MaxNameLength);
        FeedId? feed = name.Length == 0 ? null : feeds is null ? default(FeedId) : feeds.TryGetValue(name, out var known) ? known : throw entry.Wrong("feed", name, $"null for every feed, or one of {string.Join(", ", feeds.Keys)}");
        var until = entry.Time("until");
        if (entry.Has("price") != (action == OperatorAction.Confirm)) throw new DocumentException($"{path}.price: a Confirm has one, and nothing else does");
        var price = action == OperatorAction.Confirm ? entry.Price("price") : default;
        if (action == OperatorAction.Confirm && (feed is null || until is null)) throw new DocumentException($"{path}: a Confirm needs 'feed' and 'until': a price is confirmed for one feed and a while");
        if (action is OperatorAction.Retire or OperatorAction.Resume && until is not null) throw new DocumentException($"{path}.until: a {action} has no end");
        return (id, new OperatorCommand(action, feed, price, until, entry.Text("by", DocumentEntry.MaxTextLength), entry.TextOrEmpty("note", DocumentEntry.MaxTextLength)));
    }

    private readonly record struct Standing(OperatorAction Stop, Instant? Until, bool IsRetired, Price Confirmed, Instant? ConfirmedUntil)
    {
        public override string ToString()
        {
            var parts = new List<string>();
            if (IsRetired) parts.Add("a Retire");
            if (Stop != OperatorAction.None) parts.Add($"a {Stop} until {Until?.ToString() ?? "a Resume"}");
            if (!Confirmed.IsNone) parts.Add($"{Confirmed} confirmed until {ConfirmedUntil}");
            return parts.Count == 0 ? "nothing standing" : string.Join(" and ", parts);
        }
    }
}
