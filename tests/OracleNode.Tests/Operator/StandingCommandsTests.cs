using System.Text;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Operator;

public class StandingCommandsTests
{
    private static readonly Dictionary<string, FeedId> Feeds = new() { ["TSLA"] = new FeedId([.. Enumerable.Range(1, 32).Select(i => (byte)i)]) };

    private static readonly Instant Now = Instant.FromUtc(2026, 6, 10, 13, 0);

    private readonly StandingCommands _commands = new(Feeds, DocumentEditions.Open(""));
    private int _edition;

    [Fact]
    public void Document_Taken_GivesWhatIsNewInItsOrder()
    {
        const string Pause = """{"id":"1","action":"Pause","feed":"TSLA","until":"2026-06-10T14:00:00Z","by":"alice","note":"split"}""";
        const string Resume = """{"id":"2","action":"Resume","feed":null,"by":"bob"}""";
        const string Confirm = """{"id":"3","action":"Confirm","feed":"TSLA","price":"40.05","until":"2026-06-10T14:00:00Z","by":"bob"}""";
        Assert.Equal([new OperatorCommand(OperatorAction.Pause, Feeds["TSLA"], default, Instant.FromUtc(2026, 6, 10, 14, 0), "alice", "split")], Take(Pause));
        Assert.Equal([OperatorAction.Resume, OperatorAction.Confirm], Take(Pause, Resume, Confirm).Select(c => c.Action));
        Assert.Empty(Take(Pause, Resume, Confirm));

        // A restart: the document is the state.
        Assert.Equal(3, new StandingCommands(Feeds, DocumentEditions.Open("")).Take(Text(1, Pause, Resume, Confirm), Now, _ => true).Fresh.Count);
    }

    [Fact]
    public void CommandThatThePipelineHasNoRoomFor_Taken_IsOfferedAgainInItsOrder()
    {
        var text = Text(1,
            """{"id":"1","action":"Pause","feed":"TSLA","by":"alice"}""", """{"id":"2","action":"Resume","feed":"TSLA","by":"alice"}""", """{"id":"3","action":"Halt","feed":"TSLA","by":"alice"}""");
        var room = 1;
        var (given, warning) = _commands.Take(text, Now, _ => room-- > 0);
        Assert.Equal(OperatorAction.Pause, Assert.Single(given).Action);
        Assert.Contains("2 command(s) are not given yet", warning);

        (given, warning) = _commands.Take(text, Now, _ => true);
        Assert.Equal([OperatorAction.Resume, OperatorAction.Halt], given.Select(c => c.Action));
        Assert.Null(warning);
        Assert.Empty(_commands.Take(text, Now, _ => true).Fresh);
    }

    [Fact]
    public void StandingCommand_LeftOut_IsRefusedUntilItIsOverOrUndone()
    {
        const string Pause = """{"id":"1","action":"Pause","feed":"TSLA","until":"2026-06-10T14:00:00Z","by":"alice"}""";
        const string Resume = """{"id":"2","action":"Resume","feed":"TSLA","by":"alice"}""";
        Take(Pause);
        Assert.Contains("a Pause until 2026-06-10T14:00:00Z", Assert.Throws<DocumentException>(() => Take()).Message);
        Assert.Contains("a Pause", Assert.Throws<DocumentException>(() => Take(Resume, Pause)).Message);
        Assert.Single(Take(Pause, Resume));
        Assert.Empty(Take());

        var other = new StandingCommands(Feeds, DocumentEditions.Open(""));
        other.Take(Text(1, Pause), Now, _ => true);
        Assert.Empty(other.Take(Text(2), Now + Duration.FromHours(1), _ => true).Fresh);
    }

    [Fact]
    public void OlderEdition_Taken_IsRefused()
    {
        const string Pause = """{"id":"1","action":"Pause","feed":"TSLA","by":"alice"}""";
        const string Resume = """{"id":"2","action":"Resume","feed":"TSLA","by":"alice"}""";
        var first = Text(1, Pause);
        _commands.Take(first, Now, _ => true);
        _commands.Take(Text(2, Pause, Resume), Now, _ => true);
        Assert.Contains("older than the edition", Assert.Throws<DocumentException>(() => _commands.Take(first, Now, _ => true)).Message);
    }

