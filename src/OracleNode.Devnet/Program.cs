using System.CommandLine;
using OracleNode.Run;

// The default two seconds would end the process amid its own cleaning up on a slow machine.
return await DevnetCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
