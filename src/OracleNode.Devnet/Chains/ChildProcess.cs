using System.Collections.Concurrent;
using System.Diagnostics;

namespace OracleNode.Chains;

/// <summary>
/// A process of ours that ends with us: when it is disposed, and also when this process is killed. A small shell stands
/// between the two; it waits for its standard input to end, which the kernel does for a dead parent, and then kills exactly its child.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // Lines of output kept, to say what went wrong.
    private const int LinesKept = 40;

    // A terminal's interrupt goes to every process of its group. The child gets a session of its own, so that it is we who end
    // it, in our order. The shell leaves it unreaped until the watcher is gone, so its number cannot have passed to another.
    private const string Guard = """
        trap '' INT
        exec 3<&0
        if command -v setsid >/dev/null 2>&1; then setsid "$@" </dev/null 3<&- & else "$@" </dev/null 3<&- & fi
        child=$!
        (cat <&3 >/dev/null; kill -9 "$child" 2>/dev/null) >/dev/null 2>&1 &
        watcher=$!
        wait "$child"
        code=$?
        kill "$watcher" 2>/dev/null
        exit "$code"
        """;

    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly string _name;
    private readonly Action<string>? _onLine;
    private readonly Task _output;
    private readonly Task _errors;

    private ChildProcess(string name, Process process, Action<string>? onLine)
    {
        _name = name;
        _process = process;
        _onLine = onLine;
        Exited = process.WaitForExitAsync();
        _output = DrainAsync(process.StandardOutput);
        _errors = DrainAsync(process.StandardError);
    }

    /// <summary>Completes when the process has ended, for whatever reason.</summary>
    public Task Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="program">Path of the executable.</param>
    /// <param name="arguments">Its arguments, as they are.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="onLine">Sees each line of its output, on a thread of the pool.</param>
    /// <exception cref="ChainException">It cannot be started.</exception>
    public static ChildProcess Start(string name, string program, IReadOnlyList<string> arguments, string workingDirectory, Action<string>? onLine = null)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["-c", Guard, name, program, .. arguments]) start.ArgumentList.Add(argument);
        try
        {
            return new ChildProcess(name, Process.Start(start)!, onLine);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ChainException($"{name} cannot be started through /bin/sh: {e.Message}", e);
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await Task.WhenAll(_output, _errors).WaitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>The last lines it wrote.</summary>
    public string LastLines() => string.Join(Environment.NewLine, _lines);

    /// <summary>Kills the process, and only it, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The pipe is broken because the shell has ended: the goal is reached.
        }

        using var timeout = new CancellationTokenSource(ExitTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => _name;

    private async Task DrainAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                _lines.Enqueue(line);
                while (_lines.Count > LinesKept) _lines.TryDequeue(out _);
                _onLine?.Invoke(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The stream goes away with the process.
        }
    }
}
