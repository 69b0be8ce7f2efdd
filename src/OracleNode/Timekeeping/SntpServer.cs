using System.Globalization;

namespace OracleNode.Timekeeping;

/// <summary>Where a time server is.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">UDP port.</param>
internal sealed record SntpServer(string Host, int Port)
{
    private const int DefaultPort = 123;

    /// <summary>Reads <c>host</c>, <c>host:port</c> or <c>[v6]:port</c>.</summary>
    public static bool TryParse(string text, out SntpServer server)
    {
        server = null!;
        var (host, port) = (text, DefaultPort);
        var colon = text.LastIndexOf(':');
        if (colon >= 0 && text.IndexOf(':', StringComparison.Ordinal) == colon || text.StartsWith('[') && text.Contains("]:", StringComparison.Ordinal))
        {
            host = text[..colon];
            if (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65_535) return false;
        }

        host = host.Trim('[', ']');
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) return false;
        server = new SntpServer(host, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Port == DefaultPort ? Host : $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";
}
