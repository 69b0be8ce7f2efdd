using System.Text;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Operator;

public class StandingCommandsTests
{
    private static readonly Dictionary<string, FeedId> Feeds = new() { ["TSLA"] = new FeedId([.. Enumerable.Range(1, 32).Select(i => (byte)i)]) };

    private readonly StandingCommands _commands = new(Feeds);

    [Fact]
    public void Document_Taken_GivesWhatIsNewInItsOrder()
    {
        const string Pause = """{"id":"1","action":"Pause","feed":"TSLA","until":"2026-06-10T14:00:00Z","by":"alice","note":"split"}""";
        const string Resume = """{"id":"2","action":"Resume","feed":null,"by":"bob"}""";
        const string Confirm = """{"id":"3","action":"Confirm","feed":"TSLA","price":"40.05","until":"2026-06-10T14:00:00Z","by":"bob"}""";
        Assert.Equal([new OperatorCommand(OperatorAction.Pause, Feeds["TSLA"], default, Instant.FromUtc(2026, 6, 10, 14, 0), "alice", "split")], Take(Pause));
        Assert.Equal([OperatorAction.Resume, OperatorAction.Confirm], Take(Pause, Resume, Confirm).Select(c => c.Action));
        Assert.Empty(Take(Pause, Resume, Confirm));
        Assert.Empty(Take());

        // A restart: the document is the state.
        Assert.Equal(3, new StandingCommands(Feeds).Take(Text(Pause, Resume, Confirm)).Count);
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
    [InlineData("""{"commands":{}}""")]
    [InlineData("""{"commands":[]} x""")]
    [InlineData("""{"commands":[],"more":1}""")]
    [InlineData("""{"commands":[[[[[[[[[[1]]]]]]]]]]}""")]
    public void WhatIsNoDocument_Taken_IsRefused(string text) => Assert.Throws<DocumentException>(() => _commands.Take(Encoding.UTF8.GetBytes(text)));

    private IReadOnlyList<OperatorCommand> Take(params string[] commands) => _commands.Take(Text(commands));

    private static byte[] Text(params string[] commands) => Encoding.UTF8.GetBytes($$"""{"commands":[{{string.Join(',', commands)}}]}""");
}
