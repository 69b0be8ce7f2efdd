using System.Linq.Expressions;
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace OracleNode;

/// <summary>What a benchmark is called in the table and what one operation of it covers.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MeasuresAttribute(string what) : Attribute
{
    public string What { get; } = what;

    /// <summary>Observations or records in one operation.</summary>
    public int Units { get; init; } = 1;

    /// <summary>Bytes that one operation may allocate; negative when none is set.</summary>
    public double MaxAllocated { get; init; } = -1;

    /// <summary>Units per second that one core must reach; 0 when none is set.</summary>
    public double MinUnitsPerSecond { get; init; }
}

/// <summary>Runs a class of benchmarks in this process, in short rounds of which the median counts: other work on the machine disturbs some of them.</summary>
internal static class MicroBenchmarks
{
    public static void Run<T>(ResultTable table)
    {
        Console.WriteLine($"{typeof(T).Name} ...");
        // Under the build's own output, so that nothing is written into the repository.
        var artifacts = Path.Combine(AppContext.BaseDirectory, "BenchmarkDotNet");
        Directory.CreateDirectory(artifacts);
        using var log = new StreamLogger(new StreamWriter(Path.Combine(artifacts, $"{typeof(T).Name}.log"), append: false));
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default
                .WithToolchain(InProcessEmitToolchain.Instance)
                .WithWarmupCount(5)
                .WithIterationCount(21)
                .WithIterationTime(TimeInterval.FromMilliseconds(60)))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(log)
            .WithArtifactsPath(artifacts);
        foreach (var report in BenchmarkRunner.Run<T>(config).Reports) Add(table, report);
    }

    /// <summary>
    /// Bytes that one operation allocates, counted on its own thread: what the process allocates beside it would make a
    /// nought look like something.
    /// </summary>
    private static double AllocatedBy(MethodInfo method)
    {
        const int Operations = 1_000;
        var instance = Activator.CreateInstance(method.DeclaringType!)!;
        var operation = Expression.Lambda<Action>(Expression.Call(Expression.Constant(instance), method)).Compile();
        for (var i = 0; i < Operations; i++) operation();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Operations; i++) operation();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        (instance as IDisposable)?.Dispose();
        return (double)allocated / Operations;
    }

    private static void Add(ResultTable table, BenchmarkReport report)
    {
        var method = report.BenchmarkCase.Descriptor.WorkloadMethod;
        var measures = method.GetCustomAttribute<MeasuresAttribute>() ?? throw new InvalidOperationException($"{method.Name} does not say what it measures.");
        if (!report.Success || report.ResultStatistics is not { } statistics)
        {
            throw new InvalidOperationException($"{method.DeclaringType!.Name}.{method.Name} failed; its log is beside the artifacts of the build.");
        }

        var allocated = AllocatedBy(method);
        var perSecond = measures.Units / statistics.Median * 1e9;
        table.Add(
            measures.What,
            ResultTable.Time(statistics.Median),
            measures.Units == 1 ? "" : $"{ResultTable.Time(statistics.Median / measures.Units)} ({ResultTable.Number(perSecond)}/s)",
            $"{ResultTable.Number(allocated)} B",
            measures.MinUnitsPerSecond > 0 ? ResultTable.Verdict($">= {ResultTable.Number(measures.MinUnitsPerSecond)}/s", perSecond >= measures.MinUnitsPerSecond)
            : measures.MaxAllocated >= 0 ? ResultTable.Verdict($"{measures.MaxAllocated} B", allocated <= measures.MaxAllocated)
            : "");
    }
}
