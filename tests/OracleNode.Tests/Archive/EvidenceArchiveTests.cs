using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Commands;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Pricing;
using OracleNode.Replay;
using OracleNode.Updates;

namespace OracleNode.Archive;

public sealed class EvidenceArchiveTests : IDisposable
{
    private static readonly Instant Start = PipelineHarness.Start;

    private readonly TemporaryFolder _folder = new();
    private readonly NodeSettings _settings = ReplayFixture.Settings();
    private readonly PipelineHarness.ManualClock _clock = new() { Now = Start };
    private readonly PipelineHarness.CountingSigner _signer = new();
    private readonly FakeTimeProvider _time = new();
    private readonly TradingCalendar _calendar = ReplayFixture.Calendar();

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Batch_Kept_IsExplainedAndProven()
    {
        using var archive = Create();
        var batch = await KeepAsync(archive, Start, 400);
        archive.WriteAll();
        Assert.Equal((1, 0), (archive.Kept, archive.Lost));

        var (code, text, _) = Explain("TSLA");
        Assert.Equal(0, code);
        foreach (var expected in new[]
        {
            "TSLA 400 USD per share, Live: Accepted", $"sequence {batch.Header.Sequence}", "massive-nasdaq-basic (nasdaq-basic)", "Used", "[399.99, 400.01]", "median 400",
            _calendar.Version, "Regular", "signature     good", "configuration archived and equal to its hash", $"evidence root {batch.Header.EvidenceRoot} (computed anew from the archive: equal)",
        }) Assert.Contains(expected, text);
    }

    [Fact]
    public async Task Token_Explained_ShowsItsMultiplierAndUnderlying()
    {
        using var archive = Create();
        await KeepAsync(archive, Start, 400);
        archive.WriteAll();
        var (code, text, _) = Explain("TSLAx");
        Assert.Equal(0, code);
        Assert.Contains("TSLAx 600 USD per raw token, Live", text);
        Assert.Contains("1.5 shares per raw token x 400 USD per share, read", text);
    }

    [Fact]
    public async Task Explanation_AsJson_IsAnObjectWithItsChecks()
    {
        using var archive = Create();
        await KeepAsync(archive, Start, 400);
        archive.WriteAll();
        var (code, text, _) = Explain("TSLAx", json: true);
        Assert.Equal(0, code);
        var root = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal("600", root.GetProperty("price").GetString());
        Assert.Equal("RawToken", root.GetProperty("unit").GetString());
        Assert.Equal("iex", root.GetProperty("inputs")[1].GetProperty("upstream").GetString());
        foreach (var check in new[] { "recordsRootMatches", "evidenceRootMatches", "signatureIsGood", "settingsMatch" }) Assert.True(root.GetProperty("checks").GetProperty(check).GetBoolean());
    }

    [Fact]
    public async Task Batch_AskedForBySequenceOrTime_IsThatOne()
    {
        using var archive = Create();
        var first = await KeepAsync(archive, Start, 400);
        var second = await KeepAsync(archive, Start + Duration.FromSeconds(10), 410);
        archive.WriteAll();

        Assert.Contains("TSLA 410", Explain("TSLA").Text);
        Assert.Contains("TSLA 400", Explain("TSLA", sequence: first.Header.Sequence).Text);
        Assert.Contains("TSLA 400", Explain("TSLA", at: "2026-06-10T15:00:09Z").Text);
        Assert.Contains("TSLA 410", Explain("TSLA", at: "2026-06-10T15:00:10Z").Text);
        Assert.Equal(1, Explain("TSLA", at: "2026-06-10T14:59:59Z").Code);
        Assert.Contains("no record", Explain("TSLA", sequence: second.Header.Sequence + 1).Error);
        Assert.Contains("no record", Explain("AAPL").Error);
        Assert.Contains("TSLAx", Explain("NOBODY").Error);
        Assert.Contains("a time like", Explain("TSLA", at: "yesterday").Error);
    }

    [Theory]
    [InlineData("UPDATE records SET evidence = (SELECT evidence FROM records WHERE place = 1) WHERE place = 0")]
    [InlineData("UPDATE records SET record = (SELECT record FROM records WHERE place = 1) WHERE place = 0")]
    [InlineData("UPDATE batches SET signature = zeroblob(64)")]
    [InlineData("UPDATE batches SET evidence_root = zeroblob(32)")]
    public async Task ForgedArchive_Explained_ProvesNothing(string forgery)
    {
        using (var archive = Create())
        {
            await KeepAsync(archive, Start, 400);
            archive.WriteAll();
        }

        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File("evidence.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = forgery;
            Assert.True(command.ExecuteNonQuery() > 0);
        }

        var (code, _, error) = Explain("TSLA");
        Assert.Equal(1, code);
        Assert.Contains("does not prove", error);
    }

    [Fact]
    public async Task OldBatches_Trimmed_Go()
    {
        using var archive = Create();
        await KeepAsync(archive, Start, 400);
        archive.WriteAll();
        _clock.Now = Start + Duration.FromDays(40);
        _time.Advance(TimeSpan.FromMinutes(2));
        await KeepAsync(archive, _clock.Now, 410);
        archive.WriteAll();
        Assert.Contains("no record", Explain("TSLA", at: "2026-06-11T00:00:00Z").Error);
        Assert.Contains("TSLA 410", Explain("TSLA").Text);
    }

