using System.CommandLine;
using OracleNode;
using OracleNode.Commands;

// The default two seconds are fewer than the host has to stop in order.
return await NodeCommands.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = NodeHost.ShutdownTimeout + TimeSpan.FromSeconds(5) });
