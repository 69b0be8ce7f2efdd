using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;

namespace OracleNode.Operator;

/// <summary>
/// The newest edition of each document that this node took over, kept in a file of its own: what an operator once signed and has since replaced is refused,
/// after a restart too. A calendar has no time of issue: of it every edition that was replaced is kept. The code that was accepted for each
/// token is kept for the same reason. Any thread.
/// </summary>
internal sealed partial class DocumentEditions
{
    /// <summary>How far <c>issuedAt</c> may lie ahead of the node's time: a slip of the year must not lock every later edition out.</summary>
    public static readonly Duration MaxLead = Duration.FromMinutes(5);

    private const string Format = "oraclenode-editions";
    private const int Version = 1;
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Most tokens whose code is kept.</summary>
    private const int MaxCodes = 4_096;

    /// <summary>Replaced calendars that are remembered of each market; the oldest goes. A new edition comes a few times a year.</summary>
    private const int MaxReplaced = 256;

    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly Dictionary<string, Edition> _editions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CalendarEditions> _calendars = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _codes = new(StringComparer.Ordinal);
    private bool _isWritten = true;

    private DocumentEditions(string file) => _file = file;

    /// <summary>Reads the file, where there is one.</summary>
    /// <param name="file">Its path; empty: nothing is kept over a restart.</param>
    /// <exception cref="DocumentException">It is there and cannot be read, or is none.</exception>
    public static DocumentEditions Open(string file)
    {
        var editions = new DocumentEditions(file);
        if (file.Length == 0) return editions;
        try
        {
            if (File.Exists(file)) editions.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new DocumentException($"OracleNode:Operator:StateFile = '{file}': cannot be read as what this node wrote: {e.Message} Restore it; or remove it, and any document that was ever signed is taken over again.");
        }

        return editions;
    }

    /// <summary>May this edition follow the one that was taken over last?</summary>
    /// <exception cref="DocumentException">No; it says why.</exception>
    public void Require(string document, Instant issuedAt, ReadOnlySpan<byte> file, Instant now, string key = "issuedAt")
    {
        if (issuedAt > now + MaxLead) throw new DocumentException($"{key} = '{issuedAt}': lies ahead of this node's time {now}; at most {MaxLead.TotalMinutes} min are accepted");
        lock (_gate)
        {
            if (!_editions.TryGetValue(document, out var last)) return;
            if (issuedAt < last.IssuedAt) throw new DocumentException($"{key} = '{issuedAt}': older than the edition of {last.IssuedAt} that was taken over before; sign a new one with a later {key}");
            if (issuedAt == last.IssuedAt && HashOf(file) != last.Hash) throw new DocumentException($"{key} = '{issuedAt}': another document of that time was taken over before; a new edition has a later {key}");
        }
    }

    /// <summary>Notes that an edition was taken over.</summary>
    /// <returns>Why it could not be written down; null when all is well.</returns>
    public string? Keep(string document, Instant issuedAt, ReadOnlySpan<byte> file)
    {
        lock (_gate)
        {
            var edition = new Edition(issuedAt, HashOf(file));
            if (_isWritten && _editions.TryGetValue(document, out var last) && last == edition) return null;
            _editions[document] = edition;
            return WriteDown_NeedsLock();
        }
    }

    /// <summary>May this calendar follow? Not when it, or one of the same bytes, was in force before and was replaced.</summary>
    /// <exception cref="DocumentException">No; it says why.</exception>
    public void RequireNotReplaced(ReadOnlySpan<byte> calendar)
    {
        var hash = HashOf(calendar);
        lock (_gate)
        {
            if (_calendars.Values.Any(c => c.Replaced.Contains(hash)))
                throw new DocumentException("an older edition: it was in force before, and a newer one took its place; to go back to what it says, sign it under a new version");
        }
    }

    /// <summary>Notes that a calendar is in force; the one before it is replaced from now on.</summary>
    /// <param name="market">The market it is of.</param>
    /// <param name="calendar">The file.</param>
    /// <param name="replaced">The file whose place it took, whether that was ever signed or not; null when it was in force already.</param>
    /// <returns>Why it could not be written down; null when all is well.</returns>
    public string? KeepCalendar(string market, ReadOnlySpan<byte> calendar, byte[]? replaced)
    {
        var hash = HashOf(calendar);
        lock (_gate)
        {
            var known = _calendars.GetValueOrDefault(market);
            List<string> over = [.. known?.Replaced ?? []];
            foreach (var before in new[] { known?.Current, replaced is null ? null : HashOf(replaced) })
                if (before is not null && before != hash && !over.Contains(before)) over.Add(before);
            if (_isWritten && known?.Current == hash && over.Count == known.Replaced.Count) return null;
            _calendars[market] = new CalendarEditions(hash, [.. over.TakeLast(MaxReplaced)]);
            return WriteDown_NeedsLock();
        }
    }

