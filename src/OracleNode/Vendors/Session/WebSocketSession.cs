using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;

namespace OracleNode.Vendors.Session;

/// <summary>
/// The one websocket session of every streaming vendor. Connects, waits for the greeting, authenticates, subscribes, then
/// reads frames, has the adapter parse each and hands its observations on. A watch beside it ends a connection that does not
/// complete its handshake, or falls silent while data is due. Whatever ends a connection is a fault with a way to go on;
/// only cancellation ends the session.
/// </summary>
internal sealed partial class WebSocketSession : IVendorSession
{
    private static readonly TimeSpan LongestWatchPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromMilliseconds(500);

    private readonly IVendorAdapter _adapter;
    private readonly Uri _url;
    private readonly SessionContext _context;
    private readonly ILogger _logger;
    private readonly SessionCounters _counters;
    private readonly ObservationFilter _filter;
    private readonly ObservationBuffer _buffer = new();

    public WebSocketSession(IVendorAdapter adapter, Uri url, SessionContext context, ILogger logger)
    {
        _adapter = adapter;
        _url = url;
        _context = context;
        _logger = logger;
        _counters = new SessionCounters(context.Time);
        _filter = context.CreateFilter();
    }

    /// <inheritdoc/>
    public string Name => _context.Options.Name;

    /// <inheritdoc/>
    public SessionHealth Health => _counters.Snapshot(Name, _adapter.Vendor, _context.ExpectsData(), _adapter.Counters, _filter);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Whoever starts the sessions is not held up by the first of them.
        await Task.Yield();
        var backoff = new ReconnectBackoff(_context.Options.Reconnect, _context.Random);
        while (!stopping.IsCancellationRequested)
        {
            _counters.Attempt();
            var fault = await RunConnectionAsync(stopping);
            if (stopping.IsCancellationRequested) break;

            backoff.ReportStable(_counters.Ended(fault));
            var delay = backoff.Next(fault.Recovery);
            if (fault.Recovery == FaultRecovery.Operator) LogNeedsOperator(Name, fault.Kind, fault.Detail, fault.Advice, delay);
            else LogDisconnected(Name, fault.Kind, fault.Detail, fault.Advice, delay);
            await Task.Delay(delay, _context.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _counters.Stopped();
    }

    /// <summary>Nothing outlives a connection.</summary>
    public void Dispose()
    {
    }

    // Never throws: everything that can go wrong with a connection is the connection's fault.
    private async Task<VendorFault> RunConnectionAsync(CancellationToken stopping)
    {
        _counters.State = SessionState.Connecting;
        using var cancellation = new CancellationTokenSource();
        using var socket = CreateSocket();
        using var connection = new Connection(_context.Time);
        var watching = WatchAsync(connection, cancellation);
        var keeping = KeepOpenAsync(socket, connection, cancellation);
        var leaving = LeaveAsync(socket, connection, cancellation, stopping);
        try
        {
            return await ConverseAsync(socket, connection, cancellation.Token);
        }
        catch (Exception e)
        {
            // A refusal that came before the end says more than the end.
            return connection.Verdict ?? (connection.Phase == Phase.Live ? null : connection.Partial) ?? FaultOf(e, socket, connection.Phase);
        }
        finally
        {
            await cancellation.CancelAsync();
            await watching;
            await keeping;
            await leaving;
        }
    }

    // On stopping, says goodbye, so that the vendor frees the account's place at once; does not wait long for the answer.
    private static async Task LeaveAsync(ClientWebSocket socket, Connection connection, CancellationTokenSource cancellation, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellation.IsCancellationRequested) return;
        if (connection.Phase != Phase.Connecting)
        {
            using var limit = new CancellationTokenSource(GoodbyeTimeout);
            try
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token);
                await Task.Delay(GoodbyeTimeout, cancellation.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                // The connection is broken already: there is nobody to say goodbye to.
            }
        }