    [Fact]
    public async Task LargeFile_Trimmed_LosesItsOldestBatches()
    {
        using var archive = Create(new EvidenceOptions { MaxBytes = 1024 * 1024 });
        for (var i = 0; i < 2_500; i++) await KeepAsync(archive, Start + Duration.FromSeconds(i), 400);
        archive.WriteAll();
        _time.Advance(TimeSpan.FromMinutes(2));
        await KeepAsync(archive, Start + Duration.FromSeconds(5_000), 410);
        archive.WriteAll();
        Assert.Contains("no record", Explain("TSLA", at: "2026-06-10T15:00:00Z").Error);
        Assert.Contains("TSLA 410", Explain("TSLA").Text);
    }

    [Fact]
    public async Task DiskThatFails_CountsWhatIsNotKept_AndIsTriedAgain()
    {
        var blocked = _folder.File("blocked");
        Directory.CreateDirectory(blocked);
        using var archive = Create(file: blocked);
        await KeepAsync(archive, Start, 400);
        archive.WriteAll();
        Assert.True(archive.IsFailing);
        Assert.Equal((0, 1), (archive.Kept, archive.Lost));

        Directory.Delete(blocked);
        await KeepAsync(archive, Start + Duration.FromSeconds(1), 400);
        archive.WriteAll();
        Assert.Equal((0, 2), (archive.Kept, archive.Lost));
        _time.Advance(TimeSpan.FromSeconds(6));
        await KeepAsync(archive, Start + Duration.FromSeconds(2), 400);
        archive.WriteAll();
        Assert.Equal((1, 2, false), (archive.Kept, archive.Lost, archive.IsFailing));
    }

    [Fact]
    public async Task FullQueue_Offered_KeepsNothingMoreAndNeverBlocks()
    {
        using var archive = Create(new EvidenceOptions { MaxQueuedBytes = 1024 * 1024 });
        for (var i = 0; i < 1_500; i++) await KeepAsync(archive, Start + Duration.FromSeconds(i), 400);
        Assert.True(archive.Lost > 0);
        archive.WriteAll();
        Assert.Equal(1_500, archive.Kept + archive.Lost);
    }

    private EvidenceArchive Create(EvidenceOptions? options = null, string? file = null)
    {
        options ??= new EvidenceOptions();
        options.File = file ?? _folder.File("evidence.db");
        Assert.Empty(options.Validate("Evidence"));
        return new EvidenceArchive(options, SettingsDigest.Of(_settings), _clock, _time, NullLogger<EvidenceArchive>.Instance);
    }

    private (int Code, string Text, string Error) Explain(string feed, ulong? sequence = null, string? at = null, bool json = false)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = ExplainCommand.Run(RepositoryFiles.Path("appsettings.json"), feed, sequence, at, json, _folder.File("evidence.db"), output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>A batch of TSLA and TSLAx as the node makes one of a quote from every source.</summary>
    private async Task<SignedBatch> KeepAsync(EvidenceArchive archive, Instant now, int dollars)
    {
        var market = MarketFoldFactory.Create(_settings, _calendar);
        foreach (var source in _settings.Sources)
        {
            market.Apply(MarketInput.Of(new Observation
            {
                Kind = ObservationKind.Quote,
                Source = source.Id,
                Upstream = source.Upstream,
                Instrument = new InstrumentId(0),
                EventTime = now - Duration.FromMilliseconds(100),
                ReceiveTime = now,
                Bid = PipelineHarness.Dollars(dollars - 0.01m),
                Ask = PipelineHarness.Dollars(dollars + 0.01m),
            }));
        }

        var terms = new MultiplierTerms(new Multiplier(Multiplier.One.E18 * 3 / 2), default, null, now);
        market.Apply(MarketInput.Of(now, new MultiplierUpdate(new TokenId(0), terms)));
        market.Tick(now, everything: true);
        var settings = SettingsDigest.Of(_settings).Hash;
        var records = new List<(FeedId, FeedRecord)>();
        var evidence = new List<byte[]>();
        for (var i = 0; i < market.Count; i++)
        {
            var feed = market.RulesOf(i).Feed;
            if (feed.Name is not ("TSLA" or "TSLAx")) continue;
            var id = FeedIdentity.Compute(feed);
            records.Add((id, FeedRecordFactory.Create(market.DecisionOf(i)!, id)!.Value));
            evidence.Add(EvidenceCodec.Encode(id.Tag, market.DecisionOf(i)!, feed.IsToken ? terms : null, settings, _calendar.Fingerprint.Span));
        }

        var unsigned = UnsignedBatch.Create(42, 1, PipelineHarness.Sequence(now), records, EvidenceCodec.RootOf(evidence));
        var batch = unsigned.WithSignatures(new BatchSignature(0, _signer.PublicKey.ToArray(), await _signer.SignAsync(unsigned.Message(), default)));
        archive.Keep(batch, evidence, _calendar);
        return batch;
    }
}
