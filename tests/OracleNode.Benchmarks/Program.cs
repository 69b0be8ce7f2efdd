using OracleNode;
using OracleNode.Pipeline;
using OracleNode.Pricing;
using OracleNode.Replay;
using OracleNode.Updates;
using OracleNode.Vendors;

// Without arguments everything runs. The pipeline goes first: its memory is the process's, and nothing else has run then.
string[] all = ["pipeline", "pass", "parse", "price", "sign", "plan", "parity", "replay"];
var chosen = args.Length == 0 ? all : args;
foreach (var name in chosen)
{
    if (all.Contains(name)) continue;
    Console.Error.WriteLine($"'{name}' is no benchmark; there are: {string.Join(", ", all)}. Without arguments all of them run.");
    return 2;
}

var table = new ResultTable();
if (chosen.Contains("pipeline")) await PipelineReport.RunAsync(table);
if (chosen.Contains("pass")) await PassReport.RunAsync(table);
if (chosen.Contains("parse")) MicroBenchmarks.Run<ParserBenchmarks>(table);
if (chosen.Contains("price")) MicroBenchmarks.Run<FeedBenchmarks>(table);
if (chosen.Contains("sign")) MicroBenchmarks.Run<BatchBenchmarks>(table);
if (chosen.Contains("plan")) MicroBenchmarks.Run<PlanBenchmarks>(table);
if (chosen.Contains("parity")) MicroBenchmarks.Run<ParityBenchmarks>(table);
if (chosen.Contains("replay")) await ReplayReport.RunAsync(table);
table.Print(Console.Out);
return 0;
