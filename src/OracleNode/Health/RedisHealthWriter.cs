using StackExchange.Redis;

namespace OracleNode.Health;

/// <summary>
/// Writes the health keys each period, in one round trip. Never queues while disconnected (a heartbeat from before an
/// outage must not be replayed after it) and never disturbs publishing: a failure is a log line and a metric.
/// </summary>
internal sealed partial class RedisHealthWriter : BackgroundService
{
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(2);

    // The client's own time limit should come first; a beat that is lost in it must not be the last one.
    private static readonly TimeSpan WriteTimeout = 2 * ClientTimeout;

    private readonly RedisOptions _options;
    private readonly HealthKeys _keys;
    private readonly string _node;
    private readonly NodeStatus _status;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisHealthWriter> _logger;
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

        ConnectionMultiplexer? connection = null;
        try
        {
            using var timer = new PeriodicTimer(_options.Period, _time);
            do
            {
                try
                {
                    connection ??= await ConnectionMultiplexer.ConnectAsync(ConnectionOptions());
                    await WriteAsync(connection.GetDatabase());
                    Interlocked.Increment(ref _writes);
                    if (_failing) LogRecovered(_options.Configuration);
                    _failing = false;
                }
                catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
                {
                    Interlocked.Increment(ref _failures);
                    if (!_failing) LogFailed(_options.Configuration, e.Message);
                    _failing = true;
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            if (connection is not null) await connection.DisposeAsync();
        }
    }

    private async Task WriteAsync(IDatabase database)
    {
        if (_status.Latest is not { } snapshot) return;
        var nowUnixMillis = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var transaction = database.CreateTransaction();
        var pending = new List<Task>();
        _keys.Queue(transaction, snapshot, nowUnixMillis, 3 * _options.Period, pending);

        // The index has no hash tag, so it is not part of the node's transaction; it travels in the same pipeline.
        var index = database.SortedSetAddAsync(_keys.Nodes, _node, nowUnixMillis);
        var executed = transaction.ExecuteAsync();

        // The transaction first: of one that never left, the client leaves the single writes open for ever.
        await Task.WhenAll(executed, index).WaitAsync(WriteTimeout, _time);
        if (!await executed) throw new RedisException("The server discarded the transaction.");
        await Task.WhenAll(pending).WaitAsync(WriteTimeout, _time);
    }

    private ConfigurationOptions ConnectionOptions()
    {
        var options = ConfigurationOptions.Parse(_options.Configuration);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = (int)ClientTimeout.TotalMilliseconds;
        options.AsyncTimeout = (int)ClientTimeout.TotalMilliseconds;
        options.SyncTimeout = (int)ClientTimeout.TotalMilliseconds;
        options.HeartbeatConsistencyChecks = true;
        options.ClientName = $"oracle-node-{_node}";
        if (_options.PasswordEnvironment.Length > 0) options.Password = Environment.GetEnvironmentVariable(_options.PasswordEnvironment);
        return options;
    }
}
