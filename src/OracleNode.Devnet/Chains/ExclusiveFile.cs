using System.Diagnostics;

namespace OracleNode.Chains;

/// <summary>A file that one process at a time can hold, so that two of them do not install the same thing at once.</summary>
internal static class ExclusiveFile
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for the file and holds it until what this returns is disposed. The kernel frees it when its holder dies.</summary>
    /// <param name="path">The file; its folder is made if need be.</param>
    /// <param name="timeout">How long to wait at most.</param>
    /// <param name="waiting">Told once when another holds it.</param>
    /// <exception cref="ChainException">Another held it all the time.</exception>
    public static async Task<FileStream> HoldAsync(string path, TimeSpan timeout, Action? waiting, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var started = Stopwatch.GetTimestamp();
        for (var told = false; ; told = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e)
            {
                if (Stopwatch.GetElapsedTime(started) > timeout) throw new ChainException($"{path} is still held by another process after {timeout}: {e.Message}", e);
                if (!told) waiting?.Invoke();
                await Task.Delay(Poll, cancellationToken);
            }
        }
    }
}
