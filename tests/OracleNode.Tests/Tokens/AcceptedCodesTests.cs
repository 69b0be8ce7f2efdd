using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Operator;
using OracleNode.Pipeline;
using OracleNode.Replay;

namespace OracleNode.Tokens;

/// <summary>What code is accepted outlives the process.</summary>
public sealed class AcceptedCodesTests : IDisposable
{
    private static readonly string Code = "0x" + new string('1', 64), NewCode = "0x" + new string('2', 64);
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 10, 15, 0);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly Configuration.NodeSettings _settings = ReplayFixture.Settings();

    private string StateFile => Path.Combine(_folder.FullName, "state.json");

    /// <summary>The token that has code: on Ethereum.</summary>
    private int Token => _settings.Tokens.ToList().FindIndex(t => t.Asset.StartsWith("eip155:", StringComparison.Ordinal));

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A run of the node: reads the state file, sees these codes one after the other, writes.</summary>
    private (bool IsChanged, List<MarketInput> Recorded) Run(params string[] seen)
    {
        using var codes = new AcceptedCodes(_settings.Tokens, DocumentEditions.Open(StateFile), TimeProvider.System, NullLogger<AcceptedCodes>.Instance);
        var market = MarketFoldFactory.Create(_settings, ReplayFixture.Calendar());
        var recorder = new Recorder();
        var fold = new OracleFold(new PipelinePlan(market, [.. _settings.Feeds.Select(f => new FeedSlot(f.Feed))], [], 1, 1, 0, 0), new SilentReport(), recorder);
        TokenReadout? reading = null;
        var poll = new TokenPoll([.. _settings.Tokens.Select((_, i) => (Func<TokenReadout?>)(() => i == Token ? reading : null))], codes);
        foreach (var code in seen)
        {
            reading = new TokenReadout(null, false, code);
            poll.Poll(Now, fold);
            poll.Poll(Now, fold);
        }

        Assert.True(codes.WriteAll());
        return (market.InputsFor(3).IsCodeChanged, recorder.Inputs);
    }

    [Fact]
    public void Code_SeenBeforeARestart_IsTheOneThatIsAsked()
    {
        var (isChanged, recorded) = Run(Code);
        Assert.False(isChanged);
        Assert.DoesNotContain(recorded, i => i.TokenStatus.IsRemembered);
        Assert.Equal(Code, DocumentEditions.Open(StateFile).CodeOf(_settings.Tokens[Token].Asset));

        Assert.False(Run(Code).IsChanged);
        (isChanged, recorded) = Run(NewCode);
        Assert.True(isChanged);

        // A replay sees the same, in the same order.
        Assert.Equal([(Code, true), (NewCode, false)], recorded.Where(i => i.Kind == MarketInputKind.TokenStatus).Select(i => (i.TokenStatus.CodeHash!, i.TokenStatus.IsRemembered)));
        var names = new EventNames(_settings);
        using var writer = new EventWriter(names);
        Assert.Contains("\"remembered\":true", System.Text.Encoding.UTF8.GetString(writer.Line(ReplayEvent.Of(recorded[0]))), StringComparison.Ordinal);

        // Nobody has accepted it.
        Assert.Equal(Code, DocumentEditions.Open(StateFile).CodeOf(_settings.Tokens[Token].Asset));
        Assert.True(Run(NewCode).IsChanged);
    }

    [Fact]
    public void Code_ThatChangesInARun_IsNotRemembered()
    {
        Assert.True(Run(Code, NewCode).IsChanged);
        Assert.Equal(Code, DocumentEditions.Open(StateFile).CodeOf(_settings.Tokens[Token].Asset));
    }

    [Fact]
    public void Codes_Kept_LeaveTheEditionsAsTheyAre()
    {
        var state = DocumentEditions.Open(StateFile);
        Assert.Null(state.Keep("commands", Now, "one"u8));
        Assert.Null(state.KeepCodes(new Dictionary<string, string> { ["a"] = Code }));
        Assert.Null(state.Keep("commands", Now + Duration.FromSeconds(1), "two"u8));
        state = DocumentEditions.Open(StateFile);
        Assert.Equal(Code, state.CodeOf("a"));
        Assert.Throws<DocumentException>(() => state.Require("commands", Now, "one"u8, Now));

        File.WriteAllText(StateFile, File.ReadAllText(StateFile).Replace(Code, "0xzz", StringComparison.Ordinal));
        Assert.Contains("no hash", Assert.Throws<DocumentException>(() => DocumentEditions.Open(StateFile)).Message, StringComparison.Ordinal);
    }

    private sealed class Recorder : IInputRecorder
    {
        public List<MarketInput> Inputs { get; } = [];

        public void Record(in MarketInput input) => Inputs.Add(input);

        public void RecordTick(Instant now, bool everything)
        {
        }

        public void RecordRestore(Instant now, Feed feed, in Updates.FeedRecord record, ulong sequence)
        {
        }
    }
}
