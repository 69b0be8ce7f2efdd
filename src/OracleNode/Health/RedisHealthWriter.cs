using StackExchange.Redis;

namespace OracleNode.Health;

/// <summary>
/// Writes the health keys each period, in one round trip. Never queues while disconnected (a heartbeat from before an
/// outage must not be replayed after it; one that was under way when the server hung may be applied when it wakes up) and
/// never disturbs publishing: a failure is a log line and a metric. A pipeline that makes no passes gets no beats.
/// </summary>
internal sealed partial class RedisHealthWriter : BackgroundService
{
    /// <summary>Above the client's own timeouts: a reply that gets lost must not stop the beats.</summary>
    private static readonly TimeSpan BeatTimeout = TimeSpan.FromSeconds(5);

    private readonly RedisOptions _options;
    private readonly HealthKeys _keys;
    private readonly string _node;
    private readonly NodeStatus _status;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisHealthWriter> _logger;
    private ConnectionMultiplexer? _connection;
    private volatile bool _failing;
    private long _writes;
    private long _failures;

    public RedisHealthWriter(RedisOptions options, string node, NodeStatus status, TimeProvider time, ILogger<RedisHealthWriter> logger)
    {
        _options = options;
        _keys = new HealthKeys(options.KeyPrefix, node);
        _node = node;
        _status = status;
        _time = time;
        _logger = logger;
    }

    /// <summary>Beats written.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Beats that could not be written.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Whether the last beat was written.</summary>
    public bool IsUp => !_failing && Writes > 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Configuration.Length == 0)
        {
            LogDisabled();
            return;
        }

        using var timer = new PeriodicTimer(_options.Period, _time);
        try
        {
            do
            {
                await BeatAsync();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            await DisconnectAsync();
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            _connection ??= await ConnectionMultiplexer.ConnectAsync(ConnectionOptions());
            // Of a pipeline that is stuck nothing is known any more: its keys go, as those of a dead node do.
            if (_status.Latest is not { } snapshot || _time.GetElapsedTime(snapshot.PassedAt) > Readiness.MaxPassAge) return;
            await WriteAsync(_connection.GetDatabase(), snapshot).WaitAsync(BeatTimeout, _time);
            Interlocked.Increment(ref _writes);
            if (_failing) LogRecovered(_options.Configuration);
            _failing = false;
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref _failures);
            if (!_failing) LogFailed(_options.Configuration, e.Message);
            _failing = true;

            // A server that does not answer may still read what it was sent once it wakes up: it gets no second beat on this connection.
            if (e is TimeoutException) await DisconnectAsync();
        }
    }

    private async Task DisconnectAsync()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        await connection.CloseAsync(allowCommandsToComplete: false);
        await connection.DisposeAsync();
    }

    private async Task WriteAsync(IDatabase database, NodeSnapshot snapshot)
    {
        var nowUnixMillis = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var transaction = database.CreateTransaction();
        var pending = new List<Task>();
        _keys.Queue(transaction, snapshot, nowUnixMillis, 3 * _options.Period, pending);

        // The index has no hash tag, so it is not part of the node's transaction; it travels in the same pipeline.
        var index = database.SortedSetAddAsync(_keys.Nodes, _node, nowUnixMillis);
        var executed = transaction.ExecuteAsync();
        await index;

        // The parts of a transaction that was never sent never end; only one that was executed has results to wait for.
        if (!await executed) throw new RedisException("The server discarded the transaction.");
        await Task.WhenAll(pending);
    }

    private ConfigurationOptions ConnectionOptions()
    {
        var options = ConfigurationOptions.Parse(_options.Configuration);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = 2000;
        options.ConnectRetry = 1;
        options.ReconnectRetryPolicy = new LinearRetry(1000);
        options.AsyncTimeout = 2000;
        options.SyncTimeout = 2000;
        options.HeartbeatConsistencyChecks = true;
        options.IncludeDetailInExceptions = false;
        options.ClientName = $"oracle-node-{_node}";
        if (_options.PasswordEnvironment.Length > 0)
        {
            options.Password = Environment.GetEnvironmentVariable(_options.PasswordEnvironment)
                ?? throw new RedisException($"the environment variable {_options.PasswordEnvironment}, which Redis:PasswordEnvironment names, is not set.");
        }

        return options;
    }
}
