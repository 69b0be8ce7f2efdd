using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Commands;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Replay;
using OracleNode.Signing;

namespace OracleNode.Operator;

/// <summary>From signed files on disk into the fold.</summary>
public sealed class OperatorDocumentsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-documents-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SignedDocuments_Watched_AreInForceInTheFold()
    {
        var key = Path.Combine(_folder, "operator.pem");
        var publicKey = Convert.ToHexStringLower(KeyFile.Create(key));
        var calendar = JsonNode.Parse(ReplayFixture.CalendarJson())!.AsObject();
        calendar["version"] = "signed-2";
        await System.IO.File.WriteAllTextAsync(File("calendar.json"), calendar.ToJsonString(), TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllTextAsync(File("commands.json"), """{"issuedAt":"2026-06-10T12:00:00Z","commands":[{"id":"1","action":"Pause","feed":"TSLA","by":"alice"}]}""", TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllTextAsync(
            File("corporate-actions.json"),
            """{"issuedAt":"2026-06-10T12:00:00Z","actions":[{"reference":"1","ticker":"TSLA","kind":"Split","newShares":3,"oldShares":1,"effectiveOn":"2026-06-15","by":"alice","reason":"notice"}]}""",
            TestContext.Current.CancellationToken);
        var settings = ReplayFixture.Settings(
            ("Operator:CorporateActions", File("corporate-actions.json")), ("Operator:StateFile", File("editions.json")), ("Operator:PublicKeys:0", publicKey), ("Operator:Calendar", File("calendar.json")), ("Operator:Commands", File("commands.json")), ("OvernightCalendarFile", ""));
        foreach (var kind in new[] { "calendar", "commands", "corporate-actions" })
            Assert.Equal(0, OperatorCommands.Run(kind, key, settings.Options.Deployment, File(kind + ".json"), TextWriter.Null, TextWriter.Null));

        var inputs = new RareInputQueue(new PipelineSignal());
        var running = NodeHost.ReadCalendar(settings.Options);
        var clock = new SystemMarketClock(TimeProvider.System);
        using var documents = new OperatorDocuments(settings, running, inputs, clock, TimeProvider.System, NullLogger<OperatorDocuments>.Instance, DocumentEditions.Open(settings.Options.Operator.StateFile));
        await documents.StartAsync(TestContext.Current.CancellationToken);
        while (documents.Reports.Any(r => r.Report().Accepted == 0)) await Task.Delay(10, TestContext.Current.CancellationToken);
        await documents.StopAsync(TestContext.Current.CancellationToken);
        Assert.All(documents.Reports, r => Assert.Null(r.Report().Problem));

        var market = MarketFoldFactory.Create(settings, ReplayFixture.Calendar());
        var slots = settings.Feeds.Select(f => new FeedSlot(f.Feed)).ToList();
        var recorder = new Inputs();
        inputs.Drain(clock.Now, new OracleFold(new PipelinePlan(market, slots, [], 1, 1, 0, 0), recorder, recorder));
        Assert.Equal("signed-2", market.Calendar.Version);
        Assert.Equal(OperatorOrder.Pause, market.InputsFor(0).Operator);
        Assert.Equal(OperatorOrder.None, market.InputsFor(1).Operator);
        Assert.Equal([MarketInputKind.Calendar, MarketInputKind.Operator, MarketInputKind.CorporateAction], recorder.Kinds.Order());
    }

    [Fact]
    public async Task ReplacedCalendar_SignedAndReplayedAfterARestart_IsRefused()
    {
        var key = Path.Combine(_folder, "operator.pem");
        var publicKey = Convert.ToHexStringLower(KeyFile.Create(key));
        var settings = ReplayFixture.Settings(("Operator:StateFile", File("editions.json")), ("Operator:PublicKeys:0", publicKey), ("Operator:Calendar", File("calendar.json")), ("OvernightCalendarFile", ""));
        Put("first");
        var (old, oldSignature) = (await System.IO.File.ReadAllBytesAsync(File("calendar.json"), TestContext.Current.CancellationToken), await System.IO.File.ReadAllBytesAsync(File("calendar.json.sig"), TestContext.Current.CancellationToken));
        Assert.Equal((null, "first"), await RunAsync());
        Put("second");
        Assert.Equal((null, "second"), await RunAsync());
        Assert.Equal((null, "second"), await RunAsync());

        await System.IO.File.WriteAllBytesAsync(File("calendar.json"), old, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllBytesAsync(File("calendar.json.sig"), oldSignature, TestContext.Current.CancellationToken);
        var (problem, version) = await RunAsync();
        Assert.Contains("older edition", problem);
        Assert.NotEqual("first", version);

        void Put(string edition)
        {
            var calendar = JsonNode.Parse(ReplayFixture.CalendarJson())!.AsObject();
            calendar["version"] = edition;
            System.IO.File.WriteAllText(File("calendar.json"), calendar.ToJsonString());
            Assert.Equal(0, OperatorCommands.Run("calendar", key, settings.Options.Deployment, File("calendar.json"), TextWriter.Null, TextWriter.Null));
        }

        // A node that starts, looks once and ends.
        async Task<(string? Problem, string Version)> RunAsync()
        {
            var running = NodeHost.ReadCalendar(settings.Options);
            using var documents = new OperatorDocuments(
                settings, running, new RareInputQueue(new PipelineSignal()), new SystemMarketClock(TimeProvider.System), TimeProvider.System, NullLogger<OperatorDocuments>.Instance, DocumentEditions.Open(settings.Options.Operator.StateFile));
            await documents.StartAsync(TestContext.Current.CancellationToken);
            var report = documents.Reports.Single();
            while (report.Report() is { Accepted: 0, Refused: 0 }) await Task.Delay(10, TestContext.Current.CancellationToken);
            await documents.StopAsync(TestContext.Current.CancellationToken);
            return (report.Report().Problem, running.Current.Calendar.Version);
        }
    }

    [Theory]
    [InlineData("commands", """{"commands":[]}""", "issuedAt")]
    [InlineData("commands", """{"issuedAt":"2026-06-10T12:00:00Z","commands":[{"id":"1","action":"Stop","feed":"ANY","by":"alice"}]}""", "commands[0].action = 'Stop'")]
    [InlineData("commands", """{"issuedAt":"2026-06-10T12:00:00Z","commands":[{"id":"1","action":"Pause","feed":"ANY","by":"alice"},{"id":"1","action":"Resume","feed":"ANY","by":"alice"}]}""", "commands[1].id = '1': occurs twice")]
    [InlineData("commands", """{"issuedAt":"2026-06-10T12:00:00Z","commands":[{"id":"1","action":"Confirm","price":"1","by":"alice"}]}""", "a Confirm needs 'feed' and 'until'")]
    [InlineData("corporate-actions", """{"issuedAt":"2026-06-10T12:00:00Z","actions":[{"reference":"1","ticker":"ANY","kind":"Split","effectiveOn":"2026-06-15","by":"alice","reason":"notice"}]}""", "a Split needs 'newShares' and 'oldShares'")]
    [InlineData("corporate-actions", """{"issuedAt":"2026-06-10T12:00:00Z","actions":[{"reference":"1","figi":"BBG","kind":"Other","effectiveOn":"2026-06-15","by":"alice","reason":"notice"}]}""", "'mic' is missing")]
    [InlineData("corporate-actions", "not JSON", "not JSON")]
    public void MalformedDocument_Signed_IsRefusedWithItsPlace(string kind, string text, string complaint)
    {
        var key = Path.Combine(_folder, "operator.pem");
        KeyFile.Create(key);
        System.IO.File.WriteAllText(File("document.json"), text);
        using var error = new StringWriter();
        Assert.Equal(1, OperatorCommands.Run(kind, key, "test", File("document.json"), TextWriter.Null, error));
        Assert.Contains(complaint, error.ToString(), StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File("document.json.sig")));
    }

    [Theory]
    [InlineData("commands", """{"issuedAt":"2026-06-10T12:00:00Z","commands":[{"id":"1","action":"Pause","feed":"ANY","by":"alice"}]}""")]
    [InlineData("corporate-actions", """{"issuedAt":"2026-06-10T12:00:00Z","actions":[{"reference":"1","ticker":"ANY","kind":"Split","newShares":3,"oldShares":1,"effectiveOn":"2026-06-15","by":"alice","reason":"notice"}]}""")]
    public void DocumentOfAnyNames_Signed_IsLeftToTheNode(string kind, string text)
    {
        var key = Path.Combine(_folder, "operator.pem");
        KeyFile.Create(key);
        System.IO.File.WriteAllText(File("document.json"), text);
        Assert.Equal(0, OperatorCommands.Run(kind, key, "test", File("document.json"), TextWriter.Null, TextWriter.Null));
    }

    private string File(string name) => Path.Combine(_folder, name);

    private sealed class Inputs : IInputRecorder, IFoldReport
    {
        public List<MarketInputKind> Kinds { get; } = [];

        public void Record(in MarketInput input) => Kinds.Add(input.Kind);
        public void RecordTick(Instant now, bool everything) { }
        public void RecordRestore(Instant now, Feed feed, in Updates.FeedRecord record, ulong sequence) { }
        public void FeedStopped(string feed, string problem, Exception? cause) { }
        public void FeedNotPublished(string feed, string problem) { }
        public void GuardStopped(string problem, Exception? cause) { }
        public void ChainNotCredible(string chain, string problem) { }
        public void PlanFault(string chain, Exception cause) { }
        public void Changed(int feed, in FeedTransition transition) { }
        public void Alarm(string? feed, AlarmKind kind, string message) { }
        public void MarketDistrusted(string problem) { }
        public void MarketTrusted(string problem) { }
        public void Restored(int restored, int feeds) { }
    }
}
