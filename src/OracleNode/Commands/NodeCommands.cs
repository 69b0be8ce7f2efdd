using System.CommandLine;

namespace OracleNode.Commands;

/// <summary>The verbs of the node: <c>run</c>, <c>check</c>, <c>health</c>, <c>keys new</c>, <c>replay</c>, <c>explain</c>.</summary>
internal static class NodeCommands
{
    /// <summary>Longer than the host's own time to stop, shorter than what a container is given.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(12);

    /// <summary>Runs one; SIGTERM and Ctrl-C end it in order.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args) => Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopTimeout });

    public static RootCommand Create()
    {
        var config = new Option<string>("--config")
        {
            Description = "Configuration file. Environment variables (OracleNode__Key__SubKey) win over it.",
            DefaultValueFactory = _ => "appsettings.json",
            Recursive = true,
        };

        var run = new Command("run", "Runs the node until it is stopped.");
        run.SetAction((parsed, cancellationToken) => RunCommand.RunAsync(parsed.GetRequiredValue(config), cancellationToken));

        var check = new Command("check", "Checks the configuration and the files it names, says every error at once, and sends nothing.");
        check.SetAction((parsed, _) => CheckCommand.RunAsync(parsed.GetRequiredValue(config), Console.Out, Console.Error));

        var health = new Command("health", "Asks the node that runs beside it whether it is ready: 0 yes, 1 no.");
        health.SetAction((parsed, cancellationToken) => HealthCommand.RunAsync(parsed.GetRequiredValue(config), Console.Out, Console.Error, cancellationToken));

        var root = new RootCommand("OracleNode: prices of US equities, ETFs and tokenized stocks, signed and published to Solana, Arbitrum and Base.")
        {
            run,
            check,
            health,
            KeysCommand.Create(),
            ReplayCommand.Create(config),
            ExplainCommand.Create(config),
        };
        root.Options.Add(config);
        return root;
    }
}
