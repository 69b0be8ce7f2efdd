using OracleNode.Commands;

return await NodeCommands.Create().Parse(args).InvokeAsync();
