using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OracleNode.Chains;

/// <summary>Node, npm and the pinned packages of <c>src/onchain</c>: the compiler and the local chains.</summary>
internal sealed class NodeToolchain
{
    private const int OldestNode = 20;
    private const string InstallHint = "Install Node.js 20 or newer: on Debian or Ubuntu 'apt-get install nodejs npm', on macOS 'brew install node', else https://nodejs.org.";

    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(10);

    private readonly string _node;

    private NodeToolchain(string node, string repository)
    {
        _node = node;
        Repository = repository;
        Folder = Path.Combine(repository, "src", "onchain");
        Anvil = Path.Combine(Folder, "node_modules", "@foundry-rs", $"anvil-{Platform()}", "bin", OperatingSystem.IsWindows() ? "anvil.exe" : "anvil");
    }

    /// <summary>The repository's root.</summary>
    public string Repository { get; }

    /// <summary><c>src/onchain</c>, where the packages are.</summary>
    public string Folder { get; }

    /// <summary>The anvil executable.</summary>
    public string Anvil { get; }

    /// <summary>
    /// Finds Node and npm and installs the pinned packages when they are missing or the lock file has changed since. Several
    /// processes may call it at once: one installs, the others wait.
    /// </summary>
    /// <param name="report">Told what takes its time.</param>
    /// <exception cref="ChainException">Something is missing; the message says how to get it.</exception>
    public static async Task<NodeToolchain> PrepareAsync(Action<string>? report, CancellationToken cancellationToken)
    {
        var searchPath = Environment.GetEnvironmentVariable("PATH") ?? "";
        var node = Find("node", searchPath);
        var npm = Find("npm", searchPath);
        var tools = new NodeToolchain(node, RepositoryRoot.Find());
        await tools.RequireVersionAsync(cancellationToken);
        await tools.InstallAsync(npm, report, cancellationToken);
        return tools;
    }

    /// <summary>Runs a script with Node to its end.</summary>
    /// <returns>What it wrote last.</returns>
    /// <exception cref="ChainException">It failed; the message holds its last words.</exception>
    public Task<string> RunNodeAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        RunAsync($"node {string.Join(' ', arguments)}", _node, arguments, Folder, cancellationToken);

    private static string Platform()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "win32" : "linux";
        return $"{system}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}";
    }

    /// <summary>The first executable of a name in a list of folders.</summary>
    /// <exception cref="ChainException">There is none; the message says how to install it.</exception>
    internal static string Find(string program, string searchPath) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsExecutable)
        ?? throw new ChainException($"'{program}' is not on the PATH. {InstallHint}");

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static async Task<string> RunAsync(string name, string program, IReadOnlyList<string> arguments, string folder, CancellationToken cancellationToken)
    {
        await using var process = ChildProcess.Start(name, program, arguments, folder);
        var code = await process.WaitAsync(cancellationToken);
        if (code != 0) throw new ChainException(string.Create(CultureInfo.InvariantCulture, $"'{name}' ended with code {code}:{Environment.NewLine}{process.LastLines()}"));
        return process.LastLines();
    }

    private async Task RequireVersionAsync(CancellationToken cancellationToken)
    {
        var version = await RunAsync("node --version", _node, ["--version"], Repository, cancellationToken);
        var major = version.TrimStart('v').Split('.')[0];
        if (!int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < OldestNode)
        {
            throw new ChainException($"Node.js at {_node} is '{version}', older than {OldestNode}. {InstallHint}");
        }
    }

    private async Task InstallAsync(string npm, Action<string>? report, CancellationToken cancellationToken)
    {
        var modules = Path.Combine(Folder, "node_modules");
        var stamp = Path.Combine(modules, ".installed-from");
        var wanted = await FingerprintAsync(cancellationToken);
        if (await IsInstalledAsync(stamp, wanted, cancellationToken)) return;

        await using var installing = await ExclusiveFile.HoldAsync(
            Path.Combine(Repository, "artifacts", "npm-install.lock"), InstallTimeout, () => report?.Invoke("waiting for another process that installs the npm packages"), cancellationToken);
        if (await IsInstalledAsync(stamp, wanted, cancellationToken)) return;

        report?.Invoke("installing the pinned npm packages (once)");
        using var timeout = new CancellationTokenSource(InstallTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await RunAsync("npm install --ignore-scripts", npm, ["install", "--ignore-scripts", "--no-audit", "--no-fund"], Folder, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChainException($"'npm install --ignore-scripts' in {Folder} did not end within {InstallTimeout}. Run it by hand to see why.");
        }

        // npm drops a package whose download does not match its hash, and still ends with code 0.
        if (!IsExecutable(Anvil))
        {
            throw new ChainException($"npm install ended well, but {Anvil} is not there or not executable: its download was damaged, or this platform ({Platform()}) has no build. Run 'npm cache clean --force', remove {modules} and try again.");
        }

        await File.WriteAllTextAsync(stamp, wanted, cancellationToken);
    }

    private async Task<bool> IsInstalledAsync(string stamp, string wanted, CancellationToken cancellationToken) =>
        IsExecutable(Anvil) && File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellationToken) == wanted;

    private async Task<string> FingerprintAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (string[])["package.json", "package-lock.json"]) hash.AppendData(await File.ReadAllBytesAsync(Path.Combine(Folder, file), cancellationToken));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
