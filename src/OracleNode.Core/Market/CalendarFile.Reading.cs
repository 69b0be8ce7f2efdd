using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace OracleNode.Market;

internal sealed partial record CalendarFile
{
    /// <summary>The market of the listing exchanges: pre-market, regular, post-market.</summary>
    public const string UsEquities = "us-equities";

    /// <summary>The overnight venue's.</summary>
    public const string UsOvernight = "us-overnight";

    /// <summary>One that never closes: tokens on chain.</summary>
    public const string AlwaysOpen = "always-open";

    // Far more than any exchange announces ahead; keeps a mistyped year from building a table of millions.
    private const int MaxYears = 100;

    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    private static readonly string[] Keys =
        ["version", "validFrom", "validUntil", "tradeDateStart", "sessions", "holidays", "unscheduledClosures", "earlyCloses"];

    // What a file may leave out: which market it is, its days of rest, and what it changes of the edition before it.
    private static readonly string[] OptionalKeys = ["market", "weekend", "changes"];

    private static readonly IsoDayOfWeek[] DefaultWeekend = [IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday];

    private static readonly string[] TableKeys = ["from", "fullDay", "earlyCloseDay"];
    private static readonly string[] SpanKeys = ["session", "start", "end"];

    /// <summary>One market's calendar, or <c>{"listed": {...}, "overnight": {...}}</c>: what a share trades by.</summary>
    /// <exception cref="CalendarException">It is not a calendar.</exception>
    public static (CalendarFile File, CalendarFile? Overnight) Read(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8Json.ToArray(), new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("listed", out var listed)) return (Read(root), null);
            RequireKeys(root, "the file", ["listed", "overnight"]);
            return (Read(listed), Read(root.GetProperty("overnight")));
        }
        catch (JsonException e)
        {
            throw new CalendarException($"Line {e.LineNumber + 1}, byte {e.BytePositionInLine}: not JSON ({e.Message}). A calendar file is one JSON object.", e);
        }
        catch (InvalidOperationException e)
        {
            // How JsonElement says that a text is not valid UTF-8 or has half a surrogate pair.
            throw new CalendarException($"Calendar: a text in it is not Unicode ({e.Message}). A calendar file is UTF-8.", e);
        }
    }

    private static CalendarFile Read(JsonElement root)
    {
        RequireKeys(root, "the file", Keys, OptionalKeys);
        var market = root.TryGetProperty("market", out _) ? Text(root, "market", "market") : UsEquities;
        if (market is not (UsEquities or UsOvernight or AlwaysOpen)) throw Wrong("market", market, $"{UsEquities}, {UsOvernight} or {AlwaysOpen}");
        var version = Text(root, "version", "version");
        var validFrom = Date(Text(root, "validFrom", "validFrom"), "validFrom");
        var validUntil = Date(Text(root, "validUntil", "validUntil"), "validUntil");
        if (validUntil < validFrom || validUntil.Year - validFrom.Year > MaxYears)
        {
            throw Wrong("validUntil", DateText(validUntil), $"a date from validFrom ({DateText(validFrom)}) to {MaxYears} years after it");
        }

        var tradeDateStart = Time(Text(root, "tradeDateStart", "tradeDateStart"), "tradeDateStart");
        var tables = ReadTables(root.GetProperty("sessions"), validFrom, tradeDateStart);

        var weekend = root.TryGetProperty("weekend", out var rest) ? ReadWeekend(rest) : DefaultWeekend.ToHashSet();
        var days = new Dictionary<LocalDate, string>();
        var closures = new Dictionary<LocalDate, ClosedReason>();
        foreach (var date in Days(root, "holidays", validFrom, validUntil, weekend, days)) closures.Add(date, ClosedReason.Holiday);
        foreach (var date in Days(root, "unscheduledClosures", validFrom, validUntil, weekend, days)) closures.Add(date, ClosedReason.Unscheduled);
        var earlyCloses = Days(root, "earlyCloses", validFrom, validUntil, weekend, days).ToHashSet();

        return new CalendarFile(market, version, validFrom, validUntil, tradeDateStart, tables, closures, earlyCloses, weekend, ReadChanges(root));
    }

    private static HashSet<IsoDayOfWeek> ReadWeekend(JsonElement list)
    {
        RequireKind(list, JsonValueKind.Array, "weekend", "a list of days of the week");
        var days = new HashSet<IsoDayOfWeek>();
        foreach (var item in list.EnumerateArray())
        {
            var place = $"weekend[{days.Count}]";
            var name = item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText();
            var day = DayOfWeek(name) ?? throw Wrong(place, name, "a day of the week, Monday to Sunday");
            if (!days.Add(day)) throw Wrong(place, name, "each day once");
        }

        return days.Count < 7 ? days : throw Wrong("weekend", "all seven days", "at most six days: a market that never opens has no calendar");
    }

    private static IsoDayOfWeek? DayOfWeek(string name)
    {
        for (var day = IsoDayOfWeek.Monday; day <= IsoDayOfWeek.Sunday; day++)
            if (name == day.ToString())
                return day;
        return null;
    }

    private static List<CalendarChange> ReadChanges(JsonElement root)
    {
        var changes = new List<CalendarChange>();
        if (!root.TryGetProperty("changes", out var list)) return changes;
        RequireKind(list, JsonValueKind.Object, "changes", "an object of trade dates and why each is not as before");
        foreach (var property in list.EnumerateObject())
        {
            var place = $"changes.{property.Name}";
            if (property.Value.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(property.Value.GetString()))
            {
                throw Wrong(place, property.Value.GetRawText(), "the reason of the change");
            }

            changes.Add(CalendarChange.TryParse(property.Name, property.Value.GetString()!)
                ?? throw Wrong(place, property.Name, "a trade date (yyyy-MM-dd), two with a / between them, or one with /.. for every date from it on"));
        }

        return changes;
    }

    /// <summary>The dates that are the keys of an object, their names the values. No date may stand in two lists.</summary>
    private static List<LocalDate> Days(JsonElement root, string key, LocalDate from, LocalDate until, HashSet<IsoDayOfWeek> weekend, Dictionary<LocalDate, string> seen)
    {
        var list = root.GetProperty(key);
        RequireKind(list, JsonValueKind.Object, key, "an object of dates and their names");
        var dates = new List<LocalDate>();
        foreach (var property in list.EnumerateObject())
        {
            var place = $"{key}.{property.Name}";
            if (property.Value.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(property.Value.GetString()))
            {
                throw Wrong(place, property.Value.GetRawText(), "the day's name");
            }

            var date = Date(property.Name, place);
            if (date < from || date > until) throw Wrong(place, property.Name, $"a date from {DateText(from)} to {DateText(until)}");
            if (weekend.Contains(date.DayOfWeek)) throw Wrong(place, property.Name, $"a weekday; it is a {date.DayOfWeek}");
            if (!seen.TryAdd(date, key)) throw Wrong(place, property.Name, $"a date that is not also in {seen[date]}");
            dates.Add(date);
        }

        return dates;
    }

    private static List<SessionTable> ReadTables(JsonElement list, LocalDate validFrom, LocalTime tradeDateStart)
    {
        RequireKind(list, JsonValueKind.Array, "sessions", "a list of session tables");
        var tables = new List<SessionTable>();
        foreach (var item in list.EnumerateArray())
        {
            var place = $"sessions[{tables.Count}]";
            RequireKeys(item, place, TableKeys);
            var from = Date(Text(item, "from", $"{place}.from"), $"{place}.from");
            if (tables.Count == 0 && from > validFrom)
            {
                throw Wrong($"{place}.from", DateText(from), $"validFrom ({DateText(validFrom)}) or before, in the first table");
            }

            if (tables.Count > 0 && from <= tables[^1].From)
            {
                throw Wrong($"{place}.from", DateText(from), $"a date after the table before it ({DateText(tables[^1].From)})");
            }

            tables.Add(new SessionTable(
                from,
                Spans(item.GetProperty("fullDay"), $"{place}.fullDay", tradeDateStart),
                Spans(item.GetProperty("earlyCloseDay"), $"{place}.earlyCloseDay", tradeDateStart)));
        }

        return tables.Count > 0 ? tables : throw Wrong("sessions", "[]", "at least one session table");
    }

    private static List<SessionSpan> Spans(JsonElement list, string place, LocalTime tradeDateStart)
    {
        RequireKind(list, JsonValueKind.Array, place, "a list of sessions");
        var spans = new List<SessionSpan>();
        foreach (var item in list.EnumerateArray())
        {
            var here = $"{place}[{spans.Count}]";
            RequireKeys(item, here, SpanKeys);
            var session = Session(Text(item, "session", $"{here}.session"), $"{here}.session");
            var startText = Text(item, "start", $"{here}.start");
            var endText = Text(item, "end", $"{here}.end");
            var start = MinutesInto(tradeDateStart, Time(startText, $"{here}.start"));
            var end = MinutesInto(tradeDateStart, Time(endText, $"{here}.end"));
            if (end == 0) end = MinutesPerDay;
            if (spans.Count > 0 && start < spans[^1].EndMinute) throw Wrong($"{here}.start", startText, "not before the end of the session before it");
            if (end <= start) throw Wrong($"{here}.end", endText, $"after its start ({startText}), within the trade date");
            spans.Add(new SessionSpan(session, start, end));
        }

        return spans.Count > 0 ? spans : throw Wrong(place, "[]", "at least one session");
    }

    private static int MinutesInto(LocalTime tradeDateStart, LocalTime time)
    {
        var minutes = (time.Hour * 60) + time.Minute - (tradeDateStart.Hour * 60) - tradeDateStart.Minute;
        return minutes < 0 ? minutes + MinutesPerDay : minutes;
    }

    private static MarketSession Session(string name, string place) => name switch
    {
        "PreMarket" => MarketSession.PreMarket,
        "Regular" => MarketSession.Regular,
        "PostMarket" => MarketSession.PostMarket,
        "Overnight" => MarketSession.Overnight,
        _ => throw Wrong(place, name, "PreMarket, Regular, PostMarket or Overnight"),
    };

    private static LocalDate Date(string text, string place)
    {
        var parsed = LocalDatePattern.Iso.Parse(text);
        return parsed.Success && parsed.Value.Year is > 1900 and < 3000
            ? parsed.Value
            : throw Wrong(place, text, "an existing date as yyyy-MM-dd");
    }

    private static LocalTime Time(string text, string place)
    {
        var parsed = TimeOfDay.Parse(text);
        return parsed.Success ? parsed.Value : throw Wrong(place, text, "a New York time of day as HH:mm");
    }

    private static string DateText(LocalDate date) => LocalDatePattern.Iso.Format(date);

    private static string Text(JsonElement parent, string key, string place)
    {
        var value = parent.GetProperty(key);
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw Wrong(place, value.GetRawText(), "a text that is not empty");
    }

    /// <summary>Exactly these keys, each once: a misspelt one must not silently leave a holiday out.</summary>
    private static void RequireKeys(JsonElement element, string place, string[] keys, string[]? optional = null)
    {
        string[] known = [.. keys, .. optional ?? []];
        RequireKind(element, JsonValueKind.Object, place, $"an object with {string.Join(", ", keys)}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal)) throw Wrong(place, property.Name, $"one of the keys {string.Join(", ", known)}");
            if (!seen.Add(property.Name)) throw Wrong(place, property.Name, "each key once");
        }

        foreach (var key in keys)
        {
            if (!seen.Contains(key)) throw Wrong(place, $"no {key}", $"all of the keys {string.Join(", ", keys)}");
        }
    }

    private static void RequireKind(JsonElement element, JsonValueKind kind, string place, string right)
    {
        if (element.ValueKind != kind) throw Wrong(place, element.GetRawText(), right);
    }

    private static CalendarException Wrong(string place, string found, string right)
    {
        const int MaxQuoted = 80;
        var quoted = found.Length > MaxQuoted ? string.Concat(found.AsSpan(0, MaxQuoted), "...") : found;
        return new CalendarException($"Calendar, {place}: found '{quoted}', must be {right}.");
    }
}
