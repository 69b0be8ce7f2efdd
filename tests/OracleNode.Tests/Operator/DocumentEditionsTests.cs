using NodaTime;

namespace OracleNode.Operator;

/// <summary>What was replaced once does not come back, whether or not the node was restarted in between.</summary>
public sealed class DocumentEditionsTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 10, 13, 0);

    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-editions-").FullName;

    private string StateFile => Path.Combine(_folder, "editions.json");

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void OlderEdition_AfterARestart_IsRefused()
    {
        Assert.Null(Open().Keep("commands", Now, "new"u8));
        var restarted = Open();
        Assert.Contains("older than the edition", Refusal(restarted, "commands", Now - Duration.FromSeconds(1), "old"u8));
        Assert.Contains("another document", Refusal(restarted, "commands", Now, "other"u8));
        restarted.Require("commands", Now, "new"u8, Now);
        restarted.Require("commands", Now + Duration.FromSeconds(1), "newer"u8, Now);
        restarted.Require("corporate-actions", Now - Duration.FromDays(1), "of another kind"u8, Now);
    }

    [Fact]
    public void EditionOfTheFuture_Required_IsRefused() => Assert.Contains("ahead", Refusal(Open(), "commands", Now + DocumentEditions.MaxLead + Duration.FromSeconds(1), "x"u8));

    [Fact]
    public void TwoDocuments_Kept_AreBothThereAfterARestart()
    {
        var editions = Open();
        editions.Keep("commands", Now, "a"u8);
        editions.Keep("corporate-actions", Now - Duration.FromHours(1), "b"u8);
        var restarted = Open();
        Assert.NotEmpty(Refusal(restarted, "commands", Now - Duration.FromMinutes(30), "c"u8));
        restarted.Require("corporate-actions", Now - Duration.FromMinutes(30), "c"u8, Now);
    }

    [Fact]
    public void CalendarThatWasReplaced_AfterARestart_IsRefusedByWhicheverName()
    {
        var editions = Open();
        Assert.Null(editions.KeepCalendar("us-equities", "first"u8, "configured"u8.ToArray()));
        Assert.Null(editions.KeepCalendar("us-overnight", "night"u8, null));
        Assert.Null(editions.KeepCalendar("us-equities", "second"u8, "first"u8.ToArray()));
        foreach (var now in new[] { editions, Open() })
        {
            Assert.Contains("older edition", Assert.Throws<DocumentException>(() => now.RequireNotReplaced("first"u8)).Message);

            // The file that the first one took the place of, too: signed or not, it would bring back what was.
            Assert.Contains("older edition", Assert.Throws<DocumentException>(() => now.RequireNotReplaced("configured"u8)).Message);
            now.RequireNotReplaced("second"u8);
            now.RequireNotReplaced("night"u8);
            now.RequireNotReplaced("third"u8);
        }

        // After a restart the configured file runs first, and the edition in force follows it again.
        var restarted = Open();
        Assert.Null(restarted.KeepCalendar("us-equities", "second"u8, "configured"u8.ToArray()));
        restarted.RequireNotReplaced("second"u8);
    }

    [Fact]
    public void FileOfBeforeCalendarsWereKept_Opened_IsGood()
    {
        File.WriteAllText(StateFile, """{"format":"oraclenode-editions","version":1,"documents":{}}""");
        Assert.Null(Open().KeepCalendar("us-equities", "first"u8, null));
        Assert.Null(Open().KeepCalendar("us-equities", "second"u8, "first"u8.ToArray()));
        Assert.Throws<DocumentException>(() => Open().RequireNotReplaced("first"u8));
    }

    [Fact]
    public void FileThatCannotBeWritten_Kept_IsSaidUntilItCan()
    {
        Directory.CreateDirectory(StateFile + ".new");
        var editions = Open();
        Assert.Contains("StateFile", editions.Keep("commands", Now, "a"u8));
        Assert.Contains("StateFile", editions.Keep("commands", Now, "a"u8));
        Directory.Delete(StateFile + ".new");
        Assert.Null(editions.Keep("commands", Now, "a"u8));
        Assert.NotEmpty(Refusal(Open(), "commands", Now - Duration.FromSeconds(1), "b"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":"other","version":1,"documents":{}}""")]
    [InlineData("""{"format":"oraclenode-editions","version":2,"documents":{}}""")]
    [InlineData("""{"format":"oraclenode-editions","version":1,"documents":[]}""")]
    [InlineData("""{"format":"oraclenode-editions","version":1,"documents":{},"calendars":[]}""")]
    [InlineData("""{"format":"oraclenode-editions","version":1,"documents":{},"calendars":{"us-equities":{"keccak256":"00","replaced":[]}}}""")]
    [InlineData("""{"format":"oraclenode-editions","version":1,"documents":{"commands":{"issuedAt":"x","keccak256":"00"}}}""")]
    [InlineData("""{"format":"oraclenode-editions","version":1,"documents":{"commands":{"issuedAt":"2026-06-10T13:00:00Z","keccak256":"00"}}}""")]
    public void FileThatIsNone_Opened_SaysWhatToDo(string text)
    {
        File.WriteAllText(StateFile, text);
        Assert.Contains("OracleNode:Operator:StateFile", Assert.Throws<DocumentException>(Open).Message);
    }

    private DocumentEditions Open() => DocumentEditions.Open(StateFile);

    private static string Refusal(DocumentEditions editions, string document, Instant issuedAt, ReadOnlySpan<byte> file)
    {
        try
        {
            editions.Require(document, issuedAt, file, Now);
            return "";
        }
        catch (DocumentException e)
        {
            return e.Message;
        }
    }
}
