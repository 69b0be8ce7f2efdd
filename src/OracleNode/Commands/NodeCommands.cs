using System.CommandLine;

namespace OracleNode.Commands;

/// <summary>The verbs of the node: <c>run</c>, <c>check</c>, <c>health</c>, <c>verify</c>, <c>deploy</c>, <c>replay</c>, <c>explain</c>, <c>operator sign</c>, <c>keys</c>.</summary>
internal static class NodeCommands
{
    /// <summary>Longer than the host's own time to stop, shorter than what a container is given.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(12);

    /// <summary>Runs one; SIGTERM and Ctrl-C end it in order.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopTimeout });

        // The parser says 1 for what it does not understand; from verify that would mean a price that does not hold.
        return parsed.Errors.Count > 0 && parsed.CommandResult.Command.Name == VerifyCommand.Name ? VerifyCommand.NothingVerified : code;
    }

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

        var online = new Option<bool>("--online") { Description = "Asks every chain, too, whether what stands there is what the node would publish to." };
        var check = new Command("check", "Checks the configuration and the files it names, says every error at once, and sends nothing.") { online };
        check.SetAction((parsed, cancellationToken) => CheckCommand.RunAsync(parsed.GetRequiredValue(config), parsed.GetValue(online), Console.Out, Console.Error, cancellationToken));

        var health = new Command("health", "Asks the node that runs beside it whether it is ready: 0 yes, 1 no.");
        health.SetAction((parsed, cancellationToken) => HealthCommand.RunAsync(parsed.GetRequiredValue(config), Console.Out, Console.Error, cancellationToken));

        var root = new RootCommand("OracleNode: prices of US equities, ETFs and tokenized stocks, signed and published to Solana, Arbitrum and Base.")
        {
            run,
            check,
            health,
            VerifyCommand.Create(config),
            DeployCommand.Create(config),
            KeysCommand.Create(config),
            ReplayCommand.Create(config),
            ExplainCommand.Create(config),
            OperatorCommands.Create(),
        };
        root.Options.Add(config);
        return root;
    }
}
