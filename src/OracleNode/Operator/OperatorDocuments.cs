using NSec.Cryptography;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Pipeline;

namespace OracleNode.Operator;

/// <summary>Looks at every signed document, over and over, and puts what is new into the log. One that cannot be reached delays no other.</summary>
internal sealed class OperatorDocuments : BackgroundService
{
    private readonly SignedDocument[] _documents;
    private readonly TimeSpan _period;
    private readonly TimeProvider _time;

    /// <param name="others">Documents that others than operators sign; disposed with this.</param>
    public OperatorDocuments(NodeSettings settings, RunningCalendar calendar, RareInputQueue inputs, IMarketClock clock, TimeProvider time, ILogger<OperatorDocuments> logger,
        DocumentEditions editions, IReadOnlyList<SignedDocument>? others = null)
    {
        var options = settings.Options.Operator;
        _period = options.Period;
        _time = time;
        List<PublicKey> keys = [.. options.PublicKeys.Select(k => DocumentSignature.TryParseKey(k, out var key) ? key : throw new ArgumentException("Validated before.", nameof(settings)))];
        var commands = new StandingCommands(settings.Feeds.ToDictionary(f => f.Feed.Name, f => FeedIdentity.Compute(f.Feed), StringComparer.Ordinal), editions);
        var actions = new AnnouncedActions(new ListedTickers(settings), editions);
        var documents = new List<SignedDocument>();
        if (options.IsOn)
        {
            Add(DocumentKind.Calendar, "calendar", options.Calendar, TakeCalendar);
            Add(DocumentKind.Calendar, "overnight-calendar", options.OvernightCalendar, TakeCalendar);
            Add(DocumentKind.Commands, StandingCommands.Name, options.Commands, TakeCommands);
            Add(DocumentKind.CorporateActions, AnnouncedActions.Name, options.CorporateActions, TakeActions);
        }

        _documents = [.. documents, .. others ?? []];

        void Add(DocumentKind kind, string name, string location, Func<ReadOnlyMemory<byte>, DocumentTaken> accept)
        {
            if (location.Length > 0)
                documents.Add(new SignedDocument(kind, name, settings.Options.Deployment, keys, new DocumentLocation(location, options.Timeout, time), accept, time, logger));
        }

        DocumentTaken TakeCalendar(ReadOnlyMemory<byte> file)
        {
            editions.RequireNotReplaced(file.Span);
            var whole = calendar.Replace(file, clock.Now, inputs.Put, out var market, out var replaced, out var refusal);
            if (refusal == RareInputQueue.IsFull) return new DocumentTaken(null, refusal);
            if (refusal is not null) throw new DocumentException(refusal);
            return new DocumentTaken(whole is null ? null : $"version '{whole.Calendar.Version}', until {whole.Calendar.ValidUntil:uuuu-MM-dd},", editions.KeepCalendar(market, file.Span, replaced));
        }

        DocumentTaken TakeCommands(ReadOnlyMemory<byte> file)
        {
            var (fresh, warning) = commands.Take(file, clock.Now, inputs.Put);
            return new DocumentTaken(fresh.Count == 0 ? null : $"{fresh.Count} new command(s), the last {fresh[^1].Action} by {fresh[^1].By},", warning);
        }

        DocumentTaken TakeActions(ReadOnlyMemory<byte> file)
        {
            var (fresh, warning) = actions.Take(file, clock.Now, inputs.Put);
            return new DocumentTaken(fresh.Count == 0 ? null : $"{fresh.Count} new or changed corporate action(s), the last {fresh[^1].Kind} '{fresh[^1].Reference}' by {fresh[^1].By},", warning);
        }
    }

    /// <summary>How each document is.</summary>
    public IReadOnlyList<IDocumentReport> Reports => _documents;

    public override void Dispose()
    {
        foreach (var document in _documents) document.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_documents.Select(d => Task.Run(() => WatchAsync(d, stoppingToken), CancellationToken.None)));

    private async Task WatchAsync(SignedDocument document, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await document.LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(_period, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
