namespace OracleNode.Timekeeping;

/// <summary>What the node's clock is compared with.</summary>
public sealed class ClockOptions
{
    /// <summary>SNTP servers, <c>host</c> or <c>host:port</c> (123), up to 8; empty: none is asked. The median of those that answer counts, when more than half do.</summary>
    public List<string> Servers { get; set; } = [];

    /// <summary>How often they are asked. 16 s to 1 h; public pools want no more.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(64);

    /// <summary>How long an answer may take; also the longest round trip that is believed. 100 ms to 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the vendors' event times count. False only where market time is scaled (Devnet, replays of it).</summary>
    public bool CompareWithVendors { get; set; } = true;

    /// <summary>Whether the chains' block times count.</summary>
    public bool CompareWithChains { get; set; } = true;

    /// <summary>Every error, with key, value and what would be right.</summary>
    public IEnumerable<string> Validate(string key)
    {
        if (Servers.Count > SntpQuorum.MaxServers) yield return $"{key}:Servers has {Servers.Count}: at most {SntpQuorum.MaxServers}.";
        for (var i = 0; i < Servers.Count; i++)
        {
            if (!SntpServer.TryParse(Servers[i], out _)) yield return $"{key}:Servers:{i} = '{Servers[i]}': must be a host, or host:port.";
            else if (Servers.IndexOf(Servers[i]) != i) yield return $"{key}:Servers:{i} = '{Servers[i]}': occurs twice.";
        }

        if (Period < TimeSpan.FromSeconds(16) || Period > TimeSpan.FromHours(1)) yield return $"{key}:Period = '{Period}': must be 00:00:16 to 01:00:00.";
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromSeconds(10)) yield return $"{key}:Timeout = '{Timeout}': must be 00:00:00.1 to 00:00:10.";
    }
}
