using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSec.Cryptography;
using OracleNode.Commands;
using OracleNode.Signing;

namespace OracleNode.Operator;

public sealed class SignedDocumentTests : IDisposable
{
    private const string One = """{"issuedAt":"2026-06-10T12:00:00Z","commands":[]}""";
    private const string Two = """{"issuedAt":"2026-06-10T12:00:01Z","commands":[]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-operator-").FullName;
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private readonly List<string> _taken = [];
    private readonly PublicKey _key;
    private string? _refusal;
    private string? _warning;

    public SignedDocumentTests()
    {
        Assert.True(DocumentSignature.TryParseKey("0x" + Convert.ToHexStringLower(KeyFile.Create(KeyPath)), out _key));
        File.WriteAllText(DocumentPath, One);
    }

    private string KeyPath => Path.Combine(_folder, "operator.pem");

    private string DocumentPath => Path.Combine(_folder, "commands.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SignedByTheVerb_Looked_IsTakenOverOnce()
    {
        Sign();
        using var document = Document();
        await document.LookAsync(TestContext.Current.CancellationToken);
        await document.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal([One], _taken);
        Assert.Null(document.Report().Problem);

        File.WriteAllText(DocumentPath, Two);
        Sign();
        await document.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal([One, Two], _taken);
        Assert.Equal((2, 0), (document.Report().Accepted, document.Report().Refused));
    }

    [Theory]
    [InlineData("calendar", "test", "commands.json")]
    [InlineData("commands", "production", "commands.json")]
    public async Task SignedForAnotherKindOrDeployment_Looked_IsRefused(string kind, string deployment, string file)
    {
        var signature = DocumentSignature.Sign(
            KeyFile.Read(KeyPath), kind == "calendar" ? DocumentKind.Calendar : DocumentKind.Commands, deployment, await File.ReadAllBytesAsync(Path.Combine(_folder, file), TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(DocumentPath + ".sig", Convert.ToBase64String(signature), TestContext.Current.CancellationToken);
        await AssertRefusedAsync("signature");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not hex at all")]
    [InlineData("00")]
    public async Task SignatureThatIsNone_Looked_IsRefused(string signature)
    {
        await File.WriteAllTextAsync(DocumentPath + ".sig", signature, TestContext.Current.CancellationToken);
        await AssertRefusedAsync("signature");
    }

    [Fact]
    public async Task DocumentChangedAfterwards_Looked_IsRefused_AndTakenWhenSignedAgain()
    {
        Sign();
        await File.AppendAllTextAsync(DocumentPath, "\n", TestContext.Current.CancellationToken);
        using var document = Document();
        await LookAsync(document);
        Assert.Contains("signature", document.Report().Problem);
        Sign();
        await LookAsync(document);
        Assert.Equal((null, 1L), (document.Report().Problem, document.Report().Refused));
        Assert.Equal([One + "\n"], _taken);
    }

    [Fact]
    public async Task KeyOfSomebodyElse_Looked_IsRefused()
    {
        var other = Path.Combine(_folder, "other.pem");
        KeyFile.Create(other);
        Sign(other);
        await AssertRefusedAsync("PublicKeys");
    }

    [Fact]
    public async Task RefusedByContent_Looked_SaysWhyAndStaysSo()
    {
        Sign();
        _refusal = "it ends too soon";
        using var document = Document();
        await LookAsync(document);
        await LookAsync(document);
        Assert.Equal(("it ends too soon", 1L), (document.Report().Problem, document.Report().Refused));
    }

    [Fact]
    public async Task TakenWithAWarning_Looked_SaysSoAndIsTriedAgainUntilItIsOver()
    {
        Sign();
        _warning = "the disk is full";
        using var document = Document();
        await LookAsync(document);
        Assert.Equal(("the disk is full", 0L), (document.Report().Problem, document.Report().Refused));
        _warning = null;
        await LookAsync(document);
        Assert.Null(document.Report().Problem);
        Assert.Equal([One, One], _taken);
    }

    [Fact]
    public async Task MissingFile_Looked_IsSaid()
    {
        using var document = Document();
        await LookAsync(document);
        Assert.Contains("operator sign", document.Report().Problem);
        File.Delete(DocumentPath);
        await LookAsync(document);
        Assert.Contains("there is no file", document.Report().Problem);
    }

    [Fact]
    public void Verb_WithACalendarThatIsNone_SignsNothing()
    {
        var error = new StringWriter();
        Assert.Equal(1, OperatorCommands.Run("calendar", KeyPath, "test", DocumentPath, TextWriter.Null, error));
        Assert.Contains("not signed", error.ToString());
        Assert.False(File.Exists(DocumentPath + ".sig"));
    }

    [Fact]
    public void Message_IsPinned() =>
        Assert.Equal(
            "OracleNodeOperator",
            System.Text.Encoding.ASCII.GetString(DocumentSignature.Message(DocumentKind.Commands, "test", "{}"u8)[..18]));

    private async Task AssertRefusedAsync(string word)
    {
        using var document = Document();
        await LookAsync(document);
        Assert.Contains(word, document.Report().Problem);
        Assert.Empty(_taken);
    }

    private async Task LookAsync(SignedDocument document)
    {
        var looking = document.LookAsync(TestContext.Current.CancellationToken);
        while (!looking.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await looking;
    }

    private SignedDocument Document() => new(
        DocumentKind.Commands, "commands", "test", [_key], new DocumentLocation(DocumentPath, TimeSpan.FromSeconds(1), _time), Take, _time, NullLogger.Instance);

    private DocumentTaken Take(ReadOnlyMemory<byte> file)
    {
        if (_refusal is { } refusal) throw new DocumentException(refusal);
        _taken.Add(System.Text.Encoding.UTF8.GetString(file.Span));
        return new DocumentTaken("it", _warning);
    }

    private void Sign(string? key = null)
    {
        var error = new StringWriter();
        Assert.True(OperatorCommands.Run("commands", key ?? KeyPath, "test", DocumentPath, TextWriter.Null, error) == 0, error.ToString());
    }
}