    [Theory]
    [InlineData("""{"id":"1","action":"Stop","by":"a"}""", "Pause, Resume")]
    [InlineData("""{"id":"1","action":"1","by":"a"}""", "Pause, Resume")]
    [InlineData("""{"id":"","action":"Pause","by":"a"}""", "id")]
    [InlineData("""{"action":"Pause","by":"a"}""", "'id' is missing")]
    [InlineData("""{"id":"1","action":"Pause"}""", "'by' is missing")]
    [InlineData("""{"id":"1","action":"Pause","feed":"TSLQ","by":"a"}""", "TSLA")]
    [InlineData("""{"id":"1","action":"Pause","feed":7,"by":"a"}""", "a string")]
    [InlineData("""{"id":"1","action":"Pause","price":"1","by":"a"}""", "price")]
    [InlineData("""{"id":"1","action":"Confirm","feed":"TSLA","until":"2026-06-10T14:00:00Z","by":"a"}""", "price")]
    [InlineData("""{"id":"1","action":"Confirm","feed":"TSLA","price":"1","by":"a"}""", "until")]
    [InlineData("""{"id":"1","action":"Confirm","price":"1","until":"2026-06-10T14:00:00Z","by":"a"}""", "feed")]
    [InlineData("""{"id":"1","action":"Confirm","feed":"TSLA","price":"-1","until":"2026-06-10T14:00:00Z","by":"a"}""", "positive")]
    [InlineData("""{"id":"1","action":"Resume","until":"2026-06-10T14:00:00Z","by":"a"}""", "no end")]
    [InlineData("""{"id":"1","action":"Pause","until":"tomorrow","by":"a"}""", "a time like")]
    [InlineData("""{"id":"1","action":"Pause","by":"a","x":1}""", "no 'x'")]
    [InlineData("""{"id":"1","id":"2","action":"Pause","by":"a"}""", "twice")]
    [InlineData("""{"id":"1","action":"Pause","by":"a\u0000"}""", "control")]
    [InlineData("""{"id":"1","action":"Pause","by":"\ud800"}""", "text")]
    [InlineData("""{"id":"1","action":"Pause","by":"a"},{"id":"1","action":"Pause","by":"a"}""", "twice")]
    [InlineData("7", "object")]
    public void WrongCommand_Taken_RefusesTheWholeDocument(string command, string expected)
    {
        var error = Assert.Throws<DocumentException>(() => Take("""{"id":"0","action":"Pause","by":"a"}""", command));
        Assert.Contains(expected, error.Message);
        Assert.Single(Take("""{"id":"0","action":"Pause","by":"a"}"""));
    }

    [Fact]
    public void IdWithOtherContent_Taken_IsRefused()
    {
        Take("""{"id":"1","action":"Pause","by":"a"}""");
        Assert.Contains("other content", Assert.Throws<DocumentException>(() => Take("""{"id":"1","action":"Retire","by":"a"}""")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"commands":[]}""")]
    [InlineData("""{"issuedAt":"2026-06-10T12:00:00Z"}""")]
    [InlineData("""{"issuedAt":"yesterday","commands":[]}""")]
    [InlineData("""{"issuedAt":"2026-06-10T13:06:00Z","commands":[]}""")]
    [InlineData("""{"issuedAt":"2026-06-10T12:00:00Z","commands":{}}""")]
    [InlineData("""{"issuedAt":"2026-06-10T12:00:00Z","commands":[]} x""")]
    [InlineData("""{"issuedAt":"2026-06-10T12:00:00Z","commands":[],"more":1}""")]
    [InlineData("""{"issuedAt":"2026-06-10T12:00:00Z","commands":[[[[[[[[[[1]]]]]]]]]]}""")]
    public void WhatIsNoDocument_Taken_IsRefused(string text) => Assert.Throws<DocumentException>(() => _commands.Take(Encoding.UTF8.GetBytes(text), Now, _ => true));

    private IReadOnlyList<OperatorCommand> Take(params string[] commands) => _commands.Take(Text(++_edition, commands), Now, _ => true).Fresh;

    private static byte[] Text(int edition, params string[] commands) =>
        Encoding.UTF8.GetBytes($$"""{"issuedAt":"2026-06-10T12:00:{{edition:D2}}Z","commands":[{{string.Join(',', commands)}}]}""");
}
