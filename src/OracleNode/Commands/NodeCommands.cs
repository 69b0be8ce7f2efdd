using System.CommandLine;

namespace OracleNode.Commands;

/// <summary>The verbs of the node: <c>run</c>, <c>check</c>, <c>keys new</c>.</summary>
internal static class NodeCommands
{
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

        var root = new RootCommand("OracleNode: prices of US equities, ETFs and tokenized stocks, signed and published to Solana, Arbitrum and Base.")
        {
            run,
            check,
            KeysCommand.Create(),
        };
        root.Options.Add(config);
        return root;
    }
}
