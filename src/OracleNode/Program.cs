using OracleNode.Commands;

return await NodeCommands.RunAsync(args);
