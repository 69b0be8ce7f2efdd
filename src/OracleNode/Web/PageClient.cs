using System.Net;
using System.Net.Http.Headers;

namespace OracleNode.Web;

/// <summary>
/// Gets pages: bounded in size and time, asks only for what changed, keeps no cookie, and follows a redirect only to the same host over TLS. One page at a time
/// and client.
/// </summary>
internal sealed class PageClient : IDisposable
{
    private const int MaxRedirects = 3;
    private const int FirstBytes = 16 * 1024;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly int _maxBytes;
    private EntityTagHeaderValue? _tag;
    private DateTimeOffset? _lastModified;

    /// <param name="timeout">From sending to the last byte.</param>
    /// <param name="maxBytes">What is larger is refused.</param>
    public PageClient(TimeSpan timeout, int maxBytes, TimeProvider time)
    {
        _timeout = timeout;
        _maxBytes = maxBytes;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = timeout,
            MaxResponseHeadersLength = 32,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Forgets what it had, so that the next answer is a whole one.</summary>
    public void Forget() => (_tag, _lastModified) = (null, null);

    /// <summary>The page; null when it is the one that was had before.</summary>
    /// <param name="prepare">Adds headers, such as a key; only to the host of <paramref name="url"/>. May be null.</param>
    /// <exception cref="PageException">There was no page.</exception>
    public async Task<byte[]?> GetAsync(Uri url, Action<HttpRequestHeaders>? prepare, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            for (var hop = 0; ; hop++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.UserAgent.ParseAdd("OracleNode/1.0");
                if (_tag is not null) request.Headers.IfNoneMatch.Add(_tag);
                else if (_lastModified is not null) request.Headers.IfModifiedSince = _lastModified;
                prepare?.Invoke(request.Headers);
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                if (response.StatusCode == HttpStatusCode.NotModified) return null;
                if (RedirectOf(url, response) is { } next && hop < MaxRedirects)
                {
                    url = next;
                    continue;
                }

                if (!response.IsSuccessStatusCode) throw new PageException($"{url.Host} answered {(int)response.StatusCode}", response.StatusCode);
                var page = await ReadAsync(url, response, either.Token);
                (_tag, _lastModified) = (response.Headers.ETag, response.Content.Headers.LastModified);
                return page;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new PageException($"{url.Host} did not answer within {_timeout.TotalSeconds:F0} s", failure: PageFailure.Timeout);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PageException($"{url.Host}: {e.Message}", failure: PageFailure.Connection);
        }
    }

    private static Uri? RedirectOf(Uri from, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 307 or 308) || response.Headers.Location is not { } location) return null;
        var to = new Uri(from, location);
        return to.Host.Equals(from.Host, StringComparison.OrdinalIgnoreCase) && to.Scheme == Uri.UriSchemeHttps ? to : null;
    }

    private async Task<byte[]> ReadAsync(Uri url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > _maxBytes) throw TooLarge();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Math.Min(FirstBytes, _maxBytes + 1)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return buffer[..length];
            length += read;
            if (length > _maxBytes) throw TooLarge();
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(_maxBytes + 1, buffer.Length * 2));
        }

        PageException TooLarge() => new($"{url.Host}: the page is larger than {_maxBytes} bytes", failure: PageFailure.Oversize);
    }
}
