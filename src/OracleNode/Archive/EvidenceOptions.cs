namespace OracleNode.Archive;

/// <summary>Whether and where the node keeps what it signed and why.</summary>
public sealed class EvidenceOptions
{
    /// <summary>SQLite file; empty: nothing is kept.</summary>
    public string File { get; set; } = "";

    /// <summary>Batches older than this go, days. 1 to 3650.</summary>
    public int RetentionDays { get; set; } = 30;

    /// <summary>While the file is larger than this the oldest batches go, bytes. At least 1048576 (1 MiB).</summary>
    public long MaxBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Bytes of batches that may wait for the disk; what comes beyond is not kept. At least 1048576 (1 MiB), at most 1073741824 (1 GiB).</summary>
    public long MaxQueuedBytes { get; set; } = 64L * 1024 * 1024;

    public bool IsOn => File.Length > 0;

    /// <summary>Every error: key, value, what would be right.</summary>
    public IReadOnlyList<string> Validate(string path)
    {
        const long Mebibyte = 1024 * 1024;
        var errors = new List<string>();
        if (RetentionDays is < 1 or > 3650) errors.Add($"{path}:RetentionDays = '{RetentionDays}': must be 1 to 3650.");
        if (MaxBytes < Mebibyte) errors.Add($"{path}:MaxBytes = '{MaxBytes}': must be at least {Mebibyte}.");
        if (MaxQueuedBytes is < Mebibyte or > 1024 * Mebibyte) errors.Add($"{path}:MaxQueuedBytes = '{MaxQueuedBytes}': must be {Mebibyte} to {1024 * Mebibyte}.");
        return errors;
    }
}
