using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NodaTime;

namespace OracleNode.VendorServers.Halts;

/// <summary>An exchange's list of halts over HTTP on loopback, with entity tags. A test publishes rows; a run of the generated day has none.</summary>
internal abstract class HaltListServer : IAsyncDisposable
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    private readonly LoopbackHost _host;
    private readonly string _path;
    private readonly string _contentType;
    private readonly Lock _gate = new();
    private readonly List<HaltRow> _rows = [];
    private long _requests;
    private bool _sendsGarbage;

    protected HaltListServer(string name, string path, string contentType)
    {
        Name = name;
        _path = path;
        _contentType = contentType;
        _host = new LoopbackHost(HttpProtocols.Http1, _ => { }, application => application.MapGet(path, AnswerAsync));
    }

    public string Name { get; }

    public Uri Url => new($"http://127.0.0.1:{_host.Port.ToString(CultureInfo.InvariantCulture)}{_path}");

    /// <summary>Requests that were answered.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>True: an apology in HTML with status 200 in place of the list.</summary>
    public bool SendsGarbage
    {
        get
        {
            lock (_gate) return _sendsGarbage;
        }

        set
        {
            lock (_gate) _sendsGarbage = value;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    public Task StopAsync() => _host.StopAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Lists a halt, or replaces what is listed of the same symbol and time.</summary>
    public void Publish(HaltRow row)
    {
        lock (_gate)
        {
            _rows.RemoveAll(r => r.Symbol == row.Symbol && r.HaltedAt == row.HaltedAt);
            _rows.Insert(0, row);
        }
    }

    /// <summary>Lists nothing any more.</summary>
    public void Clear()
    {
        lock (_gate) _rows.Clear();
    }

    /// <summary>The list as the exchange writes it.</summary>
    protected abstract string Write(IReadOnlyList<HaltRow> rows);

    /// <summary>New York's clock.</summary>
    protected static LocalDateTime Local(Instant instant) => instant.InZone(NewYork).LocalDateTime;

    private async Task AnswerAsync(HttpContext context)
    {
        string text;
        lock (_gate) text = _sendsGarbage ? "<html><body>We will be back soon.</body></html>" : Write([.. _rows]);
        var bytes = Encoding.UTF8.GetBytes(text);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..8])}\"";
        Interlocked.Increment(ref _requests);
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = _contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
