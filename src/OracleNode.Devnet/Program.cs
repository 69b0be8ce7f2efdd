using OracleNode.Run;

return await DevnetCommand.Create().Parse(args).InvokeAsync();
