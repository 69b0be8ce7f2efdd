using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using OracleNode.Fixtures;
using OracleNode.Health;
using OracleNode.Market;

namespace OracleNode;

/// <summary>What an operator signs, a running node does: calendars from a file and a URL, commands up to the chains.</summary>
[Collection(GeneratedDay.Name)]
public sealed class HotReloadTests(GeneratedSystem system)
{
    private const string File = "calendar";
    private const string Url = "overnight-calendar";

    [Theory]
    [InlineData(File, "us-equities")]
    [InlineData(Url, "us-overnight")]
    public async Task Calendar_SignedAnew_IsTakenOverOrRefusedWithTheReason(string document, string shipped)
    {
        await system.UntilAsync("the shipped edition is good", () => Report(document).Problem is null);
        var accepted = Report(document).Accepted;
        Put(Edition("first", _ => { }));
        await system.UntilAsync("a new edition is in force", () => system.Snapshot.Surroundings.CalendarVersion.Contains($"{shipped} first", StringComparison.Ordinal) && Report(document) == new DocumentSnapshot(document, null, accepted + 1, Report(document).Refused));

        // A holiday lost by a slip of the pen.
        var refused = Report(document).Refused;
        Put(Edition("second", calendar => calendar["holidays"]!.AsObject().Remove("2026-12-25")));
        await system.UntilAsync("an edition that contradicts it without a reason is refused", () => Report(document).Refused == refused + 1);
        Assert.Contains("2026-12-2", Report(document).Problem);
        Assert.Contains("changes", Report(document).Problem);
        Assert.Contains($"Operator document {document} is not taken over", system.Describe());
        await AssertSaidAsync("2026-12-2");

        // The same with its reason, but by somebody else.
        var explained = Edition("third", calendar =>
        {
            calendar["holidays"]!.AsObject().Remove("2026-12-25");
            calendar["changes"] = new JsonObject { ["2026-12-24/2026-12-28"] = "a test" };
        });
        Put(explained, isByAStranger: true);
        await system.UntilAsync("an edition with a stranger's signature is refused", () => Report(document).Refused == refused + 2);
        Assert.Contains("signature", Report(document).Problem);
        await AssertSaidAsync("signature");
        Assert.Contains($"{shipped} first", system.Snapshot.Surroundings.CalendarVersion);

        Put(explained);
        await system.UntilAsync("the edition with its reason and signature is in force", () => system.Snapshot.Surroundings.CalendarVersion.Contains($"{shipped} third", StringComparison.Ordinal) && Report(document).Problem is null);
        await system.SettledAsync();

        JsonObject Edition(string version, Action<JsonObject> change)
        {
            var calendar = OperatorDesk.Shipped(shipped);
            calendar["version"] = $"{shipped} {version}";
            change(calendar);
            return calendar;
        }

        void Put(JsonObject edition, bool isByAStranger = false)
        {
            var calendar = Encoding.UTF8.GetBytes(edition.ToJsonString());
            if (document == File) system.Operator.PutCalendar(calendar, isByAStranger);
            else system.Operator.PutOvernight(calendar, isByAStranger);
        }
    }

    [Fact]
    public async Task Commands_Signed_TakeEffectOnEveryChainAndEnd()
    {
        await system.SettledAsync();
        Give("Pause");
        await system.UntilOnEveryChainAsync("is paused by the operator", "TSLA", r => r.State == (int)FeedState.Paused && (HoldReasons)r.HoldReasons == HoldReasons.Operator);
        Assert.All(system.Snapshot.Feeds.Where(f => f.Name is "AAPL" or "SPY"), f => Assert.Equal(FeedState.Live, f.State));
        Give("Resume");
        await system.UntilOnEveryChainAsync("is live again", "TSLA", r => r.IsFresh);

        Give("Halt");
        foreach (var halted in await system.UntilOnEveryChainAsync("is halted by the operator", "TSLA", r => r.HaltReason == (int)HaltReason.Operator))
            Assert.Equal((FeedState.Held, HoldReasons.Operator), ((FeedState)halted.State, (HoldReasons)halted.HoldReasons));
        Give("Resume");
        await system.UntilOnEveryChainAsync("is live after the halt", "TSLA", r => r.IsFresh && r.HaltReason == 0);

        // One that ends by itself.
        Give("Pause", until: system.In(Duration.FromSeconds(20)));
        await system.UntilOnEveryChainAsync("is paused for a while", "TSLA", r => r.State == (int)FeedState.Paused);
        await system.UntilOnEveryChainAsync("is live when that is over", "TSLA", r => r.IsFresh);
        Assert.Null(Report("commands").Problem);
        await system.SettledAsync();
    }

    private void Give(string action, Instant? until = null)
    {
        var command = new JsonObject { ["action"] = action, ["feed"] = "TSLA" };
        if (until is { } end) command["until"] = end.ToString();
        system.Operator.Give(system.Devnet.Clock.Now, command);
    }

    private DocumentSnapshot Report(string document) => system.Snapshot.Surroundings.Documents.Single(d => d.Kind == document);

    /// <summary>In <c>/readyz</c>, and as a metric.</summary>
    private async Task AssertSaidAsync(string word)
    {
        using var http = new HttpClient { BaseAddress = new Uri(system.Devnet.Node!.Urls.Single()), Timeout = TimeSpan.FromSeconds(20) };
        using var response = await http.GetAsync(new Uri("/readyz", UriKind.Relative), LocalSystem.Cancelled);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(LocalSystem.Cancelled));
        var condition = json.RootElement.GetProperty("conditions").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "operator documents");
        Assert.Contains(word, condition.GetProperty("detail").GetString());
        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), LocalSystem.Cancelled);
        Assert.Contains(metrics.Split('\n'), l => l.StartsWith("oracle_operator_document_good{", StringComparison.Ordinal) && l.EndsWith(" 0", StringComparison.Ordinal));
    }
}
