namespace OracleNode.Vendors;

/// <summary>A secret that a reference names cannot be read. The message names the reference, never the secret.</summary>
public sealed class SecretUnavailableException(string message) : Exception(message);

/// <summary>
/// Where a secret is: <c>env:NAME</c> or <c>file:/path</c>. The configuration holds references only; the secret is read
/// when it is needed, so that a rotated one is found at the next attempt.
/// </summary>
public sealed class SecretReference
{
    private const string EnvironmentPrefix = "env:";
    private const string FilePrefix = "file:";
    private const int MaxSecretLength = 4096;

    private readonly string _reference;

    private SecretReference(string reference) => _reference = reference;

    /// <summary>Reads a reference; the secret itself is not looked at.</summary>
    public static bool TryParse(string? text, out SecretReference reference)
    {
        var valid = text is not null
            && ((text.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) && text.Length > EnvironmentPrefix.Length)
                || (text.StartsWith(FilePrefix, StringComparison.Ordinal) && Path.IsPathRooted(text[FilePrefix.Length..])));
        reference = new SecretReference(valid ? text! : string.Empty);
        return valid;
    }

    /// <summary>Reads a reference that is known to be one.</summary>
    /// <exception cref="FormatException">It is none. The message does not repeat it: it may be a secret.</exception>
    public static SecretReference Parse(string text) =>
        TryParse(text, out var reference) ? reference : throw new FormatException("A secret is given by reference, env:NAME or file:/absolute/path.");

    /// <summary>Reads the secret, without surrounding white space.</summary>
    /// <exception cref="SecretUnavailableException">Nothing there, or not one line of printable ASCII.</exception>
    public string Read()
    {
        var secret = (_reference.StartsWith(EnvironmentPrefix, StringComparison.Ordinal)
            ? Environment.GetEnvironmentVariable(_reference[EnvironmentPrefix.Length..])
            : ReadFile(_reference[FilePrefix.Length..]))?.Trim();
        if (string.IsNullOrEmpty(secret)) throw new SecretUnavailableException($"{_reference} is not set or empty.");
        foreach (var c in secret)
        {
            if (c is < ' ' or > '~') throw new SecretUnavailableException($"{_reference} is not one line of printable ASCII.");
        }

        return secret;
    }

    /// <summary>The reference, which is no secret.</summary>
    public override string ToString() => _reference;

    private string ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Length > MaxSecretLength) throw new SecretUnavailableException($"{_reference} has {file.Length} bytes; a secret has at most {MaxSecretLength}.");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretUnavailableException($"{_reference} cannot be read: {e.Message}");
        }
    }
}
