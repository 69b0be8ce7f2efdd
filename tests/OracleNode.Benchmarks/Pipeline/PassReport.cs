using System.Globalization;

namespace OracleNode.Pipeline;

/// <summary>
/// What one pass costs by how much it brings, with nothing beside it: feeding and passing take turns on one thread. In CPU time, since other work on the
/// machine stretches the clock's. How long a pass takes is how long an observation waits, so this is where the latency of <see cref="PipelineReport"/> comes from.
/// </summary>
internal static class PassReport
{
    private const int Rounds = 9;

    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(ResultTable table)
    {
        Console.WriteLine("Passes ...");
        using var rig = new PipelineRig();
        await rig.TakeTurnsAsync(() =>
        {
            Measure(rig, 1_000, WarmUp);
            var reports = new List<double>();
            foreach (var observations in new[] { 0, 256, 1_000, 4_000 })
            {
                double[] rounds = [.. Enumerable.Range(0, Rounds).Select(_ => Measure(rig, observations, Round, reports)).Order()];
                Add(table, string.Create(CultureInfo.InvariantCulture, $"One pass over {observations:N0} observations, CPU time"), rounds);
            }

            Add(table, "One that makes a snapshot for health besides", [.. reports.Order()]);
        });
    }

    private static void Add(ResultTable table, string what, double[] sorted) =>
        table.Add(what, ResultTable.Time(sorted[sorted.Length / 2]), $"{ResultTable.Time(sorted[0])} to {ResultTable.Time(sorted[^1])}");

    /// <summary>CPU nanoseconds of one pass that brings so much and makes no snapshot, on average over the time; of each that makes one, into <paramref name="reports"/>.</summary>
    private static double Measure(PipelineRig rig, int observations, TimeSpan cpu, List<double>? reports = null)
    {
        var (spent, passes, frame) = (TimeSpan.Zero, 0, 0);
        while (spent < cpu)
        {
            for (var fed = 0; fed < observations; frame++)
            {
                // Of the two streams in turn, as much of each as at the pace of the pipeline's measurement.
                var feeder = rig.Feeders[frame % 3 == 2 ? 1 : 0];
                feeder.Feed();
                fed += feeder.ObservationsPerFrame;
            }

            var before = Environment.CpuUsage.TotalTime;
            var pass = rig.PassOnce();
            var took = Environment.CpuUsage.TotalTime - before;
            if (pass.Reported)
            {
                reports?.Add(took.TotalNanoseconds);
                continue;
            }

            spent += took;
            passes++;
        }

        return spent.TotalNanoseconds / passes;
    }
}
