using OracleNode.Pipeline;

namespace OracleNode.Tokens;

/// <summary>One watcher per chain that has tokens; one chain that fails or is slow never delays another.</summary>
internal sealed class TokenWatchers : IHostedService, IDisposable
{
    private readonly List<TokenWatcher> _watchers = [];

    private TokenWatchers()
    {
    }

    /// <summary>By token, in the configuration's order: the latest reading, or null when there is none to be used.</summary>
    public IReadOnlyList<Func<TokenReadout?>> Readings { get; private set; } = [];

    /// <summary>Makes the watchers; nothing is read before they are started.</summary>
    public static TokenWatchers Create(TokensOptions options, IReadOnlyList<TokenDefinition> tokens, IMarketClock clock, TimeProvider time, ILogger<TokenWatcher> logger)
    {
        var made = new TokenWatchers();
        var readings = new Func<TokenReadout?>[tokens.Count];
        foreach (var chain in options.Evm) Add(chain, of => new EvmTokenChain(chain, of, time));
        foreach (var chain in options.Solana) Add(chain, of => new SolanaTokenChain(chain, of, time));
        made.Readings = readings;
        return made;

        void Add(TokenChainOptions chain, Func<IReadOnlyList<TokenDefinition>, ITokenChain> open)
        {
            var places = Enumerable.Range(0, tokens.Count).Where(i => tokens[i].Chain == chain.Name).ToList();
            if (places.Count == 0) return;
            var of = places.ConvertAll(i => tokens[i]);
            var watcher = new TokenWatcher(open(of), chain, of, clock, time, logger);
            made._watchers.Add(watcher);
            for (var i = 0; i < places.Count; i++)
            {
                var place = i;
                readings[places[i]] = () => watcher.Latest(place);
            }
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(_watchers.Select(w => w.StartAsync(cancellationToken)));

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_watchers.Select(w => w.StopAsync(cancellationToken)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watcher in _watchers) watcher.Dispose();
    }
}
