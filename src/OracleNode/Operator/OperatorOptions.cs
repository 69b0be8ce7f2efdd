namespace OracleNode.Operator;

/// <summary>Documents that operators sign and a running node takes over. Without keys none is looked at.</summary>
public sealed class OperatorOptions
{
    /// <summary>Ed25519 public keys, 64 hex digits each (as <c>keys new</c> prints them): whoever holds one of them may instruct the node.</summary>
    public List<string> PublicKeys { get; set; } = [];

    /// <summary>The listing market's calendar, or both markets' in one file: a path or an http(s) URL; its signature is beside it with <c>.sig</c> appended. Empty: not watched.</summary>
    public string Calendar { get; set; } = "";

    /// <summary>The overnight venue's calendar, the same way.</summary>
    public string OvernightCalendar { get; set; } = "";

    /// <summary>Operators' commands, the same way.</summary>
    public string Commands { get; set; } = "";

    /// <summary>Corporate actions that operators vouch for, the same way.</summary>
    public string CorporateActions { get; set; } = "";

    /// <summary>
    /// File in which the node keeps which edition of commands and corporate actions it took over last, so that an older signed one is refused after a restart; made
    /// when it is not there. One for each node, in a folder that outlives the process. Required with either.
    /// </summary>
    public string StateFile { get; set; } = "";

    /// <summary>How often they are looked at. 1 s to 1 h.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a URL may take to answer. 100 ms to 1 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>True when documents are looked at.</summary>
    public bool IsOn => PublicKeys.Count > 0;

    /// <summary>Every error, with key, value and what would be right.</summary>
    public IEnumerable<string> Validate(string key)
    {
        for (var i = 0; i < PublicKeys.Count; i++)
            if (!DocumentSignature.TryParseKey(PublicKeys[i], out _))
                yield return $"{key}:PublicKeys:{i} = '{PublicKeys[i]}': must be an Ed25519 public key as 64 hex digits, as 'keys new' prints it.";
        foreach (var (name, location) in new[] { ("Calendar", Calendar), ("OvernightCalendar", OvernightCalendar), ("Commands", Commands), ("CorporateActions", CorporateActions) })
        {
            if (location.Length == 0) continue;
            if (!IsOn) yield return $"{key}:{name} = '{location}': needs {key}:PublicKeys, else nobody could say that it is genuine.";
            if (location.Contains("://", StringComparison.Ordinal) && !DocumentLocation.IsUrl(location, out _))
                yield return $"{key}:{name} = '{location}': must be a path, or an http(s) URL without user name.";
        }

        if (Calendar.Length + OvernightCalendar.Length + Commands.Length + CorporateActions.Length > 0 && StateFile.Length == 0)
            yield return $"{key}:StateFile is missing: a file that this node may write, without which an older signed document would be taken over after a restart.";
        if (Period < TimeSpan.FromSeconds(1) || Period > TimeSpan.FromHours(1)) yield return $"{key}:Period = '{Period}': must be 00:00:01 to 01:00:00.";
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(1)) yield return $"{key}:Timeout = '{Timeout}': must be 00:00:00.1 to 00:01:00.";
    }
}
