using NodaTime;
using NSec.Cryptography;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Operator;
using OracleNode.Pipeline;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>The books of the configured custodians, and the documents that are written into them.</summary>
internal sealed class CustodianBooks
{
    private readonly Dictionary<string, CustodianBook> _books = new(StringComparer.Ordinal);

    /// <param name="settings">Checked settings.</param>
    public CustodianBooks(NodeSettings settings, IMarketClock clock, TimeProvider time, ILogger<CustodianBooks> logger, DocumentEditions editions)
    {
        var options = settings.Options;
        Documents = [.. options.Reserves.Custodians.Select((o, i) => DocumentOf(o, $"Reserves:Custodians:{i}:PublicKeys"))];

        SignedDocument DocumentOf(CustodianOptions o, string keysAt)
        {
            var book = new CustodianBook(o.Name, editions);
            _books.Add(o.Name, book);
            List<PublicKey> keys = [.. o.PublicKeys.Select(k => DocumentSignature.TryParseKey(k, out var key) ? key : throw new ArgumentException("Validated before.", nameof(settings)))];
            return new SignedDocument(
                DocumentKind.Reserves, book.Document, options.Deployment, keys, new DocumentLocation(o.Statement, options.Operator.Timeout, time), file => book.Take(file, clock.Now), time, logger, keysAt);
        }
    }

    /// <summary>One per custodian, for who watches signed documents.</summary>
    public IReadOnlyList<SignedDocument> Documents { get; }

    /// <summary>A custodian's book.</summary>
    public CustodianBook Of(string custodian) => _books[custodian];
}

/// <summary>From the checked settings to what is watched.</summary>
internal sealed class WatchedIssues : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <param name="settings">Checked settings.</param>
    /// <param name="books">What custodians said.</param>
    /// <param name="editions">Where multipliers are kept over a restart.</param>
    /// <param name="actions">What is known of an instrument's corporate actions; asked from another thread than the one that learns of them.</param>
    /// <param name="http">The transport of EVM chains.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    public WatchedIssues(NodeSettings settings, CustodianBooks books, DocumentEditions editions, Func<InstrumentId, IReadOnlyList<CorporateAction>> actions, HttpClient http, TimeProvider time)
    {
        var reserves = settings.Options.Reserves;
        Issues = [.. reserves.Issues.Select(Watch)];

        WatchedIssue Watch(ReserveIssueOptions o)
        {
            List<int> places = [.. Enumerable.Range(0, settings.Tokens.Count).Where(i => settings.Tokens[i].Issue == o.Issue)];
            List<FeedSettings> feeds = [.. settings.Feeds.Where(f => f.Token is not null && f.TokenPlace is { } place && places.Contains(place))];
            var stepBps = feeds.Select(f => f.Token!.MultiplierStepBps).DefaultIfEmpty(new TokenSettings().MultiplierStepBps).Min();
            List<InstrumentId> shares = [.. feeds.Select(f => f.Feed.Instrument).Distinct()];
            return new WatchedIssue(
                new IssueReserve(
                    o.Issue, [.. o.Custodians.Select(books.Of)], [.. places.Select(i => new MultiplierBook(settings.Tokens[i].Asset, stepBps, editions))],
                    Duration.FromTimeSpan(o.MaxStatementAge), Duration.FromTimeSpan(reserves.MaxSupplyAge), () => shares.SelectMany(actions)),
                [.. places.Select(i => SourceOf(settings.Tokens[i]))],
                [.. places.Select(i => new TokenId(i))]);
        }

        ISupplySource SourceOf(TokenDefinition token)
        {
            if (settings.Options.Tokens.Evm.Find(c => c.Name == token.Chain) is { } evm) return new EvmSupply(evm, token, time, http);
            var solana = new SolanaSupply(settings.Options.Tokens.Solana.Find(c => c.Name == token.Chain)!, token, time);
            _owned.Add(solana);
            return solana;
        }
    }

    public IReadOnlyList<WatchedIssue> Issues { get; }

    public void Dispose()
    {
        foreach (var owned in _owned) owned.Dispose();
    }
}