        await cancellation.CancelAsync();
    }

    private async Task<VendorFault> ConverseAsync(ClientWebSocket socket, Connection connection, CancellationToken cancellation)
    {
        await socket.ConnectAsync(_url, cancellation);
        connection.Enter(Phase.Greeting);
        _counters.State = SessionState.Handshaking;
        await ProceedAsync(socket, connection, _adapter.Connected(), cancellation);
        var frames = new FrameReader(socket, Math.Max(_context.Options.MaxFrameBytes, _adapter.KnownFrameBytes));
        while (true)
        {
            var frame = await frames.ReadAsync(cancellation);
            _counters.Frame(frame.Length);
            var outcome = Take(frame.Span, connection);
            await ProceedAsync(socket, connection, outcome.Signals, cancellation);
            foreach (var reply in outcome.Replies ?? []) await connection.SendAsync(socket, reply, cancellation);

            if (outcome.Fault is not { } fault) continue;
            if (!fault.IsPartial || connection.Phase < Phase.Subscribing) return fault;
            // One refused channel does not stop the others. Before anything was acknowledged it is kept: if nothing ever is,
            // it says why.
            connection.Partial = fault;
            if (connection.Phase == Phase.Live) ReportPartial(fault);
        }
    }

    /// <summary>Goes on in the handshake as far as was signalled.</summary>
    private async Task ProceedAsync(ClientWebSocket socket, Connection connection, FrameSignals signals, CancellationToken cancellation)
    {
        if ((signals & FrameSignals.Greeted) != 0 && connection.Phase == Phase.Greeting)
        {
            connection.Enter(Phase.Authenticating);
            await AuthenticateAsync(socket, connection, cancellation);
        }

        if ((signals & FrameSignals.Authenticated) != 0 && connection.Phase is Phase.Greeting or Phase.Authenticating)
        {
            connection.Enter(Phase.Subscribing);
            foreach (var message in _adapter.SubscribeMessages) await connection.SendAsync(socket, message, cancellation);
        }

        if ((signals & FrameSignals.Subscribed) != 0 && connection.Phase == Phase.Subscribing)
        {
            connection.Enter(Phase.Live);
            _counters.Live();
            LogLive(Name, _url, _context.Coverage);
            if (connection.Partial is { } refused) ReportPartial(refused);
        }
    }

    private FrameResult Take(ReadOnlySpan<byte> frame, Connection connection)
    {
        _buffer.Clear();
        var outcome = _adapter.Parse(frame, _context.Clock.Now, _buffer);
        if (outcome.Has(FrameSignals.Alive)) connection.Silence.Heard();
        if (outcome.Quotes > 0) _counters.Observed(outcome.Quotes);
        if (_buffer.Count == 0) return outcome;

        connection.Silence.Heard();
        _buffer.RemoveRefused(_filter);
        if (_buffer.Count == 0) return outcome;
        _context.Sink.Publish(_buffer.Written);
        _counters.Observed(_buffer.Count);
        return outcome;
    }

    private async Task AuthenticateAsync(ClientWebSocket socket, Connection connection, CancellationToken cancellation)
    {
        var message = _adapter.CreateAuthenticateMessage();
        if (message.Length == 0) return;
        try
        {
            await connection.SendAsync(socket, message, cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }

    private async Task WatchAsync(Connection connection, CancellationTokenSource cancellation)
    {
        var options = _context.Options;
        var period = TimeSpan.FromTicks(Math.Min(LongestWatchPeriod.Ticks, Math.Min(options.SilenceTimeout.Ticks, options.ConnectTimeout.Ticks) / 4));
        using var timer = new PeriodicTimer(period, _context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation.Token))
            {
                if (Judge(connection) is not { } verdict) continue;
                connection.Verdict = verdict;
                await cancellation.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is over; so is the watch.
        }
        catch (Exception e)
        {
            LogInternal(Name, e);
            connection.Verdict = new VendorFault(VendorFaultKind.Internal, e.Message);
            await cancellation.CancelAsync();
        }
    }

    /// <summary>Says what keeps the connection open, where the vendor needs a word of its own protocol for it.</summary>
    private async Task KeepOpenAsync(ClientWebSocket socket, Connection connection, CancellationTokenSource cancellation)
    {
        if (_adapter.KeepAliveMessage.IsEmpty) return;
        using var timer = new PeriodicTimer(_context.Options.PingInterval, _context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation.Token))
                if (connection.Phase == Phase.Live)
                    await connection.SendAsync(socket, _adapter.KeepAliveMessage, cancellation.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // The connection is over or broken: its reader says which.
        }
        catch (Exception e)
        {
            LogInternal(Name, e);
            connection.Verdict = new VendorFault(VendorFaultKind.Internal, e.Message);
            await cancellation.CancelAsync();
        }
    }

    private VendorFault? Judge(Connection connection)
    {
        var options = _context.Options;
        if (connection.Phase == Phase.Live)
        {
            var silent = connection.Silence.Check(_context.ExpectsData());
            return silent > options.SilenceTimeout
                ? new VendorFault(VendorFaultKind.Silence, $"no data for {silent.TotalSeconds:F0} s although the session is open")
                : null;
        }

        if (connection.InHandshakeFor <= options.ConnectTimeout) return null;
        return connection.Partial ?? (connection.Phase == Phase.Connecting
            ? new VendorFault(VendorFaultKind.ConnectFailed, $"no connection to {_url} within {options.ConnectTimeout.TotalSeconds:F0} s")
            : new VendorFault(VendorFaultKind.HandshakeTimeout, $"{connection.Phase} not done within {options.ConnectTimeout.TotalSeconds:F0} s"));
    }

    private VendorFault FaultOf(Exception e, ClientWebSocket socket, Phase phase)
    {
        switch (e)
        {
            case OversizeFrameException:
                return new VendorFault(VendorFaultKind.OversizeFrame, e.Message);
            case ClosedByVendorException:
                return new VendorFault(VendorFaultKind.Disconnected, e.Message);
            case SecretUnavailableException:
                return new VendorFault(VendorFaultKind.SecretUnavailable, e.Message);
            case WebSocketException or HttpRequestException or IOException:
                return phase == Phase.Connecting
                    ? new VendorFault(KindOf(socket.HttpStatusCode), $"{_url}: {e.Message}")
                    : new VendorFault(VendorFaultKind.Disconnected, e.Message);
            case OperationCanceledException:
                return new VendorFault(VendorFaultKind.Disconnected, "cancelled");
            default:
                LogInternal(Name, e);
                return new VendorFault(VendorFaultKind.Internal, e.Message);
        }
    }

    private static VendorFaultKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => VendorFaultKind.AuthenticationFailed,
        HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Gone => VendorFaultKind.BadRequest,
        HttpStatusCode.TooManyRequests => VendorFaultKind.RateLimited,
        _ => VendorFaultKind.ConnectFailed,
    };

    private ClientWebSocket CreateSocket()
    {
        var socket = new ClientWebSocket();
        // Pings go out while nothing comes in; the vendor's own pings are answered while a read is pending, which is always.
        socket.Options.KeepAliveInterval = _context.Options.PingInterval;
        socket.Options.KeepAliveTimeout = _context.Options.PingTimeout;
        socket.Options.CollectHttpResponseDetails = true;
        return socket;
    }

    private void ReportPartial(VendorFault fault)
    {
        _counters.Partial(fault);
        LogPartial(Name, fault.Kind, fault.Detail, fault.Advice);
    }

    /// <summary>How far a connection has come.</summary>
    private enum Phase
    {
        Connecting,
        Greeting,
        Authenticating,
        Subscribing,
        Live,
    }

    /// <summary>One connection, shared by its reader, its watch and who keeps it open.</summary>
    private sealed class Connection(TimeProvider time) : IDisposable
    {
        private readonly SemaphoreSlim _sending = new(1);
        private long _enteredAt = time.GetTimestamp();
        private int _phase;
        private VendorFault? _verdict;
        private VendorFault? _partial;

        public Phase Phase => (Phase)Volatile.Read(ref _phase);

        public SilenceClock Silence { get; } = new(time);

        /// <summary>Since connecting began, or since the connection stood: each of the two has the whole time limit.</summary>
        public TimeSpan InHandshakeFor => time.GetElapsedTime(Volatile.Read(ref _enteredAt));

        /// <summary>Why the watch ended the connection.</summary>
        public VendorFault? Verdict
        {
            get => Volatile.Read(ref _verdict);
            set => Volatile.Write(ref _verdict, value);
        }

        /// <summary>What the vendor refused of the subscription.</summary>
        public VendorFault? Partial
        {
            get => Volatile.Read(ref _partial);
            set => Volatile.Write(ref _partial, value);
        }

        /// <summary>Sends a message; one at a time.</summary>
        public async ValueTask SendAsync(ClientWebSocket socket, ReadOnlyMemory<byte> message, CancellationToken cancellation)
        {
            await _sending.WaitAsync(cancellation);
            try
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellation);
            }
            finally
            {
                _sending.Release();
            }
        }

        public void Dispose() => _sending.Dispose();

        public void Enter(Phase phase)
        {
            if (phase is Phase.Greeting) Volatile.Write(ref _enteredAt, time.GetTimestamp());
            if (phase is Phase.Live) Silence.Heard();
            Volatile.Write(ref _phase, (int)phase);
        }
    }
}