    /// <summary>The code that was accepted for a token before; null when none is known.</summary>
    /// <param name="asset">The token's CAIP-19 asset.</param>
    public string? CodeOf(string asset)
    {
        lock (_gate) return _codes.GetValueOrDefault(asset);
    }

    /// <summary>Notes the code that is accepted for tokens, in one step.</summary>
    /// <param name="codes">Hashes by asset: 0x and 64 hex digits.</param>
    /// <returns>Why it could not be written down; null when all is well.</returns>
    public string? KeepCodes(IReadOnlyDictionary<string, string> codes)
    {
        lock (_gate)
        {
            foreach (var (asset, code) in codes)
                if (_codes.Count < MaxCodes || _codes.ContainsKey(asset))
                    _codes[asset] = code;
            return WriteDown_NeedsLock() is { } problem ? $"The code of tokens that is accepted: {problem}." : null;
        }
    }

    private string? WriteDown_NeedsLock(string otherwise = "an older one would be taken over")
    {
        if (_file.Length == 0) return null;
        _isWritten = false;
        try
        {
            Write();
            _isWritten = true;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A pause that an operator wants now must not wait for a disk.
            return $"it is in force, but that cannot be written into Operator:StateFile '{_file}', so that after a restart {otherwise}: {e.Message}";
        }
    }

    private void Read()
    {
        var bytes = new FileInfo(_file).Length <= MaxBytes ? File.ReadAllBytes(_file) : throw new FormatException($"it is longer than {MaxBytes} bytes.");
        using var json = JsonDocument.Parse(bytes);
        var root = json.RootElement;
        if (root.GetProperty("format").GetString() != Format || root.GetProperty("version").GetInt32() != Version) throw new FormatException($"it is not {Format} version {Version}.");
        foreach (var document in root.GetProperty("documents").EnumerateObject())
        {
            var issuedAt = InstantPattern.ExtendedIso.Parse(document.Value.GetProperty("issuedAt").GetString() ?? "").GetValueOrThrow();
            _editions.Add(document.Name, new Edition(issuedAt, Hash(document.Value.GetProperty("keccak256"), document.Name)));
        }

        ReadMultipliers(root);

        // Neither is there in what was written before it was kept.
        if (root.TryGetProperty("codes", out var codes))
            foreach (var code in codes.EnumerateObject())
                _codes.Add(code.Name, Code(code.Value, code.Name));
        if (!root.TryGetProperty("calendars", out var calendars)) return;
        foreach (var market in calendars.EnumerateObject())
            _calendars.Add(market.Name, new CalendarEditions(Hash(market.Value.GetProperty("keccak256"), market.Name), [.. market.Value.GetProperty("replaced").EnumerateArray().Select(h => Hash(h, market.Name))]));
    }

    private static string Code(JsonElement element, string name)
    {
        var code = element.GetString() ?? "";
        return code.Length == 2 + (2 * Keccak256.Length) && code.StartsWith("0x", StringComparison.Ordinal) && code.Skip(2).All(char.IsAsciiHexDigitLower) ? code : throw new FormatException($"the code of {name} is no hash.");
    }

    private static string Hash(JsonElement element, string name)
    {
        var hash = element.GetString() ?? "";
        return hash.Length == 2 * Keccak256.Length && hash.All(char.IsAsciiHexDigitLower) ? hash : throw new FormatException($"the hash of {name} is none.");
    }

    private void Write()
    {
        var documents = new JsonObject();
        foreach (var (name, edition) in _editions.OrderBy(e => e.Key, StringComparer.Ordinal))
            documents.Add(name, new JsonObject { ["issuedAt"] = InstantPattern.ExtendedIso.Format(edition.IssuedAt), ["keccak256"] = edition.Hash });
        var calendars = new JsonObject();
        foreach (var (market, editions) in _calendars.OrderBy(e => e.Key, StringComparer.Ordinal))
            calendars.Add(market, new JsonObject { ["keccak256"] = editions.Current, ["replaced"] = new JsonArray([.. editions.Replaced.Select(h => (JsonNode)JsonValue.Create(h))]) });
        var codes = new JsonObject(_codes.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Key, (JsonNode?)JsonValue.Create(c.Value))));
        var text = new JsonObject { ["format"] = Format, ["version"] = Version, ["documents"] = documents, ["calendars"] = calendars, ["codes"] = codes, ["multipliers"] = WrittenMultipliers() }.ToJsonString();

        // In one step: whatever happens meanwhile, the file is the old one or the new one.
        var temporary = _file + ".new";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, _file, overwrite: true);
    }

    private static string HashOf(ReadOnlySpan<byte> file)
    {
        Span<byte> hash = stackalloc byte[Keccak256.Length];
        Keccak256.Hash(file, hash);
        return Convert.ToHexStringLower(hash);
    }

    private readonly record struct Edition(Instant IssuedAt, string Hash);

    private sealed record CalendarEditions(string Current, IReadOnlyList<string> Replaced);
}
