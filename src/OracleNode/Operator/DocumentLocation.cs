using OracleNode.Web;

namespace OracleNode.Operator;

/// <summary>A document and its signature as they were read.</summary>
internal sealed record DocumentText(byte[] File, byte[] Signature);

/// <summary>Where a document and its signature are: two files, or two URLs.</summary>
internal sealed class DocumentLocation : IDisposable
{
    /// <summary>Nothing that is signed is longer.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const string SignatureSuffix = ".sig";
    private const int MaxSignatureBytes = 1024;

    private readonly string _location;
    private readonly Uri? _url;
    private readonly PageClient? _pages;
    private readonly PageClient? _signatures;
    private byte[]? _lastFile;
    private byte[]? _lastSignature;
    private (DateTime, long, DateTime, long)? _lastStamp;

    /// <param name="location">A path, relative to the working directory, or a URL.</param>
    /// <param name="timeout">How long a URL may take to answer.</param>
    public DocumentLocation(string location, TimeSpan timeout, TimeProvider time)
    {
        _location = location;
        if (!IsUrl(location, out _url)) return;
        _pages = new PageClient(timeout, MaxBytes, time);
        _signatures = new PageClient(timeout, MaxSignatureBytes, time);
    }

    public static bool IsUrl(string location, out Uri? url) =>
        Uri.TryCreate(location, UriKind.Absolute, out url) && url.Scheme is "http" or "https" && url?.UserInfo.Length == 0;

    public void Dispose()
    {
        _pages?.Dispose();
        _signatures?.Dispose();
    }

    /// <summary>Both, when either is another than at the last call; else null.</summary>
    /// <exception cref="DocumentException">They cannot be had.</exception>
    public async Task<DocumentText?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _pages is null ? ReadFiles() : await ReadPagesAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DocumentException($"'{_location}' or its signature '{_location}{SignatureSuffix}' cannot be read: {e.Message}");
        }
        catch (PageException e)
        {
            throw new DocumentException($"'{_location}' or its signature cannot be had: {e.Message}");
        }
    }

    /// <summary>Reads both again at the next call, whether or not they changed.</summary>
    public void Forget()
    {
        _lastStamp = null;
        (_lastFile, _lastSignature) = (null, null);
        _pages?.Forget();
        _signatures?.Forget();
    }

    private DocumentText? ReadFiles()
    {
        var (file, signature) = (new FileInfo(_location), new FileInfo(_location + SignatureSuffix));
        if (!file.Exists) throw new DocumentException($"there is no file '{file.FullName}'");
        if (!signature.Exists) throw new DocumentException($"there is no signature '{signature.FullName}'; make it with: operator sign");
        if (file.Length > MaxBytes || signature.Length > MaxSignatureBytes)
            throw new DocumentException($"'{_location}' has {file.Length} bytes and its signature {signature.Length}; at most {MaxBytes} and {MaxSignatureBytes} are read");
        var stamp = (file.LastWriteTimeUtc, file.Length, signature.LastWriteTimeUtc, signature.Length);
        if (stamp == _lastStamp) return null;
        var text = Keep(File.ReadAllBytes(file.FullName), File.ReadAllBytes(signature.FullName));
        _lastStamp = stamp;
        return text;
    }

    private async Task<DocumentText?> ReadPagesAsync(CancellationToken cancellationToken)
    {
        var file = await _pages!.GetAsync(_url!, null, cancellationToken) ?? _lastFile;
        var signature = await _signatures!.GetAsync(new UriBuilder(_url!) { Path = _url!.AbsolutePath + SignatureSuffix }.Uri, null, cancellationToken) ?? _lastSignature;
        if (file is not null && signature is not null) return Keep(file, signature);

        // "Not modified" for something that is not here.
        Forget();
        throw new DocumentException($"{_url!.Host} says that nothing changed although nothing was had before");
    }

    private DocumentText? Keep(byte[] file, byte[] signature)
    {
        var isSame = _lastFile is not null && file.AsSpan().SequenceEqual(_lastFile) && signature.AsSpan().SequenceEqual(_lastSignature);
        (_lastFile, _lastSignature) = (file, signature);
        return isSame ? null : new DocumentText(file, signature);
    }
}
