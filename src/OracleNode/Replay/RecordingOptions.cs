namespace OracleNode.Replay;

/// <summary>Whether and where the node writes its ordered log of inputs down.</summary>
public sealed class RecordingOptions
{
    /// <summary>Folder for the event files; empty: nothing is recorded.</summary>
    public string Folder { get; set; } = "";

    /// <summary>A file that has grown beyond this is closed and another one begun, bytes. 65536 (64 KiB) to 17179869184 (16 GiB).</summary>
    public long MaxFileBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>While the files together are larger than this, the oldest goes, bytes. At least <see cref="MaxFileBytes"/>.</summary>
    public long MaxTotalBytes { get; set; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Entries that may wait for the disk; what comes beyond is lost and the file says so. 1024 to 1048576.</summary>
    public int QueueLength { get; set; } = 65_536;

    public bool IsOn => Folder.Length > 0;

    /// <summary>Every error: key, value, what would be right.</summary>
    public IReadOnlyList<string> Validate(string path)
    {
        const long SmallestFile = 64 * 1024;
        const long LargestFile = 16L * 1024 * 1024 * 1024;
        var errors = new List<string>();
        if (MaxFileBytes is < SmallestFile or > LargestFile) errors.Add($"{path}:MaxFileBytes = '{MaxFileBytes}': must be {SmallestFile} to {LargestFile}.");
        if (MaxTotalBytes < MaxFileBytes) errors.Add($"{path}:MaxTotalBytes = '{MaxTotalBytes}': must be at least MaxFileBytes ({MaxFileBytes}).");
        if (QueueLength is < 1024 or > 1_048_576) errors.Add($"{path}:QueueLength = '{QueueLength}': must be 1024 to 1048576.");
        return errors;
    }
}
